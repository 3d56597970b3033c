// `init`: a domain begins.

#include <fstream>
#include <memory>
#include <sstream>

#include "agents/admin/commands.h"
#include "agents/admin/present.h"
#include "base/limits.h"
#include "ledger/policy_text.h"

namespace rujukan::admin {
namespace {

struct FoundOptions {
  std::string domain;
  std::string broker_identity;
  std::string name;
  std::string policy;
  bool no_policy = false;
  std::string token;
};

Result<std::string> PolicyFor(const FoundOptions& options) {
  if (options.no_policy) {
    return std::string();
  }
  if (options.policy.empty()) {
    return std::string(ledger::DefaultPolicyText());
  }
  std::ifstream file(options.policy, std::ios::binary);
  if (!file) {
    return Fail(Errc::kNotFound, options.policy + " cannot be read");
  }
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().empty()) {
    return Fail(Errc::kInvalid,
                options.policy + " is empty; to begin without a policy say --no-policy");
  }
  return text.str();
}

Result<std::string> Found(const Office& office, const FoundOptions& options) {
  NewDomain request;
  ASSIGN_OR_RETURN(request.passphrase, office.Passphrase());
  ASSIGN_OR_RETURN(request.policy, PolicyFor(options));
  request.domain = options.domain;
  request.home = office.options().home;
  request.broker_identity = options.broker_identity;
  request.official_name = options.name.empty() ? "Admin " + options.domain : options.name;
  request.token = options.token;
  ASSIGN_OR_RETURN(const link::DomainFile domain, InitDomain(request, office.Now()));
  return PresentInit(domain, request.home, request.broker_identity, office.json());
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
  init->add_option("--policy", options->policy, "Who may refer what to whom, instead of the usual");
  init->add_flag("--no-policy", options->no_policy, "Begin without: all may write to all")
      ->excludes("--policy");
  init->add_option("--token",
                   options->token,
                   "pkcs11:token=NAME: make root, issuing and admin key in this token; the "
                   "passphrase is its PIN, RUJUKAN_PKCS11_MODULE its module");
  init->footer(
      "Example:\n"
      "  rujukan-admin init --domain lampung.example --home admin --broker-identity broker-id\n"
      "Then move admin/root.key offline, and start the broker with broker-id.");
}

}  // namespace rujukan::admin
