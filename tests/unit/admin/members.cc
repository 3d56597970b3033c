#include "tests/unit/admin/members.h"

#include <filesystem>

#include "agents/admin/acts.h"
#include "agents/admin/authority.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/random.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::admin::testing {
namespace {

constexpr UnixMillis kDay = 24LL * 3600 * 1000;

certs::PrivateKey ReadKey(const std::string& path) {
  return certs::ReadKeyFile(path, "").value();
}

std::string IssueFor(const std::string& home,
                     const MemberKeys& keys,
                     certs::Usage usage,
                     const certs::Validity& validity) {
  const auto issuing = certs::Certificate::FromPem(ReadBytes(home + "/issuing.crt")).value();
  const auto& key = usage == certs::Usage::kSigning ? keys.signing : keys.encryption;
  const auto issuing_key = ReadKey(home + "/issuing.key");
  return certs::IssueLeaf({issuing, issuing_key}, {key.Public(), keys.address, usage, validity})
      .value()
      .der();
}

certs::Ed25519Key InviteMember(const std::string& home,
                               FakeBroker& broker,
                               const NewMember& member) {
  auto key = certs::Ed25519Key::Generate();
  v1::Act act;
  v1::Invite& invite = *act.mutable_invite();
  invite.set_invitation_key(key.public_bytes());
  invite.set_address(member.address);
  invite.set_official_name("Nama " + member.address);
  invite.set_region(member.region);
  invite.set_role(member.role);
  invite.set_expires_at_ms(broker.now() + kDay);
  CHECK(SubmitFrom(home, broker, std::move(act)).has_value());
  return key;
}

std::string RequestToJoin(const certs::Ed25519Key& invitation,
                          const MemberKeys& keys,
                          const NewMember& member,
                          FakeBroker& broker) {
  v1::EnrolmentRequest request;
  request.set_version(1);
  request.set_invitation_key(invitation.public_bytes());
  request.set_address(keys.address);
  request.set_created_at_ms(broker.now());
  request.set_signing_csr(certs::MakeCsr(keys.signing, keys.address));
  if (member.role == v1::Role::AGENCY) {
    request.set_encryption_csr(certs::MakeCsr(keys.encryption, keys.address));
  }
  request.set_transport_key(keys.transport.public_key.str());
  v1::Entry entry;
  entry.mutable_enrolment()->set_request(request.SerializeAsString());
  entry.mutable_enrolment()->set_signature(
      invitation.Sign(std::string(certs::kEnrolmentContext) + entry.enrolment().request()));
  const std::string id = ledger::EnrolmentId(entry.enrolment().request());
  CHECK(broker.Record(std::move(entry)).has_value());
  return id;
}

}  // namespace

Result<link::Proven> SubmitFrom(const std::string& home, FakeBroker& broker, v1::Act act) {
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(home, ""));
  return broker.Submit(SignAct(authority, std::move(act), broker.now()));
}

WaitingMember AskToJoin(const std::string& home, FakeBroker& broker, const NewMember& member) {
  WaitingMember applicant{{member.address}, {}};
  const auto invitation = InviteMember(home, broker, member);
  v1::Admit& admit = applicant.admit;
  admit.set_enrolment_id(RequestToJoin(invitation, applicant.keys, member, broker));
  admit.set_address(member.address);
  admit.set_official_name("Nama " + member.address);
  admit.set_region(member.region);
  admit.set_transport_key(applicant.keys.transport.public_key.str());
  const certs::Validity validity{broker.now() - kDay, broker.now() + member.days * kDay};
  admit.set_signing_certificate(IssueFor(home, applicant.keys, certs::Usage::kSigning, validity));
  if (member.role == v1::Role::AGENCY) {
    admit.set_encryption_certificate(
        IssueFor(home, applicant.keys, certs::Usage::kEncryption, validity));
  }
  return applicant;
}

MemberKeys BringInMember(const std::string& home, FakeBroker& broker, const NewMember& member) {
  WaitingMember applicant = AskToJoin(home, broker, member);
  v1::Act act;
  *act.mutable_admit() = applicant.admit;
  const auto admitted = SubmitFrom(home, broker, std::move(act));
  CHECK(admitted.has_value());
  return std::move(applicant.keys);
}

void WriteHomeOf(const MemberKeys& keys,
                 const std::string& home,
                 const FakeBroker& broker,
                 const std::string& new_home) {
  std::filesystem::create_directories(new_home);
  std::filesystem::permissions(new_home, std::filesystem::perms(0700));
  for (const char* name : {"/root.crt", "/issuing.crt", "/issuing.key", "/domain.json"}) {
    std::filesystem::copy_file(home + name, new_home + name);
  }
  link::DomainFile domain = link::ReadDomainFile(new_home).value();
  domain.admin = keys.address;
  CHECK(link::WriteDomainFile(new_home, domain).has_value());
  const auto member = ledger::ReadAgency(broker.view(), keys.address).value().value();
  const auto key = ledger::ReadKey(broker.view(), member.signing_key()).value().value();
  const auto certificate = certs::Certificate::FromDer(key.certificate()).value();
  CHECK(certs::WriteKeyFile(new_home + "/admin.key", keys.signing, "").has_value());
  CHECK(certs::WriteSecretFile(new_home + "/admin.crt", certificate.Pem()).has_value());
  CHECK(certs::WriteRawKeyFile(
            new_home + "/transport.key", link::kTransportKeyLabel, keys.transport.secret_key)
            .has_value());
}

v1::Act KeyRequest(const MemberKeys& renewed) {
  v1::Act act;
  v1::RequestKeys& request = *act.mutable_request_keys();
  request.set_signing_csr(certs::MakeCsr(renewed.signing, renewed.address));
  request.set_encryption_csr(certs::MakeCsr(renewed.encryption, renewed.address));
  return act;
}

Result<link::Proven> SubmitAs(const MemberKeys& member, FakeBroker& broker, v1::Act act) {
  const auto record = ledger::ReadAgency(broker.view(), member.address).value().value();
  act.set_version(1);
  act.set_act_id(certs::NewMessageId(broker.now()).str());
  act.set_actor(member.address);
  act.set_created_at_ms(broker.now());
  const std::vector<std::string> statements = {act.SerializeAsString()};
  v1::SubmitAct submit;
  submit.set_act(statements.front());
  *submit.mutable_signature() =
      certs::SignBatch(
          member.signing, *KeyId::FromBytes(record.signing_key()), certs::kActContext, statements)
          .front();
  return broker.Submit(submit);
}

}  // namespace rujukan::admin::testing
