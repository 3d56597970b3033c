#include "agents/admin/recovery.h"

#include <filesystem>

#include "agents/admin/home_files.h"
#include "agents/admin/input_file.h"
#include "agents/link/durable_file.h"
#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/token.h"

namespace rujukan::admin {
namespace {

Result<IssuingCa> ReadIssuingCa(const std::string& folder, const std::string& passphrase) {
  auto key = certs::ReadKeyFile(folder + "/issuing.key", passphrase);
  if (!key && key.error().code == Errc::kNotFound) {
    return Fail(Errc::kNotFound,
                folder +
                    " has no issuing.key to certify the new admin with: say --new-issuing, "
                    "which makes a new issuing CA");
  }
  RETURN_IF_ERROR(key);
  ASSIGN_OR_RETURN(auto certificate, ReadCertificateFile(folder + "/issuing.crt"));
  RETURN_IF_ERROR(certs::CheckIssuer({certificate, *key}));
  return IssuingCa{std::move(certificate), std::move(*key)};
}

// --- A new admin ---

struct NewAdmin {
  certs::PrivateKey key;
  certs::TransportKeyPair transport;
  certs::Certificate certificate;
};

Result<NewAdmin> MakeAdmin(const IssuingCa& issuing, const std::string& address, UnixMillis now) {
  certs::PrivateKey key = certs::PrivateKey::Generate();
  ASSIGN_OR_RETURN(auto certificate,
                   certs::IssueLeaf({issuing.certificate, issuing.key},
                                    {key.Public(),
                                     address,
                                     certs::Usage::kSigning,
                                     ValidUntil(issuing.certificate, 1, now)}));
  return NewAdmin{std::move(key), certs::GenerateTransportKeyPair(), std::move(certificate)};
}

v1::RootAct RecoveryAct(const Recovery& recovery, const IssuingCa& issuing, const NewAdmin& admin) {
  v1::RootAct act;
  if (recovery.new_issuing) {
    act.set_issuing_certificate(issuing.certificate.der());
  }
  v1::Admit& admit = *act.mutable_admin();
  admit.set_address(recovery.domain.admin);
  admit.set_official_name(recovery.official_name);
  admit.set_signing_certificate(admin.certificate.der());
  admit.set_transport_key(admin.transport.public_key.str());
  for (const std::string& address : recovery.revoke) {
    v1::Revoke& revoke = *act.add_revoke();
    revoke.set_address(address);
    revoke.set_reason(recovery.reason);
    revoke.set_note("recovery with the root key");
  }
  if (recovery.one_admin) {
    act.mutable_rules()->set_two_admins(false);
  }
  return act;
}

// A key in a token stays there; it is reached through the same reference.
Result<void> WriteIssuingKey(const Recovery& recovery, const IssuingCa& issuing) {
  const std::string path = recovery.home + "/issuing.key";
  if (issuing.key.exportable()) {
    return certs::WriteKeyFile(path, issuing.key, recovery.passphrase);
  }
  ASSIGN_OR_RETURN(const std::string reference,
                   ReadInput(recovery.issuing_home + "/issuing.key", limits::kSecretFileBytesMax));
  return certs::WriteTokenReference(path, reference.substr(0, reference.find_first_of("\r\n")));
}

// All but domain.json, which makes a home complete.
Result<void> WriteKeys(const Recovery& recovery,
                       const RootKey& root,
                       const IssuingCa& issuing,
                       const NewAdmin& admin) {
  const std::string& home = recovery.home;
  RETURN_IF_ERROR(link::MakePrivateFolder(home));
  RETURN_IF_ERROR(WriteIssuingKey(recovery, issuing));
  RETURN_IF_ERROR(certs::WriteKeyFile(home + "/admin.key", admin.key, recovery.passphrase));
  RETURN_IF_ERROR(certs::WriteRawKeyFile(
      home + "/transport.key", link::kTransportKeyLabel, admin.transport.secret_key));
  RETURN_IF_ERROR(link::WriteDurably(home + "/root.crt", root.certificate.Pem()));
  RETURN_IF_ERROR(link::WriteDurably(home + "/issuing.crt", issuing.certificate.Pem()));
  return link::WriteDurably(home + "/admin.crt", admin.certificate.Pem());
}

Result<void> CheckAddresses(const Recovery& recovery) {
  ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(recovery.domain.admin));
  if (address.domain() != recovery.domain.domain) {
    return Fail(Errc::kInvalid,
                recovery.domain.admin + " is not in this domain; the address must end in @" +
                    recovery.domain.domain);
  }
  for (const std::string& revoked : recovery.revoke) {
    RETURN_IF_ERROR(AgencyAddress::Parse(revoked));
  }
  return {};
}

}  // namespace

Result<Recovered> Recover(const Recovery& recovery,
                          const RootKey& root,
                          const RootDoor& door,
                          UnixMillis now) {
  RETURN_IF_ERROR(CheckAddresses(recovery));
  RETURN_IF_ERROR(RequireEmptyHome(recovery.home));
  ASSIGN_OR_RETURN(const IssuingCa issuing,
                   recovery.new_issuing
                       ? MakeIssuingCa(root, recovery.domain.domain, now)
                       : ReadIssuingCa(recovery.issuing_home, recovery.issuing_passphrase));
  ASSIGN_OR_RETURN(const NewAdmin admin, MakeAdmin(issuing, recovery.domain.admin, now));
  RETURN_IF_ERROR(WriteKeys(recovery, root, issuing, admin));
  const auto submit =
      SignRootAct(root, recovery.domain.domain, RecoveryAct(recovery, issuing, admin), now);
  const auto proven = door(recovery.domain, submit);
  const bool unknown = !proven && proven.error().code == Errc::kUnavailable;
  if (!proven && !unknown) {
    std::error_code ignored;
    std::filesystem::remove_all(recovery.home, ignored);  // empty before, so all of it is ours
    return Fail(proven.error());
  }
  RETURN_IF_ERROR(link::WriteDomainFile(recovery.home, recovery.domain));
  if (unknown) {
    return Fail(Errc::kUnavailable,
                proven.error().context +
                    ". It may have been recorded all the same: try "
                    "rujukan-admin agencies --home " +
                    recovery.home + "; if that is denied, remove the folder and recover again");
  }
  return Recovered{
      proven->index,
      ToHex(admin.certificate.key_id().view()),
      recovery.new_issuing ? ToHex(issuing.certificate.key_id().view()) : std::string()};
}

}  // namespace rujukan::admin
