// `init`: a domain begins.

#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/present.h"

namespace rujukan::admin {
namespace {

struct FoundOptions {
  std::string domain;
  std::string broker_identity;
  std::string name;
};

Result<std::string> Found(const Office& office, const FoundOptions& options) {
  ASSIGN_OR_RETURN(std::string passphrase, office.Passphrase());
  const std::string name = options.name.empty() ? "Admin " + options.domain : options.name;
  ASSIGN_OR_RETURN(const DomainFile domain,
                   InitDomain({options.domain,
                               office.options().home,
                               options.broker_identity,
                               name,
                               std::move(passphrase)},
                              office.Now()));
  return PresentInit(domain, office.options().home, options.broker_identity, office.json());
}

}  // namespace

void AddFoundCommands(CommandSet& set) {
  const auto options = std::make_shared<FoundOptions>();
  CLI::App* init = set.AddOffline(
      "init", "Found a domain: keys, certificates, genesis", [options](const Office& office) {
        return Found(office, *options);
      });
  init->add_option("--domain", options->domain, "DNS-like name: lampung.example")->required();
  init->add_option("--broker-identity", options->broker_identity, "Folder for the broker")
      ->required();
  init->add_option("--name", options->name, "Official name of the first admin");
}

}  // namespace rujukan::admin
