// `recover`, `issuing renew`: what the root key mends.

#include <fmt/format.h>

#include <memory>

#include "agents/admin/answers.h"
#include "agents/admin/governing.h"
#include "agents/admin/input_file.h"
#include "agents/admin/issuing_renewal.h"
#include "agents/admin/recovery.h"
#include "base/limits.h"
#include "certs/keyfile.h"

namespace rujukan::admin {
namespace {

struct RecoverOptions {
  std::string root;
  std::string root_passphrase_file;
  std::string domain_file;
  std::string address;
  std::string name;
  std::string reason = "KEY_COMPROMISE";
  std::vector<std::string> revoke;
  bool new_issuing = false;
  bool one_admin = false;
};

// The root's own, or the one of the home.
Result<std::string> RootPassphrase(const Office& office, const RecoverOptions& options) {
  if (options.root_passphrase_file.empty()) {
    return office.Passphrase();
  }
  ASSIGN_OR_RETURN(const std::string text, certs::ReadSecretFile(options.root_passphrase_file));
  return text.substr(0, text.find_first_of("\r\n"));
}

Result<RootKey> OpenRoot(const Office& office,
                         const RecoverOptions& options,
                         const link::DomainFile& domain) {
  ASSIGN_OR_RETURN(const std::string passphrase, RootPassphrase(office, options));
  return LoadRoot(options.root, passphrase, domain.root_fingerprint);
}

Result<link::DomainFile> ReadPins(const Office& office, const RecoverOptions& options) {
  ASSIGN_OR_RETURN(const std::string json,
                   ReadInput(options.domain_file, limits::kSecretFileBytesMax));
  ASSIGN_OR_RETURN(link::DomainFile domain, link::DomainFile::FromJson(json));
  domain.admin = options.address;
  const CommonOptions& told = office.options();
  if (!told.endpoints_file.empty()) {
    ASSIGN_OR_RETURN(const link::Endpoints endpoints, link::ReadEndpointsFile(told.endpoints_file));
    domain.broker = endpoints.broker;
    domain.enrol = endpoints.enrol;
  }
  domain.broker = told.broker.empty() ? domain.broker : told.broker;
  domain.enrol = told.enrol.empty() ? domain.enrol : told.enrol;
  return domain;
}

Result<v1::RevocationReason::Code> ParseReason(const std::string& text) {
  v1::RevocationReason::Code reason = v1::RevocationReason::UNSPECIFIED;
  if (!v1::RevocationReason::Code_Parse(text, &reason) ||
      reason == v1::RevocationReason::UNSPECIFIED) {
    return Fail(Errc::kInvalid,
                "--reason is KEY_COMPROMISE, CESSATION, AFFILIATION_CHANGED, MISCONDUCT or "
                "SUPERSEDED");
  }
  return reason;
}

std::string SayRecovered(const Recovery& recovery, const Recovered& done, bool json) {
  if (json) {
    return ToText(Json{{"admin", recovery.domain.admin},
                       {"home", recovery.home},
                       {"index", done.index},
                       {"revoked", recovery.revoke},
                       {"admin_fingerprint", done.admin_fingerprint},
                       {"issuing_fingerprint", done.issuing_fingerprint}});
  }
  std::string text = fmt::format("{} is an admin: entry {} of the ledger. Home: {}\n",
                                 recovery.domain.admin,
                                 done.index,
                                 recovery.home);
  for (const std::string& address : recovery.revoke) {
    text += fmt::format("  {} is revoked\n", address);
  }
  if (!done.issuing_fingerprint.empty()) {
    text += fmt::format("  a new issuing CA is in force, SHA-256 {}\n", done.issuing_fingerprint);
  }
  return text +
         fmt::format("Put the root key away again, then look:  rujukan-admin doctor --home {}\n",
                     recovery.home);
}

Result<Answer> RecoverDomain(const Office& office,
                             const RecoverOptions& options,
                             const RootDoor& door) {
  Recovery recovery;
  ASSIGN_OR_RETURN(recovery.domain, ReadPins(office, options));
  ASSIGN_OR_RETURN(const RootKey root, OpenRoot(office, options, recovery.domain));
  ASSIGN_OR_RETURN(recovery.reason, ParseReason(options.reason));
  ASSIGN_OR_RETURN(recovery.passphrase, office.Passphrase());
  ASSIGN_OR_RETURN(recovery.issuing_passphrase, RootPassphrase(office, options));
  recovery.home = office.options().home;
  recovery.official_name = options.name.empty() ? "Admin " + recovery.domain.domain : options.name;
  recovery.revoke = options.revoke;
  recovery.new_issuing = options.new_issuing;
  recovery.issuing_home = options.root;
  recovery.one_admin = options.one_admin;
  ASSIGN_OR_RETURN(const Recovered done, Recover(recovery, root, door, office.Now()));
  return SayRecovered(recovery, done, office.json());
}

Result<Answer> RenewTheIssuing(const Office& office,
                               const RecoverOptions& options,
                               const RootDoor& door) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const RootKey root, OpenRoot(office, options, desk.authority.domain));
  IssuingRenewal renewal;
  renewal.home = office.options().home;
  renewal.domain = desk.authority.domain;
  ASSIGN_OR_RETURN(renewal.passphrase, office.Passphrase());
  ASSIGN_OR_RETURN(const RenewedIssuing done,
                   RenewIssuing(renewal, root, desk.directory, door, office.Now()));
  if (office.json()) {
    Json answer{{"issuing_fingerprint", done.fingerprint}};
    answer["index"] = done.index ? Json(*done.index) : Json();
    return ToText(answer);
  }
  return fmt::format(
      "A new issuing CA is in force, SHA-256 {}{}\n"
      "Certificates of the former one count until they end. Whoever else issues (other admins, "
      "the\n"
      "registrar) needs issuing.key and issuing.crt of {}.\n",
      done.fingerprint,
      done.index ? fmt::format(": entry {} of the ledger", *done.index) : std::string(),
      renewal.home);
}

