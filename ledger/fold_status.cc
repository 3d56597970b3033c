// The fold's rules for suspending, resuming and revoking, and what happens to the mail that waits.

#include <vector>

#include "base/bytes.h"
#include "ledger/fold_rules.h"
#include "ledger/leg_machine.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

Result<v1::AgencyRecord> RequireMember(const std::string& address, const Context& at) {
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> member, ReadAgency(at.view, address));
  if (!member || member->status() == v1::AgencyStatus::NONAKTIF) {
    return Contradicts(address + " is not a member");
  }
  return std::move(*member);
}

Result<void> RequireOther(std::string_view actor, const std::string& address) {
  if (address == actor) {
    return Contradicts("nobody suspends or revokes itself: another admin has to");
  }
  return {};
}

// Whose keys were ended meanwhile, by its CA or with an anchor, could take mail and never answer.
Result<void> RequireKeys(const v1::AgencyRecord& member, const Context& at) {
  for (const std::string& key_id : {member.signing_key(), member.encryption_key()}) {
    ASSIGN_OR_RETURN(const auto key, ReadKey(at.view, key_id));
    if (key && key->revoked_at_index() != 0) {
      return Contradicts(member.address() +
                         " has a key that was ended: invite it with --replace, then resume it");
    }
  }
  return {};
}

struct Waiting {
  LogIndex index = 0;
  std::string message_id;
};

Result<std::vector<Waiting>> ListMailbox(const std::string& address, const Context& at) {
  std::vector<Waiting> waiting;
  const std::string prefix = MailboxPrefix(address);
  RETURN_IF_ERROR(at.view.Scan(
      Table::kMailbox, prefix, "", [&](std::string_view key, std::string_view message_id) {
        waiting.push_back({ReadBigEndian64(key.substr(prefix.size())), std::string(message_id)});
        return true;
      }));
  return waiting;
}

// A referral that nobody ever opened has failed: its sender has to find somebody else.
Result<void> FailUnopenedLeg(const v1::MessageRecord& message, const Context& at) {
  if (message.kind() != v1::Kind::RUJUKAN) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto before, ReadLeg(at.view, message.leg_id()));
  v1::LegRecord leg = before.value_or(v1::LegRecord());
  if (!before || !BounceLeg(leg, at.index, at.time)) {
    return {};
  }
  return WriteLeg(message.leg_id(), &*before, leg, at, nullptr);
}

Result<void> BounceOne(const std::string& address,
                       const Waiting& waiting,
                       v1::MessageRecord message,
                       const Context& at) {
  for (v1::DeliveryState& delivery : *message.mutable_deliveries()) {
    if (delivery.recipient() == address) {
      delivery.set_index(at.index);
      delivery.set_time_ms(at.time);
      delivery.set_bounced(true);
    }
  }
  Write(at.view, Table::kMessage, waiting.message_id, message);
  at.view.Delete(Table::kMailbox, MailboxKey(address, waiting.index));
  at.view.Delete(Table::kShare, PairKey(address, message.from()));
  return FailUnopenedLeg(message, at);
}

Result<void> EmptyCounter(const std::string& address, const Context& at) {
  ASSIGN_OR_RETURN(v1::CounterRecord counter, ReadCounter(at.view, address));
  counter.set_mailbox_messages(0);
  counter.set_mailbox_bytes(0);
  Write(at.view, Table::kCounter, address, counter);
  return {};
}

// Senders are told either way; bounced mail leaves the mailbox for good.
Result<void> SettleMailbox(const std::string& address, bool bounce, const Context& at) {
  ASSIGN_OR_RETURN(const std::vector<Waiting> mailbox, ListMailbox(address, at));
  for (const Waiting& waiting : mailbox) {
    ASSIGN_OR_RETURN(std::optional<v1::MessageRecord> message,
                     ReadMessage(at.view, waiting.message_id));
    if (!message) {
      return Fail(Errc::kCorrupt, "a mailbox names a message that is not in the ledger");
    }
    at.effects.waiting.push_back({address, message->from(), waiting.message_id, bounce});
    if (bounce) {
      RETURN_IF_ERROR(BounceOne(address, waiting, std::move(*message), at));
    }
  }
  return bounce && !mailbox.empty() ? EmptyCounter(address, at) : Result<void>();
}

}  // namespace

