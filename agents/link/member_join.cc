#include "agents/link/member_join.h"

#include <filesystem>

#include "agents/link/durable_file.h"
#include "agents/link/invitation.h"
#include "agents/link/member_link.h"
#include "base/bytes.h"
#include "certs/batch.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/random.h"
#include "ledger/authenticate.h"
#include "ledger/records.h"

namespace rujukan::link {
namespace {

constexpr int64_t kAnswerMs = 20'000;
constexpr int kAskAgainMs = 1'000;
constexpr size_t kSeedBytes = 8;

class LinkedDoor : public EnrolmentDoor {
 public:
  explicit LinkedDoor(std::unique_ptr<Client> client) : client_(std::move(client)) {}
  Result<Proven> Ask(const v1::SubmitEnrolment& enrolment) override {
    return client_->Call(SubmitEnrolment(enrolment), kAnswerMs);
  }
  Result<v1::EnrolmentStatus> StatusOf(const std::string& enrolment_id) override {
    return client_->EnrolmentStatusOf(enrolment_id, kAnswerMs);
  }
  void Pause() override { client_->Poll(kAskAgainMs); }

 private:
  const std::unique_ptr<Client> client_;
};

std::string RequestPath(const std::string& home) {
  return home + "/enrolment.pb";
}

bool Exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// nullopt: none was made yet. It is made once: another would use up the invitation for nothing.
Result<std::optional<v1::SubmitEnrolment>> KeptRequest(const std::string& home) {
  if (!Exists(RequestPath(home))) {
    return std::optional<v1::SubmitEnrolment>();
  }
  ASSIGN_OR_RETURN(const std::string bytes, certs::ReadSecretFile(RequestPath(home)));
  v1::SubmitEnrolment enrolment;
  if (!enrolment.ParseFromString(bytes)) {
    return Fail(Errc::kInvalid,
                RequestPath(home) + " is damaged; ask for a new invitation and name a new home");
  }
  return std::optional<v1::SubmitEnrolment>(std::move(enrolment));
}

Result<void> CheckRole(const v1::Invitation& invitation) {
  if (invitation.role() == v1::Role::UNSPECIFIED || invitation.role() == v1::Role::AGENCY) {
    return Fail(Errc::kInvalid,
                "this invitation is for an agency: use rujukan-agent join on the agency's machine");
  }
  return {};
}

Result<DomainFile> DomainFrom(const v1::Invitation& invitation) {
  DomainFile domain;
  domain.admin = invitation.address();
  domain.domain = domain.admin.substr(domain.admin.find('@') + 1);
  domain.log_vkey = invitation.log_vkey();
  domain.broker = invitation.endpoint();
  domain.enrol = invitation.enrolment_endpoint();
  ASSIGN_OR_RETURN(domain.root_fingerprint, Digest::FromBytes(invitation.root_fingerprint()));
  ASSIGN_OR_RETURN(domain.broker_transport_key,
                   TransportKey::FromBytes(invitation.broker_transport_key()));
  return domain;
}

// The home is this invitation's, or nobody's yet.
Result<void> RequireOwn(const std::string& home, const DomainFile& domain) {
  std::error_code error;
  if (!Exists(home + "/domain.json")) {
    return !Exists(home) || std::filesystem::is_empty(home, error)
               ? Result<void>()
               : Fail(Errc::kConflict,
                      home + " is not an empty folder; name a new one for the keys alone");
  }
  ASSIGN_OR_RETURN(const DomainFile present, ReadDomainFile(home));
  if (present.admin != domain.admin || present.root_fingerprint != domain.root_fingerprint ||
      Exists(home + "/root.key")) {
    return Fail(
        Errc::kConflict,
        home + " belongs to " + present.admin + "; choose another --home for " + domain.admin);
  }
  return {};
}

Result<void> MakeKeys(const std::string& home, const std::string& passphrase) {
  if (!Exists(home + "/admin.key")) {
    RETURN_IF_ERROR(
        certs::WriteKeyFile(home + "/admin.key", certs::PrivateKey::Generate(), passphrase));
  }
  if (!Exists(home + "/transport.key")) {
    RETURN_IF_ERROR(certs::WriteRawKeyFile(
        home + "/transport.key", kTransportKeyLabel, certs::GenerateTransportKeyPair().secret_key));
  }
  return {};
}

Result<v1::SubmitEnrolment> MakeRequest(const v1::Invitation& invitation,
                                        const std::string& home,
                                        const std::string& passphrase,
                                        UnixMillis now) {
  ASSIGN_OR_RETURN(const auto inviter, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
  ASSIGN_OR_RETURN(const auto key, certs::ReadKeyFile(home + "/admin.key", passphrase));
  ASSIGN_OR_RETURN(const Caller caller, LoadCaller(home));
  v1::EnrolmentRequest request;
  request.set_version(1);
  request.set_invitation_key(inviter.public_bytes());
  request.set_address(invitation.address());
  request.set_created_at_ms(now);
  request.set_signing_csr(certs::MakeCsr(key, invitation.address()));
  request.set_transport_key(caller.transport.public_key.str());
  v1::SubmitEnrolment enrolment;
  enrolment.set_request(request.SerializeAsString());
  enrolment.set_signature(
      inviter.Sign(std::string(certs::kEnrolmentContext) + enrolment.request()));
  return enrolment;
}

Result<void> RequireSameInvitation(const v1::SubmitEnrolment& kept,
                                   const v1::Invitation& invitation,
                                   const std::string& home) {
  ASSIGN_OR_RETURN(const auto inviter, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
  v1::EnrolmentRequest request;
  if (!request.ParseFromString(kept.request()) ||
      request.invitation_key() != inviter.public_bytes()) {
    return Fail(Errc::kConflict,
                home + " holds a request made with another invitation; choose another --home");
  }
  return {};
}

Result<v1::SubmitEnrolment> LoadOrMakeRequest(const Joining& joining, UnixMillis now) {
  const std::string& home = joining.home;
  ASSIGN_OR_RETURN(auto kept, KeptRequest(home));
  if (!joining.invitation) {
    return kept ? Result<v1::SubmitEnrolment>(std::move(*kept))
                : Fail(Errc::kNotFound,
                       home + " holds no request to go on with: name the invitation");
  }
  const v1::Invitation& invitation = *joining.invitation;
  RETURN_IF_ERROR(CheckRole(invitation));
  ASSIGN_OR_RETURN(const DomainFile domain, DomainFrom(invitation));
  RETURN_IF_ERROR(RequireOwn(home, domain));
  if (kept) {
    RETURN_IF_ERROR(RequireSameInvitation(*kept, invitation, home));
    return std::move(*kept);
  }
  RETURN_IF_ERROR(CheckInvitationTime(invitation, now));
  RETURN_IF_ERROR(MakePrivateFolder(home));
  RETURN_IF_ERROR(WriteDomainFile(home, domain));
  RETURN_IF_ERROR(MakeKeys(home, joining.passphrase));
  ASSIGN_OR_RETURN(auto request, MakeRequest(invitation, home, joining.passphrase, now));
  RETURN_IF_ERROR(certs::WriteSecretFile(RequestPath(home), request.SerializeAsString()));
  return request;
}

Result<bool> IsApproved(EnrolmentDoor& door, const std::string& enrolment_id) {
  ASSIGN_OR_RETURN(const v1::EnrolmentStatus status, door.StatusOf(enrolment_id));
  switch (status.state()) {
    case v1::EnrolmentState::APPROVED:
      return true;
    case v1::EnrolmentState::PENDING:
      return false;
    case v1::EnrolmentState::REJECTED:
      return Fail(Errc::kDenied, "the admin rejected the request: " + status.note());
    default:
      return Fail(Errc::kNotFound, "the broker does not know this request; run join again");
  }
}

// A broker that cannot be reached for a while is waited for, like the decision.
Result<bool> WaitForApproval(EnrolmentDoor& door, const std::string& id, int64_t wait_ms) {
  for (int64_t waited = 0;; waited += kAskAgainMs) {
    auto approved = IsApproved(door, id);
    const bool lost = !approved && approved.error().code == Errc::kUnavailable;
    if ((!lost && (!approved || *approved)) || waited >= wait_ms) {
      return approved;
    }
    door.Pause();
  }
}

// Out of the directory, as verified from the pins of the invitation: the broker gives nobody a
// certificate. admin.crt is last: a home that has it is complete.
Result<void> TakeCertificates(const Joining& joining, const JoinPorts& ports) {
  const std::string& home = joining.home;
  ASSIGN_OR_RETURN(const Caller caller, LoadCaller(home));
  ASSIGN_OR_RETURN(const auto own_key, certs::ReadKeyFile(home + "/admin.key", joining.passphrase));
  ledger::MemoryView directory;
  RETURN_IF_ERROR(ports.follow(caller, directory));
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ledger::ReadDomain(directory));
  ASSIGN_OR_RETURN(const auto member, ledger::ReadAgency(directory, caller.domain.admin));
  ASSIGN_OR_RETURN(const auto key,
                   ledger::ReadKey(directory, member ? member->signing_key() : std::string()));
  if (!key) {
    return Fail(Errc::kCorrupt, "the directory does not show the admission: call the auditor");
  }
  ASSIGN_OR_RETURN(const auto own, certs::Certificate::FromDer(key->certificate()));
  if (own.public_key().Spki() != own_key.Public().Spki()) {
    return Fail(Errc::kConflict,
                "the directory has other keys for " + caller.domain.admin +
                    " than this home: it was admitted from another one");
  }
  ASSIGN_OR_RETURN(const auto root, certs::Certificate::FromDer(domain.root_certificate()));
  ASSIGN_OR_RETURN(const auto issuing, certs::Certificate::FromDer(domain.issuing_certificate()));
  RETURN_IF_ERROR(WriteDurably(home + "/root.crt", root.Pem()));
  RETURN_IF_ERROR(WriteDurably(home + "/issuing.crt", issuing.Pem()));
  return WriteDurably(home + "/admin.crt", own.Pem());
}

}  // namespace

Result<std::unique_ptr<EnrolmentDoor>> OpenEnrolmentDoor(const DomainFile& domain) {
  ClientOptions options;
  options.endpoint = Endpoint{domain.enrol, domain.broker_transport_key};
  // A key of its own: the home's transport key is for the main door.
  options.keys = certs::GenerateTransportKeyPair();
  options.session.door = Door::kEnrolment;
  ASSIGN_OR_RETURN(options.session.log, ledger::NoteVerifier::Parse(domain.log_vkey));
  options.session.seed = ReadBigEndian64(certs::RandomBytes(kSeedBytes));
  ASSIGN_OR_RETURN(auto client, Client::Open(std::move(options)));
  return std::unique_ptr<EnrolmentDoor>(std::make_unique<LinkedDoor>(std::move(client)));
}

JoinPorts OverTheWire(const std::string& home, const Clock& clock) {
  const auto follow = [home](const Caller& caller, ledger::MemoryView& directory) -> Result<void> {
    ASSIGN_OR_RETURN(const auto client, ConnectMember(home, caller));
    return FollowDirectory(PagesOf(*client), caller.domain, directory);
  };
  return JoinPorts{clock, OpenEnrolmentDoor, follow};
}

Result<Joined> JoinAsMember(const Joining& joining,
                            const JoinPorts& ports,
                            const std::function<void(const Joined&)>& announce) {
  ASSIGN_OR_RETURN(const auto request, LoadOrMakeRequest(joining, ports.clock.Now()));
  ASSIGN_OR_RETURN(const DomainFile domain, ReadDomainFile(joining.home));
  const std::string id = ledger::EnrolmentId(request.request());
  Joined joined{domain.admin, ledger::ShortFingerprint(id), false};
  ASSIGN_OR_RETURN(const auto door, ports.open(domain));
  // Sent before, this very request gets its receipt again: a used invitation was used by another.
  RETURN_IF_ERROR(door->Ask(request));
  announce(joined);
  ASSIGN_OR_RETURN(joined.admitted, WaitForApproval(*door, id, joining.wait_ms));
  if (joined.admitted) {
    RETURN_IF_ERROR(TakeCertificates(joining, ports));
  }
  return joined;
}

}  // namespace rujukan::link