void AddRoot(CLI::App* command, RecoverOptions& options) {
  command->add_option("--root", options.root, "Folder with root.key and root.crt, or the key file")
      ->required();
  command->add_option("--root-passphrase-file",
                      options.root_passphrase_file,
                      "Of the root key (or its token's PIN), if it has another one");
}

}  // namespace

void AddRecoveryCommands(CommandSet& set, const RootDoor& door) {
  const auto options = std::make_shared<RecoverOptions>();
  CLI::App* recover = set.AddOnline(
      "recover",
      "Appoint a new admin with the root key, when the others are lost\n"
      "  rujukan-admin recover --root /media/root --home admin-02 --domain-file domain.json \\\n"
      "    --address admin.02@lampung.example --revoke admin.01@lampung.example --new-issuing",
      [options, door](const Office& office) { return RecoverDomain(office, *options, door); });
  AddRoot(recover, *options);
  recover->add_option("--domain-file", options->domain_file, "domain.json of any admin's home")
      ->required();
  recover->add_option("--address", options->address, "Of the new admin")->required();
  recover->add_option("--name", options->name, "Official name of the new admin");
  recover->add_option("--revoke", options->revoke, "Take this member out first; repeatable");
  recover->add_option("--reason", options->reason, "Of the revocations")->capture_default_str();
  recover->add_flag(
      "--new-issuing", options->new_issuing, "The issuing key is lost or stolen, too");
  recover->add_flag("--one-admin", options->one_admin, "Turn the two-admin rule off");

  const auto renewal = std::make_shared<RecoverOptions>();
  CLI::App* renew = set.AddOnlineTo(
      set.Group("issuing", "The issuing CA: renew"),
      "renew",
      "Put a new issuing CA in the place of one that ends\n"
      "  rujukan-admin issuing renew --root /media/root --home admin",
      [renewal, door](const Office& office) { return RenewTheIssuing(office, *renewal, door); });
  AddRoot(renew, *renewal);
}

}  // namespace rujukan::admin
