#include "agents/admin/acts.h"

#include <algorithm>

#include "base/address.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/batch.h"
#include "certs/issue.h"
#include "certs/random.h"
#include "ledger/authenticate.h"
#include "ledger/fold.h"

namespace rujukan::admin {
namespace {

constexpr UnixMillis kMinute = 60'000;
constexpr UnixMillis kDay = 24LL * 60 * kMinute;
constexpr UnixMillis kYear = 365 * kDay;

Result<void> CheckText(const std::string& text, const char* what) {
  if (text.size() > limits::kNoteBytesMax) {
    return Fail(Errc::kLimit,
                std::string(what) + " is " + std::to_string(text.size()) + " bytes; the limit is " +
                    std::to_string(limits::kNoteBytesMax));
  }
  return {};
}

Result<void> CheckGuest(const Authority& authority, const Guest& guest, UnixMillis now) {
  ASSIGN_OR_RETURN(const AgencyAddress address, AgencyAddress::Parse(guest.address));
  if (address.domain() != authority.domain.domain) {
    return Fail(Errc::kInvalid,
                guest.address + " is not in this domain; the address must end in @" +
                    authority.domain.domain);
  }
  if (guest.official_name.empty()) {
    return Fail(Errc::kInvalid, "the agency needs its official name: --name \"Dinas Sosial ...\"");
  }
  RETURN_IF_ERROR(CheckText(guest.official_name, "the name"));
  RETURN_IF_ERROR(CheckText(guest.region, "the region"));
  if (guest.expires_at <= now || guest.expires_at - now > limits::kInvitationLifeMsMax) {
    return Fail(Errc::kLimit, "an invitation lives from 1 minute to 30 days: --expires-in 7d");
  }
  return {};
}

// The request answers its invitation, and the key in the CSR is for that address and nothing else.
Result<certs::Csr> CheckCsr(const std::string& der, const PendingRequest& pending) {
  ASSIGN_OR_RETURN(certs::Csr csr, certs::ParseCsr(der));
  if (csr.address != pending.invitation.address() ||
      pending.request.address() != pending.invitation.address()) {
    return Fail(Errc::kDenied,
                "the request asks for " + csr.address + ", but " + pending.invitation.address() +
                    " was invited. Reject it and ask the agency how that came");
  }
  return csr;
}

Result<std::string> Issue(const Authority& authority,
                          const certs::Csr& csr,
                          certs::Usage usage,
                          UnixMillis now) {
  ASSIGN_OR_RETURN(const certs::Certificate certificate,
                   certs::IssueLeaf({authority.issuing, authority.issuing_key},
                                    {csr.key, csr.address, usage, {now - kDay, now + kYear}}));
  return certificate.der();
}

std::string ReasonNames() {
  std::string names;
  const auto* descriptor = v1::RevocationReason::Code_descriptor();
  for (int i = 1; i < descriptor->value_count(); ++i) {  // 0 is UNSPECIFIED
    names += (names.empty() ? "" : ", ") + descriptor->value(i)->name();
  }
  return names;
}

Result<PendingRequest> ReadPending(const ledger::View& directory,
                                   const std::string& enrolment_id,
                                   const v1::EnrolmentRecord& record) {
  PendingRequest pending;
  pending.enrolment_id = enrolment_id;
  pending.fingerprint = ledger::ShortFingerprint(enrolment_id);
  if (!pending.request.ParseFromString(record.request())) {
    return Fail(Errc::kCorrupt, "a request in the directory does not parse");
  }
  ASSIGN_OR_RETURN(auto invitation,
                   ledger::ReadInvitation(directory, pending.request.invitation_key()));
  if (!invitation) {
    return Fail(Errc::kCorrupt, "a request in the directory has no invitation");
  }
  pending.invitation = invitation->invite();
  return pending;
}

}  // namespace

v1::SubmitAct SignAct(const Authority& authority, v1::Act act, UnixMillis now) {
  act.set_version(1);
  act.set_act_id(certs::NewMessageId(now).str());
  act.set_actor(authority.domain.admin);
  act.set_created_at_ms(now);
  const std::vector<std::string> statements = {act.SerializeAsString()};
  v1::SubmitAct signed_act;
  signed_act.set_act(statements.front());
  *signed_act.mutable_signature() =
      std::move(certs::SignBatch(
                    authority.admin_key, authority.admin.key_id(), certs::kActContext, statements)
                    .front());
  return signed_act;
}

Result<NewInvitation> MakeInvitation(const Authority& authority,
                                     const Guest& guest,
                                     UnixMillis now) {
  RETURN_IF_ERROR(CheckGuest(authority, guest, now));
  const DomainFile& domain = authority.domain;
  if (domain.broker.empty() || domain.enrol.empty()) {
    return Fail(Errc::kInvalid,
                "where the broker listens is not known yet: pass --broker tcp://... and "
                "--enrol tcp://... once");
  }
  const auto key = certs::Ed25519Key::Generate();
  NewInvitation made;
  v1::Invitation& invitation = made.invitation;
  invitation.set_version(1);
  invitation.set_address(guest.address);
  invitation.set_official_name(guest.official_name);
  invitation.set_region(guest.region);
  invitation.set_expires_at_ms(guest.expires_at);
  invitation.set_invitation_seed(std::string(key.seed()));
  invitation.set_endpoint(domain.broker);
  invitation.set_enrolment_endpoint(domain.enrol);
  invitation.set_broker_transport_key(domain.broker_transport_key.str());
  invitation.set_log_vkey(domain.log_vkey);
  invitation.set_root_fingerprint(domain.root_fingerprint.str());

  v1::Act act;
  v1::Invite& invite = *act.mutable_invite();
  invite.set_invitation_key(key.public_bytes());
  invite.set_address(guest.address);
  invite.set_official_name(guest.official_name);
  invite.set_region(guest.region);
  invite.set_expires_at_ms(guest.expires_at);
  made.act = SignAct(authority, std::move(act), now);
  return made;
}

Result<std::vector<PendingRequest>> PendingRequests(const ledger::View& directory) {
  std::vector<std::pair<std::string, v1::EnrolmentRecord>> found;
  RETURN_IF_ERROR(directory.Scan(
      ledger::Table::kEnrolment, "", "", [&](std::string_view key, std::string_view value) {
        v1::EnrolmentRecord record;
        if (record.ParseFromString(std::string(value)) &&
            record.state() == v1::EnrolmentState::PENDING) {
          found.emplace_back(std::string(key), std::move(record));
        }
        return true;
      }));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return a.second.requested_at_index() < b.second.requested_at_index();
  });
  std::vector<PendingRequest> requests;
  for (const auto& [id, record] : found) {
    ASSIGN_OR_RETURN(PendingRequest pending, ReadPending(directory, id, record));
    requests.push_back(std::move(pending));
  }
  return requests;
}

