// The fold's rules for joining: invitations, requests to join, and what an admin decides on them.

#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/authenticate.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

constexpr size_t kInvitationKeyBytes = 32;

v1::Role::Code RoleOf(const v1::Invite& invite) {
  return invite.role() == v1::Role::UNSPECIFIED ? v1::Role::AGENCY : invite.role();
}

Result<void> RequireScope(const v1::Invite& invite) {
  const v1::Scope& scope = invite.scope();
  const v1::Role::Code role = RoleOf(invite);
  const size_t items = static_cast<size_t>(scope.regions_size() + scope.agencies_size());
  if (items > limits::kScopeItemsMax) {
    return Refuse(R::MALFORMED, "scope: at most 64 regions and agencies");
  }
  if (invite.has_scope() && role != v1::Role::STEWARD && role != v1::Role::AUDITOR) {
    return Contradicts("scope: only a steward or an auditor has one");
  }
  return {};
}

Result<void> RequireInviteForm(const v1::Invite& invite, const Context& at) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(at.view));
  RETURN_IF_ERROR(RequireDomain(invite.address(), domain.domain()));
  RETURN_IF_ERROR(RequireText(invite.official_name(), "official_name"));
  RETURN_IF_ERROR(RequireText(invite.region(), "region"));
  RETURN_IF_ERROR(RequireText(invite.steward(), "steward"));
  RETURN_IF_ERROR(RequireScope(invite));
  if (!v1::Role::Code_IsValid(invite.role())) {
    return Refuse(R::MALFORMED, "role: this version does not know it");
  }
  if (invite.standing().ByteSizeLong() > limits::kStandingBytesMax) {
    return Refuse(R::MALFORMED, "standing: over 4 KiB");
  }
  if (invite.invitation_key().size() != kInvitationKeyBytes) {
    return Refuse(R::MALFORMED, "invitation_key: must be 32 bytes");
  }
  if (invite.expires_at_ms() <= at.time ||
      invite.expires_at_ms() > at.time + limits::kInvitationLifeMsMax) {
    return Contradicts("expires_at_ms: an invitation lives at most 30 days from now");
  }
  return {};
}

// Whether the address may be invited at all, and again when its request is approved.
Result<void> RequireVacant(const v1::Invite& invite, const Context& at) {
  ASSIGN_OR_RETURN(const auto member, ReadAgency(at.view, invite.address()));
  const bool present = member && member->status() != v1::AgencyStatus::NONAKTIF;
  if (present && !invite.replace()) {
    return Contradicts(invite.address() +
                       " is a member already; if it has lost its keys, invite it with --replace");
  }
  if (present && member->role() != RoleOf(invite)) {
    return Contradicts(invite.address() +
                       " is a member in another role: revoke it first, or choose another address");
  }
  if (!present && invite.replace()) {
    return Contradicts(invite.address() + " is no member whose keys could be replaced");
  }
  return {};
}

Result<v1::EnrolmentRecord> RequirePending(const std::string& enrolment_id, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::EnrolmentRecord> enrolment,
                   ReadEnrolment(at.view, enrolment_id));
  if (!enrolment) {
    return Contradicts("no such request: list the requests again");
  }
  if (enrolment->state() != v1::EnrolmentState::PENDING) {
    return Contradicts("this request has been decided already");
  }
  return std::move(*enrolment);
}

void WriteDecision(const std::string& enrolment_id,
                   v1::EnrolmentRecord enrolment,
                   v1::EnrolmentState::Code state,
                   const Context& at) {
  enrolment.set_state(state);
  enrolment.set_decided_at_index(at.index);
  Write(at.view, Table::kEnrolment, enrolment_id, enrolment);
}

// Beside what the certificate requests themselves prove: what this invitation's role needs.
Result<void> RequireKeyRequests(const v1::EnrolmentRequest& request, const v1::Invite& invite) {
  const bool agency = RoleOf(invite) == v1::Role::AGENCY;
  if (agency && request.encryption_csr().empty()) {
    return Contradicts("encryption_csr: an agency needs one, to be written to");
  }
  if (!agency && (!request.encryption_csr().empty() || !request.outside_certificate().empty())) {
    return Contradicts("only an agency has an encryption key or an outside certificate");
  }
  return {};
}

}  // namespace

Result<void> RequireOpenInvitation(std::string_view invitation_key,
                                   UnixMillis time,
                                   const View& view) {
  ASSIGN_OR_RETURN(const auto invitation, ReadInvitation(view, invitation_key));
  if (!invitation) {
    return Refuse(R::INVITATION_UNKNOWN);
  }
  if (!invitation->enrolment_id().empty()) {
    return Refuse(R::INVITATION_USED);
  }
  if (invitation->cancelled()) {
    return Refuse(R::INVITATION_CANCELLED);
  }
  if (invitation->invite().expires_at_ms() <= time) {
    return Refuse(R::INVITATION_EXPIRED);
  }
  return {};
}

