// Legs, and the deliveries of our own messages.
#include <algorithm>

#include "agents/agency/tables.h"
#include "agents/agency/tables_places.h"
#include "agents/agency/tables_view.h"
#include "ledger/clocks_in_force.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::agency {
namespace {

int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(value);
}

// The ledger's time: what a receiver says of its own clock is not ours to go by.
UnixMillis TimeOfEntry(const Evidence& evidence) {
  v1::Entry entry;
  entry.ParseFromString(evidence.entry);
  return entry.time_ms();
}

LegRow LegOf(const Row& row) {
  LegRow leg;
  if (auto id = LegId::FromBytes(row.Bytes(0)); id) {
    leg.id = *id;
  }
  leg.side = row.Int(1) == 0 ? ledger::Side::kSender : ledger::Side::kReceiver;
  leg.peer = row.Bytes(2);
  leg.state = static_cast<v1::LegState::Code>(row.Int(3));
  leg.planned = static_cast<v1::LegState::Code>(row.Int(4));
  leg.next_sequence = static_cast<uint64_t>(row.Int(5));
  leg.opened_at = row.Int(6);
  leg.changed_at = row.Int(7);
  leg.record.ParseFromString(row.Bytes(8));
  leg.plan.ParseFromString(row.Bytes(9));
  leg.handed_over = static_cast<LogIndex>(row.Int(10));
  leg.restricted_at = row.Int(11);
  return leg;
}

// One list of columns for every SELECT of legs.
#define RUJUKAN_LEG_COLUMNS                                                                      \
  "SELECT l.id,side,peer,state,l.planned,next_sequence,opened_ms,changed_ms,r.proven,r.planned," \
  "r.handed_over,(SELECT since_ms FROM restrictions WHERE leg=l.id)"                             \
  " FROM legs l LEFT JOIN leg_records r ON r.leg=l.id "

// Whether a message tells anything about its leg: not when it was refused, and not when it came
// from anybody but the other side or without that side's signature. What the other side signed
// counts even when we cannot open it: the broker's fold counts it too.
bool TellsOfLeg(const MessageRow& message, const LegRow& leg) {
  if (message.outgoing) {
    return message.stage != Stage::kRefused;
  }
  v1::Header header;
  return (message.outcome == v1::DeliveryOutcome::DELIVERED ||
          message.outcome == v1::DeliveryOutcome::UNREADABLE) &&
         header.ParseFromString(message.header) && header.from() == leg.peer;
}

}  // namespace

Result<void> Tables::PutDelivery(const MessageId& id, const DeliveryRow& row) {
  RETURN_IF_ERROR(database_->Run("DELETE FROM withheld WHERE message=? AND recipient=?",
                                 {Blob{id.view()}, Text{row.recipient}}));
  RETURN_IF_ERROR(database_->Run(
      "INSERT OR IGNORE INTO deliveries(message,recipient,outcome,received_ms,entry_index,"
      "entry_size,entry,proof) VALUES(?,?,?,?,?,?,?,?)",
      {Blob{id.view()},
       Text{row.recipient},
       int64_t{row.outcome},
       row.received_at,
       Signed(row.evidence.index),
       Signed(row.evidence.size),
       Blob{row.evidence.entry},
       Blob{row.evidence.proof}}));
  return TellFate(EventType::kMessageDelivered,
                  id,
                  TimeOfEntry(row.evidence),
                  v1::DeliveryOutcome::Code_Name(row.outcome));
}

Result<std::vector<DeliveryRow>> Tables::Deliveries(const MessageId& id) {
  std::vector<DeliveryRow> rows;
  RETURN_IF_ERROR(database_->Query(
      "SELECT recipient,outcome,received_ms,entry_index,entry_size,entry,proof FROM deliveries"
      " WHERE message=? ORDER BY recipient",
      {Blob{id.view()}},
      [&](const Row& row) {
        rows.push_back(DeliveryRow{row.Bytes(0),
                                   static_cast<v1::DeliveryOutcome::Code>(row.Int(1)),
                                   row.Int(2),
                                   Evidence{static_cast<LogIndex>(row.Int(3)),
                                            static_cast<TreeSize>(row.Int(4)),
                                            row.Bytes(5),
                                            row.Bytes(6)}});
        return true;
      }));
  return rows;
}

