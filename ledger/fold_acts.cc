// The fold's rules for acts in general: whose they are, who may do them, which wait for a second
// admin, and which file has the rest.

#include "base/address.h"
#include "base/limits.h"
#include "ledger/fold_rules.h"
#include "ledger/rights.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

constexpr size_t kActIdBytes = 16;

// A key that was replaced still counts for a while, but not to ask for others: whoever has stolen
// it would get itself keys in force.
Result<void> RequireKeyInForce(const v1::Act& act,
                               std::string_view key_id,
                               const v1::AgencyRecord& actor) {
  if (act.has_request_keys() && key_id != actor.signing_key()) {
    return Refuse(R::KEY_EXPIRED,
                  "new keys are asked for with the key in force: this one was replaced");
  }
  return {};
}

Result<v1::AgencyRecord> RequireActor(const v1::Act& act,
                                      std::string_view key_id,
                                      const View& view,
                                      UnixMillis time) {
  constexpr AgencyRule kRule{R::NO_RIGHT, R::NO_RIGHT};
  ASSIGN_OR_RETURN(v1::AgencyRecord actor, RequireActive(view, act.actor(), kRule));
  RETURN_IF_ERROR(RequireSigningKey(view, key_id, act.actor(), time));
  RETURN_IF_ERROR(RequireKeyInForce(act, key_id, actor));
  RETURN_IF_ERROR(RequireNotFromFuture(act.created_at_ms(), time));
  RETURN_IF_ERROR(RequireUnusedActId(act.act_id(), view));
  return actor;
}

// Whether the actor is the steward of whom the act is about: by its record, or by role and scope.
// Nobody is its own: a standing is what others say of an agency.
Result<bool> IsStewardOf(const v1::AgencyRecord& actor,
                         const v1::Act& act,
                         const View& view,
                         UnixMillis time) {
  ASSIGN_OR_RETURN(const auto subject, ReadAgency(view, SubjectOf(act)));
  if (!subject || subject->role() != v1::Role::AGENCY || subject->address() == actor.address()) {
    return false;
  }
  const bool supervises = act.has_permit() && subject->standing().pengawas() == actor.address();
  const bool named = subject->steward() == actor.address();
  const bool in_scope = actor.role() == v1::Role::STEWARD && InScope(actor.scope(), *subject, time);
  return supervises || named || in_scope;
}

Result<void> RequireRight(const v1::AgencyRecord& actor,
                          const v1::Act& act,
                          const View& view,
                          UnixMillis time) {
  const Right* right = RightFor(act.act_case());
  if (right == nullptr) {
    return Refuse(R::MALFORMED, "the act says nothing that this version knows");
  }
  if ((right->admin && actor.role() == v1::Role::ADMIN) ||
      (right->registrar && actor.role() == v1::Role::REGISTRAR) ||
      (right->itself && SubjectOf(act) == actor.address())) {
    return {};
  }
  if (right->steward) {
    ASSIGN_OR_RETURN(const bool steward, IsStewardOf(actor, act, view, time));
    if (steward) {
      return {};
    }
  }
  return Refuse(
      R::NO_RIGHT,
      act.actor() + " may not do " + ActName(act.act_case()) + " here: ask an admin of the domain");
}

Result<void> ApplySetRules(const v1::SetRules& set, const Context& at) {
  ASSIGN_OR_RETURN(v1::DomainRecord domain, ReadDomain(at.view));
  ASSIGN_OR_RETURN(const auto members, ListAgencies(at.view));
  int admins = 0;
  for (const v1::AgencyRecord& member : members) {
    admins += member.role() == v1::Role::ADMIN && member.status() == v1::AgencyStatus::AKTIF;
  }
  if (set.rules().two_admins() && admins < 2) {
    return Contradicts("the two-admin rule needs two active admins: invite another one first");
  }
  *domain.mutable_rules() = set.rules();
  Write(at.view, Table::kHead, kDomainKey, domain);
  return {};
}