Result<v1::SubmitAct> Approve(const Authority& authority,
                              const PendingRequest& pending,
                              UnixMillis now) {
  ASSIGN_OR_RETURN(const certs::Csr signing, CheckCsr(pending.request.signing_csr(), pending));
  ASSIGN_OR_RETURN(const certs::Csr encryption,
                   CheckCsr(pending.request.encryption_csr(), pending));
  v1::Act act;
  v1::Admit& admit = *act.mutable_admit();
  admit.set_enrolment_id(pending.enrolment_id);
  admit.set_address(pending.invitation.address());
  admit.set_official_name(pending.invitation.official_name());
  admit.set_region(pending.invitation.region());
  ASSIGN_OR_RETURN(*admit.mutable_signing_certificate(),
                   Issue(authority, signing, certs::Usage::kSigning, now));
  ASSIGN_OR_RETURN(*admit.mutable_encryption_certificate(),
                   Issue(authority, encryption, certs::Usage::kEncryption, now));
  admit.set_transport_key(pending.request.transport_key());
  return SignAct(authority, std::move(act), now);
}

Result<v1::SubmitAct> Reject(const Authority& authority,
                             const PendingRequest& pending,
                             const std::string& note,
                             UnixMillis now) {
  RETURN_IF_ERROR(CheckText(note, "the note"));
  v1::Act act;
  act.mutable_reject()->set_enrolment_id(pending.enrolment_id);
  act.mutable_reject()->set_note(note);
  return SignAct(authority, std::move(act), now);
}

Result<v1::SubmitAct> MakeRevocation(const Authority& authority,
                                     const Revocation& revocation,
                                     UnixMillis now) {
  RETURN_IF_ERROR(AgencyAddress::Parse(revocation.address));
  RETURN_IF_ERROR(CheckText(revocation.note, "the note"));
  v1::RevocationReason::Code reason = v1::RevocationReason::UNSPECIFIED;
  if (!v1::RevocationReason::Code_Parse(revocation.reason, &reason) ||
      reason == v1::RevocationReason::UNSPECIFIED) {
    return Fail(Errc::kInvalid, "--reason must be one of " + ReasonNames());
  }
  v1::Act act;
  v1::Revoke& revoke = *act.mutable_revoke();
  revoke.set_address(revocation.address);
  revoke.set_reason(reason);
  revoke.set_note(revocation.note);
  return SignAct(authority, std::move(act), now);
}

Result<UnixMillis> ParseDuration(const std::string& text) {
  const auto number = text.empty() ? Result<uint64_t>(Fail(Errc::kInvalid, ""))
                                   : ParseDecimal(text.substr(0, text.size() - 1));
  const std::string units = "mhd";
  const size_t unit = text.empty() ? std::string::npos : units.find(text.back());
  constexpr uint64_t kNumberMax = 100'000;  // more minutes than any limit allows
  if (!number || unit == std::string::npos || *number == 0 || *number > kNumberMax) {
    return Fail(Errc::kInvalid, "a duration is a number and m, h or d: 30m, 12h, 7d");
  }
  constexpr UnixMillis kUnits[] = {kMinute, 60 * kMinute, kDay};
  return static_cast<UnixMillis>(*number) * kUnits[unit];
}

}  // namespace rujukan::admin
