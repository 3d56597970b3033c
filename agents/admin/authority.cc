#include "agents/admin/authority.h"

#include <filesystem>

#include "agents/link/durable_file.h"
#include "base/address.h"
#include "certs/batch.h"
#include "certs/hash.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/token.h"
#include "ledger/checkpoint.h"
#include "ledger/policy_example.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kDay = 24LL * 3600 * 1000;
constexpr UnixMillis kYear = 365 * kDay;
// A broker whose clock lags still finds the certificates valid.
constexpr UnixMillis kBackdate = kDay;
constexpr char kFirstAdmin[] = "admin.01";
// Labels of the keys in a token.
constexpr char kRootObject[] = "rujukan-root";
constexpr char kIssuingObject[] = "rujukan-issuing";
constexpr char kAdminObject[] = "rujukan-admin";

certs::Validity ValidFor(UnixMillis now, int years) {
  return {now - kBackdate, now + years * kYear};
}

// A half-made domain also counts: its keys must not be overwritten.
Result<void> RequireUnused(const std::string& folder, const char* file) {
  std::error_code error;
  if (std::filesystem::exists(folder + "/" + file, error)) {
    return Fail(Errc::kConflict,
                folder + " holds a domain already (" + file +
                    "); keys are never overwritten. Name another folder");
  }
  // It is made private and moved or backed up as a whole: not somebody's folder of other things.
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    return Fail(Errc::kConflict,
                folder + " is not an empty folder; name a new one for the keys alone");
  }
  return {};
}

std::string UriOf(const std::string& token, const char* object) {
  return token + ";object=" + object + ";type=private";
}

Result<certs::PrivateKey> MakeKey(const NewDomain& request, const char* object) {
  if (request.token.empty()) {
    return certs::PrivateKey::Generate();
  }
  return certs::GenerateInToken(UriOf(request.token, object), request.passphrase);
}

// Everything made before the first file is written. What a token was made to hold stays in it.
struct Material {
  certs::PrivateKey root_key;
  certs::PrivateKey issuing_key;
  certs::PrivateKey admin_key;
  certs::TransportKeyPair admin_transport = certs::GenerateTransportKeyPair();
  certs::TransportKeyPair broker_transport = certs::GenerateTransportKeyPair();
  certs::Ed25519Key log_key = certs::Ed25519Key::Generate();
};

Result<Material> MakeMaterial(const NewDomain& request) {
  ASSIGN_OR_RETURN(auto root_key, MakeKey(request, kRootObject));
  ASSIGN_OR_RETURN(auto issuing_key, MakeKey(request, kIssuingObject));
  ASSIGN_OR_RETURN(auto admin_key, MakeKey(request, kAdminObject));
  return Material{std::move(root_key), std::move(issuing_key), std::move(admin_key)};
}

struct Certificates {
  certs::Certificate root;
  certs::Certificate issuing;
  certs::Certificate admin;
};

Result<Certificates> Certify(const Material& made, const link::DomainFile& domain, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto root,
                   certs::MakeRoot(made.root_key, domain.domain, ValidFor(now, 10)));
  ASSIGN_OR_RETURN(
      const auto issuing,
      certs::MakeIssuing(
          {root, made.root_key}, made.issuing_key.Public(), domain.domain, ValidFor(now, 5)));
  ASSIGN_OR_RETURN(
      const auto admin,
      certs::IssueLeaf(
          {issuing, made.issuing_key},
          {made.admin_key.Public(), domain.admin, certs::Usage::kSigning, ValidFor(now, 1)}));
  return Certificates{root, issuing, admin};
}

v1::GenesisRecorded Found(const NewDomain& request,
                          const link::DomainFile& domain,
                          const Material& made,
                          const Certificates& issued,
                          UnixMillis now) {
  v1::Genesis genesis;
  genesis.set_version(1);
  genesis.set_domain(domain.domain);
  genesis.set_created_at_ms(now);
  genesis.set_root_certificate(issued.root.der());
  genesis.set_issuing_certificate(issued.issuing.der());
  genesis.set_log_vkey(domain.log_vkey);
  genesis.set_broker_transport_key(domain.broker_transport_key.str());
  genesis.set_policy(request.policy);
  v1::Admit& admin = *genesis.mutable_first_admin();
  admin.set_address(domain.admin);
  admin.set_official_name(request.official_name);
  admin.set_signing_certificate(issued.admin.der());
  admin.set_transport_key(made.admin_transport.public_key.str());
  v1::GenesisRecorded recorded;
  recorded.set_genesis(genesis.SerializeAsString());
  recorded.set_signature(
      made.root_key.Sign(std::string(certs::kGenesisContext) + recorded.genesis()));
  return recorded;
}

Result<void> CheckPolicy(const std::string& document) {
  if (document.empty()) {
    return {};
  }
  ASSIGN_OR_RETURN(const ledger::Policy policy, ledger::ParsePolicy(document));
  const auto failures = ledger::CheckExamples(policy);
  if (!failures.empty()) {
    return Fail(Errc::kInvalid,
                "the policy contradicts its own example: " + failures.front().ToString());
  }
  return {};
}

