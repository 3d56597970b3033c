// The fold's rules for clocks: putting a document in force, running the clocks of every leg that is
// written, and what the broker puts on record when one is missed. It may say so only when it is
// so: an auditor refuses a deadline that had not passed, a level too high, and somebody told who is
// not to be.

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/clocks_in_force.h"
#include "ledger/clocks_text.h"
#include "ledger/fold_rules.h"
#include "ledger/leg_machine.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

// The leg's one row in the index of what is due moves with it.
void MoveRow(const std::string& leg_id,
             std::optional<UnixMillis> before,
             std::optional<UnixMillis> after,
             Overlay& view) {
  if (before == after) {
    return;
  }
  if (before) {
    view.Delete(Table::kClock, ClockKey(*before, leg_id));
  }
  if (after) {
    view.Put(Table::kClock, ClockKey(*after, leg_id), "");
  }
}

void Store(const std::string& leg_id,
           const v1::LegRecord* before,
           const v1::LegRecord& leg,
           const Context& at) {
  MoveRow(leg_id, before ? NextDue(*before) : std::nullopt, NextDue(leg), at.view);
  Write(at.view, Table::kLeg, leg_id, leg);
}

void Tell(const std::string& address, const std::string& leg_id, const Context& at) {
  at.view.Put(Table::kLegNotice, MailboxKey(address, at.index), leg_id);
  at.effects.told.push_back(address);
}

struct Due {
  v1::LegRecord leg;
  const v1::RunningDeadline* deadline;  // of `leg`
  ClockSetting setting;
  Consequence miss;
};
Result<std::unique_ptr<Due>> RequireDue(const std::string& leg_id,
                                        v1::Deadline::Code deadline,
                                        const Context& at) {
  ASSIGN_OR_RETURN(auto leg, ReadLeg(at.view, leg_id));
  if (!leg) {
    return Refuse(R::UNKNOWN_LEG);
  }
  auto due = std::make_unique<Due>();
  due->leg = std::move(*leg);
  due->deadline = FindDeadline(due->leg, deadline);
  if (due->deadline == nullptr || due->deadline->next_ms() == 0 ||
      due->deadline->next_ms() > at.time) {
    return Refuse(R::NOT_DUE);
  }
  ASSIGN_OR_RETURN(due->setting, SettingFor(due->leg.receiver(), at.view, at.view.clocks_memo()));
  due->miss = ConsequenceOf(due->leg, *due->deadline, due->setting);
  return due;
}

// What the entry says is what the leg's record comes to, and nobody is told who is not to be.
Result<void> RequireAsRecorded(const v1::DeadlineMissed& entry, const Due& due, const Context& at) {
  if (due.miss == Consequence::kCloses) {
    return Refuse(R::NOT_DUE, "the notice has been given: the leg is to be closed");
  }
  if (entry.due_ms() != due.deadline->due_ms()) {
    return Refuse(R::MALFORMED, "due_ms: it was due at " + std::to_string(due.deadline->due_ms()));
  }
  if (const uint32_t level = LevelOf(due.leg, *due.deadline, due.miss); entry.level() != level) {
    return Refuse(R::MALFORMED, "level: this makes it " + std::to_string(level));
  }
  ASSIGN_OR_RETURN(const auto told, WhomToTell(due.leg, *due.deadline, due.miss, at.view));
  if (std::vector<std::string>(entry.told().begin(), entry.told().end()) != told) {
    return Refuse(R::MALFORMED, "told: not whom the leg and the directory name for this tier");
  }
  return {};
}

}  // namespace

Result<void> WriteLeg(const std::string& leg_id,
                      const v1::LegRecord* before,
                      const v1::LegRecord& leg,
                      const Context& at,
                      const v1::Header* header) {
  const LegChange change{before, header, at.time};
  v1::LegRecord written = leg;
  if (TouchesClocks(change, leg)) {
    ASSIGN_OR_RETURN(const ClockSetting setting,
                     SettingFor(leg.receiver(), at.view, at.view.clocks_memo()));
    RunClocks(change, setting, written);
  }
  Store(leg_id, before, written, at);
  return {};
}

Result<void> ApplyDeadlineMissed(const v1::DeadlineMissed& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto due, RequireDue(entry.leg_id(), entry.deadline(), at));
  RETURN_IF_ERROR(RequireAsRecorded(entry, *due, at));
  v1::LegRecord leg = due->leg;
  RecordMiss(entry.deadline(), at.time, due->setting, leg);
  Store(entry.leg_id(), &due->leg, leg, at);
  Tell(leg.sender(), entry.leg_id(), at);
  // Whose machine has not got it yet need not be told so.
  if (entry.deadline() != v1::Deadline::PENERIMAAN) {
    Tell(leg.receiver(), entry.leg_id(), at);
  }
  for (const std::string& address : entry.told()) {
    Tell(address, entry.leg_id(), at);
  }
  return {};
}

Result<void> ApplyLegClosed(const v1::LegClosed& entry, const Context& at) {
  ASSIGN_OR_RETURN(const auto due, RequireDue(entry.leg_id(), v1::Deadline::PENUTUPAN, at));
  if (due->miss != Consequence::kCloses) {
    return Refuse(R::NOT_DUE, "only after a notice, and never of high risk");
  }
  v1::LegRecord leg = due->leg;
  if (auto closed = CloseLeg(leg, at.index, at.time); !closed) {
    return Refuse(closed.error().reason, std::move(closed.error().advice));
  }
  RETURN_IF_ERROR(WriteLeg(entry.leg_id(), &due->leg, leg, at, nullptr));
  Tell(leg.sender(), entry.leg_id(), at);
  Tell(leg.receiver(), entry.leg_id(), at);
  return {};
}

// The version says which clocks the admin had before it: two admins who change them at the same
// time do not undo each other unseen.
Result<void> ApplySetClocks(const v1::Act& act, const Context& at) {
  const v1::SetClocks& set = act.set_clocks();
  ASSIGN_OR_RETURN(const auto present, ReadClocksRecord(at.view));
  const uint64_t next = present ? present->version() + 1 : 1;
  if (set.version() != next) {
    return Contradicts("version: the next version is " + std::to_string(next) +
                       "; look at what has changed meanwhile");
  }
  if (const auto clocks = ParseClocks(set.document()); !clocks) {
    return Contradicts("clocks: " + clocks.error().context);
  }
  v1::ClocksRecord record;
  record.set_version(next);
  record.set_digest(certs::Sha256(set.document()).str());
  record.set_index(at.index);
  record.set_by(act.actor());
  Write(at.view, Table::kHead, kClocksKey, record);
  at.view.Put(Table::kHead, kClocksTextKey, set.document());
  return {};
}

}  // namespace rujukan::ledger::rules
