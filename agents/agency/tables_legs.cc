// Legs, and the deliveries of our own messages.
#include "agents/agency/tables.h"

namespace rujukan::agency {
namespace {

constexpr LogIndex kNever = UINT64_MAX;  // past every entry

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
  return leg;
}

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
  RETURN_IF_ERROR(database_->Query(
      "SELECT id,side,peer,state,planned,next_sequence,opened_ms,changed_ms FROM legs WHERE id=?",
      {Blob{id.view()}},
      [&](const Row& row) {
        leg = LegOf(row);
        return false;
      }));
  return leg;
}

Result<std::vector<LegRow>> Tables::ListLegs() {
  std::vector<LegRow> legs;
  RETURN_IF_ERROR(database_->Query(
      "SELECT id,side,peer,state,planned,next_sequence,opened_ms,changed_ms FROM legs"
      " ORDER BY opened_ms DESC, id LIMIT 1000",
      {},
      [&](const Row& row) {
        legs.push_back(LegOf(row));
        return true;
      }));
  return legs;
}

// When nobody got the message: the entry of the act that sent it back.
Result<LogIndex> Tables::BounceOf(const MessageId& id) {
  ASSIGN_OR_RETURN(const auto rows, WithheldOf(id));
  LogIndex at = kNever;
  for (const auto& row : rows) {
    if (row.how == Withheld::kBounced) {
      at = row.evidence.index;
    }
  }
  return at;
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

Result<void> Tables::RefoldLeg(const LegId& id, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto leg, FindLeg(id));
  if (!leg) {
    return {};
  }
  const bool sending = leg->side == ledger::Side::kSender;
  const auto other = sending ? ledger::Side::kReceiver : ledger::Side::kSender;
  ASSIGN_OR_RETURN(const auto messages, ListLeg(id));
  std::vector<LegStep> proven;
  std::vector<LegStep> planned;
  bool arrived = !sending;
  LogIndex bounced_at = kNever;
  const auto bounce_before = [&](LogIndex index) {
    if (bounced_at < index) {
      proven.push_back(LegStep::Bounce());
      planned.push_back(LegStep::Bounce());
      bounced_at = kNever;
    }
  };
  for (const auto& message : messages) {
    if (!TellsOfLeg(message, *leg)) {
      continue;
    }
    const bool is_proven = !message.accepted.entry.empty();
    bounce_before(is_proven ? message.accepted.index : kNever);
    const LegStep step{message.kind, message.outgoing ? leg->side : other};
    planned.push_back(step);
    if (!is_proven) {
      continue;
    }
    proven.push_back(step);
    if (sending && message.kind == v1::Kind::RUJUKAN) {
      ASSIGN_OR_RETURN(const auto deliveries, Deliveries(message.id));
      arrived = !deliveries.empty() && deliveries[0].outcome == v1::DeliveryOutcome::DELIVERED;
      ASSIGN_OR_RETURN(bounced_at, BounceOf(message.id));
    }
  }
  bounce_before(kNever);
  const auto state = FoldLeg(proven, arrived);
  const UnixMillis changed = state == leg->state ? leg->changed_at : now;
  if (state != leg->state) {
    Event event{EventType::kLegStateChanged, now, "", id.str()};
    event.code = v1::LegState::Code_Name(state);
    RETURN_IF_ERROR(PutEvent(event));
  }
  return database_->Run(
      "UPDATE legs SET state=?,planned=?,changed_ms=? WHERE id=?",
      {int64_t{state}, int64_t{FoldLeg(planned, arrived)}, changed, Blob{id.view()}});
}

}  // namespace rujukan::agency