// A key of the home: in its file, or where the file says it is.
Result<void> WriteKey(const NewDomain& request,
                      const std::string& file,
                      const certs::PrivateKey& key,
                      const char* object) {
  const std::string path = request.home + "/" + file;
  return request.token.empty() ? certs::WriteKeyFile(path, key, request.passphrase)
                               : certs::WriteTokenReference(path, UriOf(request.token, object));
}

Result<void> WriteHome(const NewDomain& request, const Material& made, const Certificates& issued) {
  const std::string& home = request.home;
  RETURN_IF_ERROR(link::MakePrivateFolder(home));
  RETURN_IF_ERROR(WriteKey(request, "root.key", made.root_key, kRootObject));
  RETURN_IF_ERROR(WriteKey(request, "issuing.key", made.issuing_key, kIssuingObject));
  RETURN_IF_ERROR(WriteKey(request, "admin.key", made.admin_key, kAdminObject));
  RETURN_IF_ERROR(certs::WriteRawKeyFile(
      home + "/transport.key", link::kTransportKeyLabel, made.admin_transport.secret_key));
  RETURN_IF_ERROR(link::WriteDurably(home + "/root.crt", issued.root.Pem()));
  RETURN_IF_ERROR(link::WriteDurably(home + "/issuing.crt", issued.issuing.Pem()));
  return link::WriteDurably(home + "/admin.crt", issued.admin.Pem());
}

Result<void> WriteBrokerIdentity(const std::string& folder,
                                 const Material& made,
                                 const v1::GenesisRecorded& genesis,
                                 const std::string& vkey) {
  RETURN_IF_ERROR(link::MakePrivateFolder(folder));
  RETURN_IF_ERROR(certs::WriteRawKeyFile(folder + "/log.key", kLogKeyLabel, made.log_key.seed()));
  RETURN_IF_ERROR(certs::WriteRawKeyFile(
      folder + "/transport.key", link::kTransportKeyLabel, made.broker_transport.secret_key));
  RETURN_IF_ERROR(link::WriteDurably(folder + "/vkey", vkey + "\n"));
  return link::WriteDurably(folder + "/genesis.pb", genesis.SerializeAsString());
}

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace

Result<link::DomainFile> InitDomain(const NewDomain& request, UnixMillis now) {
  link::DomainFile domain;
  domain.domain = request.domain;
  domain.admin = std::string(kFirstAdmin) + "@" + request.domain;
  RETURN_IF_ERROR(AgencyAddress::Parse(domain.admin));
  RETURN_IF_ERROR(RequireUnused(request.home, "root.key"));
  RETURN_IF_ERROR(RequireUnused(request.broker_identity, "log.key"));

  RETURN_IF_ERROR(CheckPolicy(request.policy));
  ASSIGN_OR_RETURN(const Material made, MakeMaterial(request));
  ASSIGN_OR_RETURN(const auto log,
                   ledger::NoteSigner::Make(ledger::OriginOf(request.domain), made.log_key));
  domain.log_vkey = log.verifier().ToVkey();
  domain.broker_transport_key = made.broker_transport.public_key;
  ASSIGN_OR_RETURN(const Certificates issued, Certify(made, domain, now));
  domain.root_fingerprint = certs::Sha256(issued.root.der());

  RETURN_IF_ERROR(WriteHome(request, made, issued));
  RETURN_IF_ERROR(WriteBrokerIdentity(
      request.broker_identity, made, Found(request, domain, made, issued, now), domain.log_vkey));
  // Last: a home with domain.json is complete.
  RETURN_IF_ERROR(link::WriteDomainFile(request.home, domain));
  return domain;
}

Result<Authority> LoadAuthority(const std::string& home, const std::string& passphrase) {
  ASSIGN_OR_RETURN(link::Caller caller, link::LoadCaller(home));
  ASSIGN_OR_RETURN(link::MemberKeys member, link::LoadMemberKeys(home, passphrase));
  ASSIGN_OR_RETURN(auto root, link::ReadHomeCertificate(home + "/root.crt"));
  ASSIGN_OR_RETURN(auto issuing, link::ReadHomeCertificate(home + "/issuing.crt"));
  Authority authority{std::move(caller),
                      std::move(root),
                      std::move(issuing),
                      std::nullopt,
                      std::move(member.certificate),
                      std::move(member.key)};
  // A second admin's home may be without it: everything but issuing works.
  if (Exists(home + "/issuing.key")) {
    ASSIGN_OR_RETURN(authority.issuing_key, certs::ReadKeyFile(home + "/issuing.key", passphrase));
  }
  return authority;
}

Result<IssuingCa> IssuingCaOf(const Authority& authority, const ledger::View& directory) {
  if (!authority.issuing_key) {
    return Fail(Errc::kNotFound,
                "this home has no issuing.key, so it cannot issue certificates or CRLs. Copy "
                "issuing.key (chmod 600) and issuing.crt from the home of the admin who has them, "
                "or copy the reference when the key is in a token that is at hand");
  }
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(certs::Certificate in_force,
                   certs::Certificate::FromDer(domain.issuing_certificate()));
  if (!certs::CheckIssuer({in_force, *authority.issuing_key})) {
    return Fail(Errc::kConflict,
                "issuing.key in this home is not of the issuing CA in force: a root act has "
                "replaced it. Copy issuing.key (chmod 600) and issuing.crt from the home where "
                "the new ones are");
  }
  return IssuingCa{std::move(in_force), *authority.issuing_key};
}

}  // namespace rujukan::admin