Result<void> Tables::PutWithheld(const MessageId& id, const WithheldRow& row) {
  RETURN_IF_ERROR(database_->Run(
      "INSERT INTO withheld(message,recipient,bounced,entry_index,entry_size,entry,proof)"
      " SELECT ?1,?2,?3,?4,?5,?6,?7 WHERE NOT EXISTS(SELECT 1 FROM deliveries WHERE message=?1"
      " AND recipient=?2) ON CONFLICT(message,recipient) DO UPDATE SET bounced=excluded.bounced,"
      "entry_index=excluded.entry_index,entry_size=excluded.entry_size,entry=excluded.entry,"
      "proof=excluded.proof WHERE excluded.entry_index>withheld.entry_index",
      {Blob{id.view()},
       Text{row.recipient},
       int64_t{row.how == Withheld::kBounced},
       Signed(row.evidence.index),
       Signed(row.evidence.size),
       Blob{row.evidence.entry},
       Blob{row.evidence.proof}}));
  return TellFate(EventType::kMessageWithheld,
                  id,
                  TimeOfEntry(row.evidence),
                  row.how == Withheld::kBounced ? "BOUNCED" : "HELD");
}

Result<std::vector<WithheldRow>> Tables::WithheldOf(const MessageId& id) {
  std::vector<WithheldRow> rows;
  RETURN_IF_ERROR(database_->Query(
      "SELECT recipient,bounced,entry_index,entry_size,entry,proof FROM withheld"
      " WHERE message=? ORDER BY recipient",
      {Blob{id.view()}},
      [&](const Row& row) {
        rows.push_back(WithheldRow{row.Bytes(0),
                                   row.Int(1) == 0 ? Withheld::kHeld : Withheld::kBounced,
                                   Evidence{static_cast<LogIndex>(row.Int(2)),
                                            static_cast<TreeSize>(row.Int(3)),
                                            row.Bytes(4),
                                            row.Bytes(5)}});
        return true;
      }));
  return rows;
}

Result<void> Tables::ReleaseMailOf(const std::string& recipient) {
  return database_->Run("DELETE FROM withheld WHERE recipient=? AND bounced=0", {Text{recipient}});
}

Result<void> Tables::OpenLeg(const LegRow& leg) {
  RETURN_IF_ERROR(database_->Run(
      "INSERT INTO legs(id,side,peer,state,planned,next_sequence,opened_ms,changed_ms)"
      " VALUES(?,?,?,?,?,?,?,?)",
      {Blob{leg.id.view()},
       int64_t{leg.side == ledger::Side::kReceiver},
       Text{leg.peer},
       int64_t{leg.state},
       int64_t{leg.planned},
       Signed(leg.next_sequence),
       leg.opened_at,
       leg.changed_at}));
  return PutEvent({EventType::kLegOpened, leg.opened_at, "", leg.id.str()});
}

Result<std::optional<LegRow>> Tables::FindLeg(const LegId& id) {
  std::optional<LegRow> leg;
  RETURN_IF_ERROR(
      database_->Query(RUJUKAN_LEG_COLUMNS "WHERE l.id=?", {Blob{id.view()}}, [&](const Row& row) {
        leg = LegOf(row);
        return false;
      }));
  return leg;
}

Result<std::vector<LegRow>> Tables::LegsHere() {
  std::vector<LegRow> legs;
  RETURN_IF_ERROR(database_->Query(RUJUKAN_LEG_COLUMNS "WHERE side=1 AND l.planned IN(?,?,?)",
                                   {int64_t{v1::LegState::DITERIMA},
                                    int64_t{v1::LegState::BERJALAN},
                                    int64_t{v1::LegState::DITUNDA}},
                                   [&](const Row& row) {
                                     legs.push_back(LegOf(row));
                                     return true;
                                   }));
  return legs;
}

Result<std::vector<LegRow>> Tables::LegsOfEpisode(const std::string& episode) {
  std::vector<LegRow> legs;
  if (episode.empty()) {
    return legs;
  }
  const std::string mark = key_.Mark(episode, kEpisodePlace);
  RETURN_IF_ERROR(database_->Query(
      RUJUKAN_LEG_COLUMNS
      "WHERE l.id IN (SELECT leg FROM episodes WHERE mark=?) ORDER BY opened_ms, l.id",
      {Blob{mark}},
      [&](const Row& row) {
        legs.push_back(LegOf(row));
        return true;
      }));
  return legs;
}