// A domain without an admin could only be mended with the root key.
Result<void> RequireAdminLeft(const v1::AgencyRecord& leaving, const Context& at) {
  if (leaving.role() != v1::Role::ADMIN) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto members, ListAgencies(at.view));
  for (const v1::AgencyRecord& member : members) {
    if (member.role() == v1::Role::ADMIN && member.status() == v1::AgencyStatus::AKTIF &&
        member.address() != leaving.address()) {
      return {};
    }
  }
  return Contradicts(leaving.address() +
                     " is the last active admin: appoint another one first, or use the root key");
}

Result<void> SuspendMember(v1::AgencyRecord member, std::string note, const Context& at) {
  const std::string address = member.address();
  member.set_status(v1::AgencyStatus::DIBEKUKAN);
  member.set_status_note(std::move(note));
  member.set_changed_at_index(at.index);
  Write(at.view, Table::kAgency, address, member);
  at.effects.cut.push_back(address);
  return {};
}

Result<void> ApplySuspend(const v1::Act& act, const Context& at) {
  const v1::Suspend& suspend = act.suspend();
  RETURN_IF_ERROR(RequireText(suspend.note(), "note"));
  RETURN_IF_ERROR(RequireOther(act.actor(), suspend.address()));
  ASSIGN_OR_RETURN(v1::AgencyRecord member, RequireMember(suspend.address(), at));
  if (member.status() == v1::AgencyStatus::DIBEKUKAN) {
    return Contradicts(suspend.address() + " is suspended already");
  }
  RETURN_IF_ERROR(RequireAdminLeft(member, at));
  RETURN_IF_ERROR(SuspendMember(std::move(member), suspend.note(), at));
  return SettleMailbox(suspend.address(), suspend.pending_mail() == v1::PendingMail::BOUNCE, at);
}

Result<void> ApplyResume(const v1::Act& act, const Context& at) {
  const v1::Resume& resume = act.resume();
  RETURN_IF_ERROR(RequireText(resume.note(), "note"));
  ASSIGN_OR_RETURN(v1::AgencyRecord member, RequireMember(resume.address(), at));
  if (member.status() != v1::AgencyStatus::DIBEKUKAN) {
    return Contradicts(resume.address() + " is not suspended");
  }
  RETURN_IF_ERROR(RequireKeys(member, at));
  member.set_status(v1::AgencyStatus::AKTIF);
  member.clear_status_note();
  member.set_changed_at_index(at.index);
  Write(at.view, Table::kAgency, resume.address(), member);
  return {};
}

Result<void> RevokeMember(const v1::Revoke& revoke, const Context& at) {
  RETURN_IF_ERROR(RequireText(revoke.note(), "note"));
  if (!v1::RevocationReason::Code_IsValid(revoke.reason()) ||
      revoke.reason() == v1::RevocationReason::UNSPECIFIED) {
    return Refuse(R::MALFORMED, "reason: say why");
  }
  ASSIGN_OR_RETURN(v1::AgencyRecord member, RequireMember(revoke.address(), at));
  RETURN_IF_ERROR(RevokeKeysOf(member, at));
  member.set_status(v1::AgencyStatus::NONAKTIF);
  member.set_revocation_reason(revoke.reason());
  member.set_status_note(revoke.note());
  member.set_changed_at_index(at.index);
  Write(at.view, Table::kAgency, revoke.address(), member);
  at.effects.cut.push_back(revoke.address());
  return SettleMailbox(revoke.address(), revoke.pending_mail() == v1::PendingMail::BOUNCE, at);
}

Result<void> ApplyRevoke(const v1::Revoke& revoke, std::string_view actor, const Context& at) {
  RETURN_IF_ERROR(RequireOther(actor, revoke.address()));
  ASSIGN_OR_RETURN(const v1::AgencyRecord member, RequireMember(revoke.address(), at));
  RETURN_IF_ERROR(RequireAdminLeft(member, at));
  return RevokeMember(revoke, at);
}

}  // namespace rujukan::ledger::rules