Result<void> Carry(const v1::Act& act, v1::Role::Code role, const Context& at) {
  switch (act.act_case()) {
    case v1::Act::kInvite:
      return ApplyInvite(act, at);
    case v1::Act::kCancelInvitation:
      return ApplyCancelInvitation(act.cancel_invitation(), at);
    case v1::Act::kAdmit:
      return ApplyAdmit(act.admit(), at);
    case v1::Act::kReject:
      return ApplyReject(act.reject(), at);
    case v1::Act::kRevoke:
      return ApplyRevoke(act.revoke(), act.actor(), at);
    case v1::Act::kSuspend:
      return ApplySuspend(act, at);
    case v1::Act::kResume:
      return ApplyResume(act, at);
    case v1::Act::kDescribe:
      return ApplyDescribe(act, at);
    case v1::Act::kSetStanding:
      return ApplySetStanding(act.set_standing(), at);
    case v1::Act::kRequestKeys:
      return ApplyRequestKeys(act, at);
    case v1::Act::kGrantKeys:
      return ApplyGrantKeys(act.grant_keys(), role, at);
    case v1::Act::kRefuseKeys:
      return ApplyRefuseKeys(act.refuse_keys(), at);
    case v1::Act::kSetPolicy:
      return ApplySetPolicy(act, at);
    case v1::Act::kSetClocks:
      return ApplySetClocks(act, at);
    case v1::Act::kPermit:
      return ApplyPermit(act, at);
    case v1::Act::kAddAnchor:
      return ApplyAddAnchor(act.add_anchor(), at);
    case v1::Act::kRemoveAnchor:
      return ApplyRemoveAnchor(act.remove_anchor(), at);
    case v1::Act::kPublishCrl:
      return ApplyPublishCrl(act.publish_crl(), role, at);
    case v1::Act::kSetRules:
      return ApplySetRules(act.set_rules(), at);
    case v1::Act::kPlaceHold:
      return ApplyPlaceHold(act, at);
    case v1::Act::kLiftHold:
      return ApplyLiftHold(act.lift_hold(), at);
    case v1::Act::kConfirm:
    case v1::Act::kDecline:
    case v1::Act::ACT_NOT_SET:
      break;
  }
  return Refuse(R::MALFORMED, "the act says nothing that this version knows");
}

// An act that is illegal anyway need not wait for anybody: it is tried beside the view first.
Result<void> Propose(const v1::Act& act, const std::string& bytes, const Context& at) {
  Overlay beside(static_cast<const View&>(at.view));
  Effects none;
  RETURN_IF_ERROR(Carry(act, v1::Role::ADMIN, Context{at.index, at.time, beside, none}));
  v1::ProposalRecord proposal;
  proposal.set_act(bytes);
  proposal.set_proposer(act.actor());
  proposal.set_index(at.index);
  proposal.set_expires_at_ms(at.time + limits::kProposalLifeMs);
  Write(at.view, Table::kProposal, act.act_id(), proposal);
  return {};
}

void NoteHistory(const v1::Act& act, const Context& at) {
  at.view.Put(Table::kHistory, HistoryKey(SubjectOf(act), at.index), "");
}

struct Proposed {
  v1::ProposalRecord record;
  v1::Act act;
};
Result<Proposed> TakeProposal(const std::string& act_id, const Context& at) {
  ASSIGN_OR_RETURN(auto record, ReadProposal(at.view, act_id));
  if (!record) {
    return Contradicts("no such proposal waits: list them with rujukan-admin proposals");
  }
  if (record->expires_at_ms() < at.time) {
    return Contradicts("this proposal has waited over 7 days: make it anew");
  }
  ASSIGN_OR_RETURN(v1::Act act, ParseAs<v1::Act>(record->act(), "Act"));
  at.view.Delete(Table::kProposal, act_id);
  NoteHistory(act, at);
  return Proposed{std::move(*record), std::move(act)};
}

Result<void> ApplyConfirm(const v1::Act& act, const Context& at) {
  ASSIGN_OR_RETURN(const Proposed proposed, TakeProposal(act.confirm().proposal(), at));
  if (proposed.record.proposer() == act.actor()) {
    return Refuse(R::SECOND_ADMIN_NEEDED);
  }
  constexpr AgencyRule kRule{R::NO_RIGHT, R::NO_RIGHT};
  ASSIGN_OR_RETURN(const v1::AgencyRecord proposer,
                   RequireActive(at.view, proposed.record.proposer(), kRule));
  RETURN_IF_ERROR(RequireRight(proposer, proposed.act, at.view, at.time));
  return Carry(proposed.act, proposer.role(), at);
}

// The proposer may take it back, any other admin may turn it down.
Result<void> ApplyDecline(const v1::DeclineProposal& decline, const Context& at) {
  RETURN_IF_ERROR(RequireText(decline.note(), "note"));
  RETURN_IF_ERROR(TakeProposal(decline.proposal(), at));
  return {};
}

