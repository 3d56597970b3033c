#include "agents/agency/enrol.h"

#include <array>
#include <optional>

#include "agents/agency/file.h"
#include "agents/link/invitation.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/batch.h"
#include "certs/certificate.h"
#include "certs/ed25519.h"
#include "certs/issue.h"
#include "certs/keyfile.h"
#include "certs/random.h"
#include "ledger/authenticate.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kAnswerMs = 20'000;
constexpr int kAskAgainMs = 1'000;

Result<v1::SubmitEnrolment> MakeRequest(const v1::Invitation& invitation,
                                        const Keys& keys,
                                        const std::optional<OutsideIdentity>& outside,
                                        UnixMillis now) {
  ASSIGN_OR_RETURN(const auto inviter, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
  v1::EnrolmentRequest request;
  request.set_version(1);
  request.set_invitation_key(inviter.public_bytes());
  request.set_address(invitation.address());
  request.set_created_at_ms(now);
  if (outside) {
    request.set_outside_certificate(outside->certificate);
    for (const auto& der : outside->intermediates) {
      request.add_outside_intermediates(der);
    }
    request.set_possession(keys.signing.Sign(std::string(certs::kPossessionContext) +
                                             request.invitation_key() + request.address()));
  } else {
    request.set_signing_csr(certs::MakeCsr(keys.signing, invitation.address()));
  }
  request.set_encryption_csr(certs::MakeCsr(keys.encryption, invitation.address()));
  request.set_transport_key(keys.transport.public_key.str());
  v1::SubmitEnrolment enrolment;
  enrolment.set_request(request.SerializeAsString());
  enrolment.set_signature(
      inviter.Sign(std::string(certs::kEnrolmentContext) + enrolment.request()));
  return enrolment;
}

// The request is made once: another one would use up the invitation's only use for nothing.
// nullopt: none was made yet.
Result<std::optional<v1::SubmitEnrolment>> KeptRequest(const Home& home) {
  const auto kept = ReadFile(home.enrolment_path(), limits::kEnrolmentFrameBytesMax);
  if (!kept) {
    return std::optional<v1::SubmitEnrolment>();
  }
  v1::SubmitEnrolment enrolment;
  if (!enrolment.ParseFromString(*kept)) {
    return Fail(Errc::kInvalid,
                home.enrolment_path() + " is damaged; remove it and ask for a new invitation");
  }
  return std::optional<v1::SubmitEnrolment>(std::move(enrolment));
}

Result<bool> IsForInvitation(const v1::SubmitEnrolment& enrolment,
                             const v1::Invitation& invitation) {
  ASSIGN_OR_RETURN(const auto inviter, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
  v1::EnrolmentRequest request;
  return request.ParseFromString(enrolment.request()) &&
         request.invitation_key() == inviter.public_bytes();
}

Result<v1::SubmitEnrolment> LoadOrMakeRequest(const JoinRequest& join,
                                              const Keys& keys,
                                              UnixMillis now) {
  ASSIGN_OR_RETURN(auto kept, KeptRequest(join.home));
  if (kept) {
    return std::move(*kept);
  }
  RETURN_IF_ERROR(link::CheckInvitationTime(join.invitation, now));
  ASSIGN_OR_RETURN(auto enrolment, MakeRequest(join.invitation, keys, join.outside, now));
  RETURN_IF_ERROR(ReplaceFile(join.home.enrolment_path(), enrolment.SerializeAsString()));
  return enrolment;
}

Result<std::unique_ptr<link::Client>> OpenEnrolmentDoor(const Config& config) {
  ASSIGN_OR_RETURN(auto pins, PinsOf(config));
  link::ClientOptions options;
  options.endpoint = link::Endpoint{config.enrolment_endpoint, config.broker_key};
  // A key of its own: the agency's transport key is for the main door.
  options.keys = certs::GenerateTransportKeyPair();
  options.session.door = link::Door::kEnrolment;
  options.session.log = pins.log;
  options.session.seed = ReadBigEndian64(certs::RandomBytes(8));
  return link::Client::Open(std::move(options));
}

Result<JoinState> AskOnce(link::Client& client, const std::string& enrolment_id) {
  auto status = client.EnrolmentStatusOf(enrolment_id, kAnswerMs);
  if (!status) {
    return Fail(status.error());
  }
  switch (status->state()) {
    case v1::EnrolmentState::APPROVED:
      return JoinState::kApproved;
    case v1::EnrolmentState::REJECTED:
      return Fail(Errc::kDenied, "the admin rejected the request: " + status->note());
    case v1::EnrolmentState::PENDING:
      return JoinState::kPending;
    default:
      return Fail(Errc::kNotFound, "the broker does not know this request; run join again");
  }
}

Result<JoinState> WaitForDecision(link::Client& client,
                                  const std::string& enrolment_id,
                                  const JoinRequest& join) {
  for (int64_t waited = 0;; waited += kAskAgainMs) {
    if (join.progress) {
      join.progress(waited);
    }
    auto state = AskOnce(client, enrolment_id);
    const bool lost = !state && state.error().code == Errc::kUnavailable;
    if (!lost && (!state || *state == JoinState::kApproved)) {
      return state;
    }
    if (waited >= join.wait_ms) {
      return lost ? state : Result<JoinState>(JoinState::kPending);
    }
    client.Poll(kAskAgainMs);
  }
}

// A home that was invited anew gets new keys and makes a new request; the broker would refuse the
// keys of an earlier one. Interrupted, it is done again: what is set aside is never overwritten.
Result<void> StartAnew(const JoinRequest& join, Config config, UnixMillis now) {
  RETURN_IF_ERROR(link::CheckInvitationTime(join.invitation, now));
  ASSIGN_OR_RETURN([[maybe_unused]] const auto lock, HomeLock::Take(join.home));
  ASSIGN_OR_RETURN(const auto present, join.home.ReadConfig());
  config.officer = present.officer;
  config.renews_itself = present.renews_itself;
  config.webhook_url = present.webhook_url;
  RETURN_IF_ERROR(join.home.WriteConfig(config));
  return join.home.SetKeysAside();
}

// The outside key takes the place of one that would be made here.
Result<void> InstallOutsideKey(const JoinRequest& join) {
  ASSIGN_OR_RETURN(const auto certificate,
                   certs::Certificate::FromOutsideDer(join.outside->certificate));
  ASSIGN_OR_RETURN(const auto key, certs::ReadKeyFile(join.outside->key_file, join.passphrase));
  if (key.Public().Spki() != certificate.public_key().Spki()) {
    return Fail(Errc::kInvalid,
                join.outside->key_file +
                    " bukan kunci sertifikat ini / is not the key of this certificate");
  }
  const std::string path = join.home.PathOf("signing.key");
  if (const auto present = certs::ReadKeyFile(path, join.passphrase); present) {
    return present->Public().Spki() == key.Public().Spki()
               ? Result<void>()
               : Fail(Errc::kConflict,
                      path +
                          " is another key already; choose another --home, or join with a new "
                          "invitation");
  }
  ASSIGN_OR_RETURN(const auto bytes, certs::ReadSecretFile(join.outside->key_file));
  return certs::WriteSecretFile(path, bytes);
}

Result<void> MakeJoinKeys(const JoinRequest& join) {
  if (join.outside) {
    RETURN_IF_ERROR(join.home.MakeDirectory());
    RETURN_IF_ERROR(InstallOutsideKey(join));
  }
  return join.home.MakeKeys(join.passphrase);
}

Result<void> PrepareHome(const JoinRequest& join, UnixMillis now) {
  const Config config = ConfigFrom(join.invitation);
  if (!join.home.Exists()) {
    RETURN_IF_ERROR(MakeJoinKeys(join));
    return join.home.WriteConfig(config);
  }
  ASSIGN_OR_RETURN(const auto present, join.home.ReadConfig());
  if (present.address != config.address || present.root_fingerprint != config.root_fingerprint) {
    return Fail(Errc::kConflict,
                join.home.directory() + " belongs to " + present.address +
                    "; choose another --home for " + config.address);
  }
  ASSIGN_OR_RETURN(const auto kept, KeptRequest(join.home));
  if (kept) {
    ASSIGN_OR_RETURN(const bool same, IsForInvitation(*kept, join.invitation));
    if (!same) {
      RETURN_IF_ERROR(StartAnew(join, config, now));
    }
  }
  return MakeJoinKeys(join);
}

// What the applicant does next, whatever came of the invitation.
Error ExplainRefusal(Error error) {
  struct Row {
    std::string_view reason;
    std::string_view next;
  };
  constexpr auto kRows = std::to_array<Row>({
      {"INVITATION_USED",
       "undangan ini sudah dipakai, dan bukan dari sini: mungkin dicuri. Telepon admin sekarang "
       "agar "
       "permintaan itu ditolak, lalu minta undangan baru / it was used, and not from here: it may "
       "have been stolen. Call the admin now to have that request rejected, then ask for a new "
       "one"},
      {"INVITATION_EXPIRED",
       "undangan sudah lewat waktu: minta yang baru kepada admin / it has expired: ask the admin "
       "for "
       "a new one"},
      {"INVITATION_CANCELLED",
       "admin menarik undangan ini: telepon admin, tanyakan sebabnya / the admin withdrew it: call "
       "and ask why"},
      {"INVITATION_UNKNOWN",
       "buku besar tidak mengenal undangan ini: salinannya rusak, palsu, atau dari domain lain; "
       "minta "
       "lagi kepada admin / the ledger does not know it: the copy is damaged, forged or of another "
       "domain; ask the admin for it again"},
  });
  for (const Row& row : kRows) {
    if (error.context.rfind(row.reason, 0) == 0) {
      error.context = std::string(row.reason) + ": " + std::string(row.next);
    }
  }
  return error;
}

Result<void> CheckRole(const v1::Invitation& invitation) {
  if (invitation.role() == v1::Role::UNSPECIFIED || invitation.role() == v1::Role::AGENCY) {
    return {};
  }
  return Fail(Errc::kInvalid,
              "undangan ini untuk " + v1::Role::Code_Name(invitation.role()) +
                  ", bukan lembaga; pakai `rujukan-admin join` / this invitation is not for an "
                  "agency: use rujukan-admin join");
}

}  // namespace

Result<Joined> Join(const JoinRequest& request,
                    const Clock& clock,
                    const std::function<void(const Joined&)>& announce) {
  RETURN_IF_ERROR(CheckRole(request.invitation));
  RETURN_IF_ERROR(PrepareHome(request, clock.Now()));
  ASSIGN_OR_RETURN(const auto config, request.home.ReadConfig());
  ASSIGN_OR_RETURN(const auto keys, ReadKeys(request.home, request.passphrase));
  ASSIGN_OR_RETURN(const auto enrolment, LoadOrMakeRequest(request, keys, clock.Now()));
  const std::string id = ledger::EnrolmentId(enrolment.request());
  Joined joined{JoinState::kPending, config.address, ledger::ShortFingerprint(id)};

  ASSIGN_OR_RETURN(auto client, OpenEnrolmentDoor(config));
  auto proven = client->Call(link::SubmitEnrolment(enrolment), kAnswerMs);
  if (!proven) {
    // Sent before, this very request would have got its receipt again: a used invitation was used
    // by somebody else.
    return Fail(ExplainRefusal(proven.error()));
  }
  announce(joined);
  if (request.wait_ms > 0) {
    ASSIGN_OR_RETURN(joined.state, WaitForDecision(*client, id, request));
  }
  return joined;
}

}  // namespace rujukan::agency