Result<void> ApplyInvite(const v1::Act& act, const Context& at) {
  const v1::Invite& invite = act.invite();
  RETURN_IF_ERROR(RequireInviteForm(invite, at));
  RETURN_IF_ERROR(RequireVacant(invite, at));
  ASSIGN_OR_RETURN(const auto known, ReadInvitation(at.view, invite.invitation_key()));
  if (known) {
    return Contradicts("invitation_key: used before: make a new invitation");
  }
  v1::InvitationRecord record;
  *record.mutable_invite() = invite;
  record.set_index(at.index);
  record.set_inviter(act.actor());
  Write(at.view, Table::kInvitation, invite.invitation_key(), record);
  return {};
}

Result<void> ApplyCancelInvitation(const v1::CancelInvitation& cancel, const Context& at) {
  RETURN_IF_ERROR(RequireText(cancel.note(), "note"));
  ASSIGN_OR_RETURN(auto invitation, ReadInvitation(at.view, cancel.invitation_key()));
  if (!invitation) {
    return Contradicts("no such invitation");
  }
  if (!invitation->enrolment_id().empty()) {
    return Contradicts("this invitation has been used: reject the request that used it");
  }
  invitation->set_cancelled(true);
  Write(at.view, Table::kInvitation, cancel.invitation_key(), *invitation);
  at.view.Put(Table::kHistory, HistoryKey(invitation->invite().address(), at.index), "");
  return {};
}

Result<void> ApplyEnrolment(const v1::EnrolmentRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto request,
                   ParseAs<v1::EnrolmentRequest>(entry.request(), "EnrolmentRequest"));
  RETURN_IF_ERROR(RequireNotFromFuture(request.created_at_ms(), at.time));
  RETURN_IF_ERROR(RequireOpenInvitation(request.invitation_key(), at.time, at.view));
  ASSIGN_OR_RETURN(auto invitation, ReadInvitation(at.view, request.invitation_key()));
  if (invitation->invite().address() != request.address()) {
    return Contradicts("address: the invitation is for another agency");
  }
  RETURN_IF_ERROR(RequireKeyRequests(request, invitation->invite()));
  RETURN_IF_ERROR(RequireFreshTransport(request.transport_key(), at));
  v1::EnrolmentRecord enrolment;
  enrolment.set_request(entry.request());
  enrolment.set_state(v1::EnrolmentState::PENDING);
  enrolment.set_requested_at_index(at.index);
  const std::string id = EnrolmentId(entry.request());
  invitation->set_enrolment_id(id);
  Write(at.view, Table::kEnrolment, id, enrolment);
  Write(at.view, Table::kInvitation, request.invitation_key(), *invitation);
  at.view.Put(Table::kHistory, HistoryKey(request.address(), at.index), "");
  return {};
}

// An admission answers one request, and gives it what the invitation promised and nothing else.
Result<void> ApplyAdmit(const v1::Admit& admit, const Context& at) {
  ASSIGN_OR_RETURN(v1::EnrolmentRecord enrolment, RequirePending(admit.enrolment_id(), at));
  ASSIGN_OR_RETURN(const auto request,
                   ParseAs<v1::EnrolmentRequest>(enrolment.request(), "EnrolmentRequest"));
  ASSIGN_OR_RETURN(const auto invitation, ReadInvitation(at.view, request.invitation_key()));
  if (!invitation || invitation->invite().address() != admit.address() ||
      invitation->invite().official_name() != admit.official_name() ||
      invitation->invite().region() != admit.region() ||
      request.transport_key() != admit.transport_key()) {
    return Contradicts("the admission differs from the invitation or the request it answers");
  }
  const v1::Invite& invite = invitation->invite();
  RETURN_IF_ERROR(RequireVacant(invite, at));
  RETURN_IF_ERROR(AdmitMember({admit, RoleOf(invite), &invite}, at));
  WriteDecision(admit.enrolment_id(), std::move(enrolment), v1::EnrolmentState::APPROVED, at);
  return {};
}

Result<void> ApplyReject(const v1::Reject& reject, const Context& at) {
  RETURN_IF_ERROR(RequireText(reject.note(), "note"));
  ASSIGN_OR_RETURN(v1::EnrolmentRecord enrolment, RequirePending(reject.enrolment_id(), at));
  ASSIGN_OR_RETURN(const auto request,
                   ParseAs<v1::EnrolmentRequest>(enrolment.request(), "EnrolmentRequest"));
  enrolment.set_note(reject.note());
  WriteDecision(reject.enrolment_id(), std::move(enrolment), v1::EnrolmentState::REJECTED, at);
  at.view.Put(Table::kHistory, HistoryKey(request.address(), at.index), "");
  return {};
}

}  // namespace rujukan::ledger::rules

namespace rujukan::ledger {

Verdict<void> CheckInvitation(const View& view, std::string_view invitation_key, UnixMillis time) {
  return ToVerdict(rules::RequireOpenInvitation(invitation_key, time, view));
}

}  // namespace rujukan::ledger