// Every agent reads every act. Admins and registrars are few and answer for what they do; others
// are bounded.
bool IsCounted(const v1::AgencyRecord& actor) {
  return actor.role() != v1::Role::ADMIN && actor.role() != v1::Role::REGISTRAR;
}

// Who may do this act now, and what its counter comes to.
struct Allowed {
  v1::AgencyRecord actor;
  v1::CounterRecord counter;
};
Result<Allowed> RequireAllowed(const v1::Act& act,
                               std::string_view key_id,
                               const View& view,
                               UnixMillis time) {
  ASSIGN_OR_RETURN(v1::AgencyRecord actor, RequireActor(act, key_id, view, time));
  RETURN_IF_ERROR(RequireRight(actor, act, view, time));
  ASSIGN_OR_RETURN(v1::CounterRecord counter, RequireFewActs(actor, view, time));
  return Allowed{std::move(actor), std::move(counter)};
}

Result<void> Check(const v1::ActRecorded& entry, const View& view, UnixMillis time) {
  ASSIGN_OR_RETURN(const auto act, ParseAs<v1::Act>(entry.act(), "Act"));
  RETURN_IF_ERROR(RequireAllowed(act, entry.signature().signer_key(), view, time));
  return {};
}

Result<void> CarryOrPropose(const v1::Act& act,
                            const std::string& bytes,
                            const v1::AgencyRecord& actor,
                            const Context& at) {
  if (act.has_confirm()) {
    return ApplyConfirm(act, at);
  }
  if (act.has_decline()) {
    return ApplyDecline(act.decline(), at);
  }
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, ReadDomain(at.view));
  ASSIGN_OR_RETURN(const bool root_act, IsRootAct(act, at.view));
  if (root_act && domain.rules().two_admins()) {
    return Propose(act, bytes, at);
  }
  return Carry(act, actor.role(), at);
}

}  // namespace

Result<v1::CounterRecord> RequireFewActs(const v1::AgencyRecord& actor,
                                         const View& view,
                                         UnixMillis time) {
  constexpr int64_t kHourMs = 3'600'000;
  ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(view, actor.address()));
  const int64_t hour = time / kHourMs;
  const uint32_t before = counter.act_hour() == hour ? counter.acts_in_hour() : 0;
  if (IsCounted(actor) && before >= limits::kAgencyActsPerHour) {
    return Refuse(R::RATE_LIMITED,
                  "over 240 changes of the directory this hour: go on in the next");
  }
  counter.set_act_hour(hour);
  counter.set_acts_in_hour(before + 1);
  return counter;
}

tl::unexpected<Error> Contradicts(std::string advice) {
  return Refuse(R::ACT_INVALID, std::move(advice));
}

Result<void> RequireText(std::string_view text, std::string_view field) {
  if (text.size() > limits::kNoteBytesMax) {
    return Refuse(R::MALFORMED, std::string(field) + ": at most 512 bytes");
  }
  return {};
}

Result<void> RequireDomain(std::string_view address, std::string_view domain) {
  const auto parsed = AgencyAddress::Parse(address);
  if (!parsed) {
    return Refuse(R::MALFORMED, "address: " + parsed.error().context);
  }
  if (parsed->domain() != domain) {
    return Contradicts("address: this domain is " + std::string(domain) +
                       "; it cannot speak for another's agencies");
  }
  return {};
}

Result<void> RequireUnusedActId(const std::string& act_id, const View& view) {
  if (act_id.size() != kActIdBytes) {
    return Refuse(R::MALFORMED, "act_id: must be 16 bytes");
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> done, view.Get(Table::kAct, act_id));
  if (done) {
    return Refuse(R::ID_REUSED, "this act has been applied already");
  }
  return {};
}

Result<void> ApplyAct(const v1::ActRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto act, ParseAs<v1::Act>(entry.act(), "Act"));
  ASSIGN_OR_RETURN(const Allowed allowed,
                   RequireAllowed(act, entry.signature().signer_key(), at.view, at.time));
  if (IsCounted(allowed.actor)) {
    Write(at.view, Table::kCounter, allowed.actor.address(), allowed.counter);
  }
  RETURN_IF_ERROR(CarryOrPropose(act, entry.act(), allowed.actor, at));
  at.view.Put(Table::kAct, act.act_id(), IndexKey(at.index));
  NoteHistory(act, at);
  return {};
}

}  // namespace rujukan::ledger::rules

namespace rujukan::ledger {

Verdict<void> CheckActor(const View& view, const v1::ActRecorded& act, UnixMillis time) {
  return ToVerdict(rules::Check(act, view, time));
}

}  // namespace rujukan::ledger