Result<std::optional<LegId>> Tables::ContinuationOf(const LegId& id) {
  std::string found;
  RETURN_IF_ERROR(
      database_->Query("SELECT next FROM continuations WHERE leg=?1"
                       " UNION ALL SELECT leg FROM leg_records WHERE continues=?1",
                       {Blob{id.view()}},
                       [&](const Row& row) {
                         found = row.Bytes(0);
                         return false;
                       }));
  const auto leg = LegId::FromBytes(found);
  return leg ? std::optional<LegId>(*leg) : std::nullopt;
}

Result<void> Tables::PutContinuation(const LegId& leg, const LegId& next, UnixMillis now) {
  RETURN_IF_ERROR(database_->Run("INSERT OR REPLACE INTO continuations(leg,next) VALUES(?,?)",
                                 {Blob{leg.view()}, Blob{next.view()}}));
  return RefoldLeg(leg, now);
}

Result<std::vector<LegRow>> Tables::ScanLegs(size_t max) {
  std::vector<LegRow> legs;
  RETURN_IF_ERROR(database_->Query(RUJUKAN_LEG_COLUMNS "ORDER BY opened_ms DESC, l.id LIMIT ?",
                                   {static_cast<int64_t>(max)},
                                   [&](const Row& row) {
                                     legs.push_back(LegOf(row));
                                     return true;
                                   }));
  return legs;
}

// When nobody got the message: the entry of the act that sent it back.
Result<std::optional<LegStep>> Tables::BounceOf(const MessageId& id) {
  ASSIGN_OR_RETURN(const auto rows, WithheldOf(id));
  std::optional<LegStep> bounce;
  for (const auto& row : rows) {
    if (row.how == Withheld::kBounced) {
      bounce =
          LegStep{LegStep::What::kBounced, {}, {}, row.evidence.index, TimeOfEntry(row.evidence)};
    }
  }
  return bounce;
}

Result<std::optional<LegStep>> Tables::ArrivalOf(const MessageId& id) {
  ASSIGN_OR_RETURN(const auto deliveries, Deliveries(id));
  if (deliveries.empty() || deliveries[0].outcome != v1::DeliveryOutcome::DELIVERED) {
    return std::optional<LegStep>();
  }
  const Evidence& evidence = deliveries[0].evidence;
  return std::optional<LegStep>(
      LegStep{LegStep::What::kArrived, {}, {}, evidence.index, TimeOfEntry(evidence)});
}

Result<uint64_t> Tables::TakeSequence(const LegId& id) {
  ASSIGN_OR_RETURN(const auto leg, FindLeg(id));
  if (!leg) {
    return Fail(Errc::kNotFound, "no such leg here");
  }
  RETURN_IF_ERROR(database_->Run("UPDATE legs SET next_sequence=next_sequence+1 WHERE id=?",
                                 {Blob{id.view()}}));
  return leg->next_sequence;
}

// By the ledger's order. What the receiver has opened has arrived for it, whenever its receipt
// gets to the ledger.
Result<std::vector<LegStep>> Tables::ProvenSteps(const LegRow& leg) {
  const bool sending = leg.side == ledger::Side::kSender;
  ASSIGN_OR_RETURN(const auto messages, ListLeg(leg.id));
  std::vector<LegStep> steps;
  for (const auto& message : messages) {
    if (!TellsOfLeg(message, leg) || message.accepted.entry.empty()) {
      continue;
    }
    LegStep step;
    step.header.ParseFromString(message.header);
    step.side = message.outgoing ? leg.side : ledger::Other(leg.side);
    step.index = message.accepted.index;
    step.time = TimeOfEntry(message.accepted);
    steps.push_back(step);
    if (message.kind != v1::Kind::RUJUKAN) {
      continue;
    }
    if (!sending) {
      steps.push_back(LegStep{LegStep::What::kArrived, {}, {}, step.index, step.time});
      continue;
    }
    ASSIGN_OR_RETURN(const auto arrival, ArrivalOf(message.id));
    ASSIGN_OR_RETURN(const auto bounce, BounceOf(message.id));
    for (const auto& event : {arrival, bounce}) {
      if (event) {
        steps.push_back(*event);
      }
    }
  }
  ASSIGN_OR_RETURN(const auto notices, NoticesOfLeg(leg.id));
  for (const NoticeRow& notice : notices) {
    const bool closed = notice.entry.has_leg_closed();
    steps.push_back(LegStep{closed ? LegStep::What::kClosed : LegStep::What::kMissed,
                            {},
                            {},
                            notice.evidence.index,
                            notice.entry.time_ms(),
                            notice.entry.deadline_missed().deadline()});
  }
  std::stable_sort(steps.begin(), steps.end(), [](const LegStep& one, const LegStep& other) {
    return one.index < other.index;
  });
  return steps;
}

// By the receiver's zone and office, and the domain's document, as far as the directory is here.
Result<ledger::ClockSetting> Tables::ClocksOf(const std::vector<LegStep>& steps) {
  std::string receiver;
  for (const LegStep& step : steps) {
    if (step.header.kind() == v1::Kind::RUJUKAN && step.header.to_size() == 1) {
      receiver = step.header.to(0);
      break;
    }
  }
  return ledger::SettingFor(receiver, TablesView(*this), clocks_memo_);
}

Result<std::vector<LegStep>> Tables::QueuedSteps(const LegRow& leg, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto messages, ListLeg(leg.id));
  std::vector<LegStep> steps;
  for (const auto& message : messages) {
    if (TellsOfLeg(message, leg) && message.accepted.entry.empty()) {
      LegStep step;
      step.header.ParseFromString(message.header);
      step.side = message.outgoing ? leg.side : ledger::Other(leg.side);
      step.time = now;
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

// How often the child was redirected before this leg, as far as the legs before it are here.
Result<uint32_t> Tables::HopsBefore(const std::vector<LegStep>& steps) {
  for (const LegStep& step : steps) {
    const auto before = LegId::FromBytes(step.header.continues_leg());
    if (step.header.kind() != v1::Kind::RUJUKAN || !before) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto leg, FindLeg(*before));
    if (!leg || leg->plan.state() == v1::LegState::DITUTUP) {
      return 0;
    }
    return leg->plan.hops() + (leg->plan.state() == v1::LegState::DIALIHKAN ? 1 : 0);
  }
  return 0;
}

// How high missed deadlines have been told, by the broker's records of them.
Result<uint32_t> Tables::EscalationOf(const LegId& id) {
  ASSIGN_OR_RETURN(const auto notices, NoticesOfLeg(id));
  uint32_t level = 0;
  for (const NoticeRow& notice : notices) {
    level = std::max(level, notice.entry.deadline_missed().level());
  }
  return level;
}

Result<void> Tables::RefoldLeg(const LegId& id, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto leg, FindLeg(id));
  if (!leg) {
    return {};
  }
  ASSIGN_OR_RETURN(auto steps, ProvenSteps(*leg));
  ASSIGN_OR_RETURN(const auto queued, QueuedSteps(*leg, now));
  const size_t proven_count = steps.size();
  steps.insert(steps.end(), queued.begin(), queued.end());
  ASSIGN_OR_RETURN(const uint32_t hops, HopsBefore(steps));
  ASSIGN_OR_RETURN(const auto next, ContinuationOf(id));
  ASSIGN_OR_RETURN(const ledger::ClockSetting clocks, ClocksOf(steps));
  FoldedLeg planned = FoldLeg(steps, hops, &clocks);
  steps.resize(proven_count);
  FoldedLeg proven = FoldLeg(steps, hops, &clocks);
  ASSIGN_OR_RETURN(const uint32_t escalation, EscalationOf(id));
  for (v1::LegRecord* record : {&proven.record, &planned.record}) {
    record->set_continued_by(next ? next->str() : std::string());
    record->set_escalation(escalation);
  }
  RETURN_IF_ERROR(
      database_->Run("INSERT OR REPLACE INTO leg_records(leg,proven,planned,handed_over,continues)"
                     " VALUES(?,?,?,?,?)",
                     {Blob{id.view()},
                      Blob{proven.record.SerializeAsString()},
                      Blob{planned.record.SerializeAsString()},
                      Signed(proven.handed_over),
                      Blob{planned.record.continues_leg()}}));
  const auto state = proven.record.state();
  const UnixMillis changed = state == leg->state ? leg->changed_at : now;
  if (state != leg->state) {
    Event event{EventType::kLegStateChanged, now, "", id.str()};
    event.code = v1::LegState::Code_Name(state);
    RETURN_IF_ERROR(PutEvent(event));
  }
  return database_->Run(
      "UPDATE legs SET state=?,planned=?,changed_ms=? WHERE id=?",
      {int64_t{state}, int64_t{planned.record.state()}, changed, Blob{id.view()}});
}

}  // namespace rujukan::agency
