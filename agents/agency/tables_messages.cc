// Messages, their stages and their proofs.
#include "agents/agency/tables.h"

namespace rujukan::agency {
namespace {

// One list of columns for every SELECT, so that RowOf reads them all alike; `content` comes last
// and is left out (NULL) where it is not needed.
#define RUJUKAN_COLUMNS_WITH(CIPHERTEXT)                                                     \
  "local,id,outgoing,leg,kind,stage,header,signature," CIPHERTEXT                            \
  ",outcome,reason,stored_ms,"                                                               \
  "entry_index,entry_size,entry,proof,delivery,recorded_index,recorded_size,recorded_entry," \
  "recorded_proof,(SELECT max(1+bounced) FROM withheld WHERE message=id),"                   \
  "(SELECT erased_ms FROM erased WHERE message=id),"
#define RUJUKAN_COLUMNS RUJUKAN_COLUMNS_WITH("ciphertext")
#define RUJUKAN_LISTED RUJUKAN_COLUMNS_WITH("NULL")  // up to 256 KiB a row that no list needs

std::string ContentPlace(const MessageId& id) {
  return "messages/content/" + FormatUuid(id.view());
}

int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(value);
}

constexpr int kContentColumn = 23;

}  // namespace

MessageRow Tables::RowOf(const Row& row) const {
  MessageRow message;
  message.local = row.Int(0);
  if (auto id = MessageId::FromBytes(row.Bytes(1)); id) {
    message.id = *id;
  }
  message.outgoing = row.Int(2) != 0;
  message.leg = row.Bytes(3);
  message.kind = static_cast<v1::Kind::Code>(row.Int(4));
  message.stage = static_cast<Stage>(row.Int(5));
  message.header = row.Bytes(6);
  message.signature.ParseFromString(row.Bytes(7));
  message.ciphertext = row.Bytes(8);
  message.outcome = static_cast<v1::DeliveryOutcome::Code>(row.Int(9));
  message.reason = row.Bytes(10);
  message.stored_at = row.Int(11);
  message.accepted = Evidence{static_cast<LogIndex>(row.Int(12)),
                              static_cast<TreeSize>(row.Int(13)),
                              row.Bytes(14),
                              row.Bytes(15)};
  message.delivery = row.Bytes(16);
  message.recorded = Evidence{static_cast<LogIndex>(row.Int(17)),
                              static_cast<TreeSize>(row.Int(18)),
                              row.Bytes(19),
                              row.Bytes(20)};
  message.withheld = static_cast<Withheld>(row.Int(21));
  message.erased_at = row.Int(22);
  message.content = row.Bytes(kContentColumn);  // still sealed: OpenContent follows
  return message;
}

Result<std::string> Tables::OpenContent(const MessageId& id, const std::string& sealed) const {
  if (sealed.empty()) {
    return std::string();
  }
  return key_.Open(sealed, ContentPlace(id));
}

Result<void> Tables::Insert(const MessageRow& message) {
  v1::Header header;
  header.ParseFromString(message.header);
  const std::string sealed =
      message.content.empty() ? "" : key_.Seal(message.content, ContentPlace(message.id));
  const std::string signature = message.signature.SerializeAsString();
  const bool proven = !message.accepted.entry.empty();
  const Value index = proven ? Value(Signed(message.accepted.index)) : Value(nullptr);
  const Value size = proven ? Value(Signed(message.accepted.size)) : Value(nullptr);
  RETURN_IF_ERROR(database_->Run(
      "INSERT INTO messages(id,outgoing,leg,kind,urgency,stage,header,signature,ciphertext,content,"
      "recipients,outcome,reason,stored_ms,entry_index,entry_size,entry,proof,delivery)"
      " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      {Blob{message.id.view()},
       int64_t{message.outgoing},
       Blob{message.leg},
       int64_t{message.kind},
       int64_t{header.urgency()},
       static_cast<int64_t>(message.stage),
       Blob{message.header},
       Blob{signature},
       Blob{message.ciphertext},
       Blob{sealed},
       int64_t{header.to_size()},
       int64_t{message.outcome},
       Text{message.reason},
       message.stored_at,
       index,
       size,
       Blob{message.accepted.entry},
       Blob{message.accepted.proof},
       Blob{message.delivery}}));
  return TellInserted(message);
}

// What came in, and identity that goes out. Of what else goes out its fate is told.
Result<void> Tables::TellInserted(const MessageRow& message) {
  const bool released = message.outgoing && message.kind == v1::Kind::RINCIAN;
  if ((message.outgoing && !released) || message.stage == Stage::kRefused) {
    return {};
  }
  const auto incoming = message.outcome == v1::DeliveryOutcome::DELIVERED
                            ? EventType::kMessageReceived
                            : EventType::kMessageUnreadable;
  return PutEvent({released ? EventType::kDisclosureReleased : incoming,
                   message.stored_at,
                   message.id.str(),
                   message.leg,
                   message.kind});
}

// What has become of a message of ours, when the last statement changed it.
Result<void> Tables::TellFate(EventType type,
                              const MessageId& id,
                              UnixMillis time,
                              const std::string& code,
                              const std::string& subject) {
  if (database_->Changes() == 0) {
    return {};
  }
  Event event{type, time, id.str()};
  event.code = code;
  event.subject = subject;
  RETURN_IF_ERROR(database_->Query(
      "SELECT leg,kind FROM messages WHERE id=?", {Blob{id.view()}}, [&](const Row& row) {
        event.leg = row.Bytes(0);
        event.kind = static_cast<v1::Kind::Code>(row.Int(1));
        return false;
      }));
  return PutEvent(event);
}

Result<std::optional<MessageRow>> Tables::Find(const MessageId& id) {
  std::optional<MessageRow> found;
  RETURN_IF_ERROR(database_->Query("SELECT " RUJUKAN_COLUMNS "content FROM messages WHERE id=?",
                                   {Blob{id.view()}},
                                   [&](const Row& row) {
                                     found = RowOf(row);
                                     return false;
                                   }));
  if (found) {
    ASSIGN_OR_RETURN(found->content, OpenContent(id, found->content));
  }
  return found;
}

Result<std::optional<Stage>> Tables::StageOf(const MessageId& id) {
  std::optional<Stage> stage;
  RETURN_IF_ERROR(database_->Query(
      "SELECT stage FROM messages WHERE id=?", {Blob{id.view()}}, [&](const Row& row) {
        stage = static_cast<Stage>(row.Int(0));
        return false;
      }));
  return stage;
}

Result<std::vector<MessageRow>> Tables::List(const ListRequest& request) {
  std::vector<MessageRow> rows;
  RETURN_IF_ERROR(
      database_->Query("SELECT " RUJUKAN_LISTED
                       "NULL FROM messages WHERE outgoing=? AND local>? ORDER BY local LIMIT ?",
                       {int64_t{request.outgoing}, request.after, Signed(request.max)},
                       [&](const Row& row) {
                         rows.push_back(RowOf(row));
                         return true;
                       }));
  return rows;
}

Result<std::vector<MessageRow>> Tables::ListSome(bool outgoing,
                                                 int64_t after,
                                                 size_t max,
                                                 const ListFilter& filter) {
  std::vector<MessageRow> rows;
  RETURN_IF_ERROR(database_->Query(
      "SELECT " RUJUKAN_LISTED
      "NULL FROM messages WHERE outgoing=?1 AND local>?2 AND (?3=0 OR kind=?3)"
      " AND (?4=0 OR urgency=?4) AND (?5=x'' OR leg=?5) AND stored_ms>=?6 AND stored_ms<?7"
      " ORDER BY local LIMIT ?8",
      {int64_t{outgoing},
       after,
       int64_t{filter.kind},
       int64_t{filter.urgency},
       Blob{filter.leg},
       filter.since,
       filter.until,
       Signed(max)},
      [&](const Row& row) {
        rows.push_back(RowOf(row));
        return true;
      }));
  return rows;
}

Result<std::vector<MessageRow>> Tables::ListLeg(const LegId& leg) {
  std::vector<MessageRow> rows;
  // Proven messages in the ledger's order, then those still on their way.
  RETURN_IF_ERROR(database_->Query("SELECT " RUJUKAN_LISTED
                                   "NULL FROM messages WHERE leg=? AND leg!=x''"
                                   " ORDER BY entry_index IS NULL, entry_index, local",
                                   {Blob{leg.view()}},
                                   [&](const Row& row) {
                                     rows.push_back(RowOf(row));
                                     return true;
                                   }));
  return rows;
}

Result<std::vector<MessageRow>> Tables::NextOutgoing(size_t max, v1::Urgency::Code least) {
  const int64_t urgency_max = least == v1::Urgency::UNSPECIFIED ? INT64_MAX : int64_t{least};
  std::vector<MessageRow> rows;
  // A leg's messages go one at a time and after our own receipts of that leg: the broker orders by
  // arrival, and an answer that overtook its receipt would be an illegal transition. So it is with
  // a leg that continues another: it goes after what is queued there.
  RETURN_IF_ERROR(database_->Query(
      "SELECT " RUJUKAN_COLUMNS
      "content FROM messages m WHERE outgoing=1 AND stage<2 AND urgency<=?"
      " AND NOT EXISTS(SELECT 1 FROM waits w JOIN messages b ON b.leg=w.leg WHERE w.message=m.id"
      "  AND ((b.outgoing=1 AND b.stage<2 AND b.local<m.local) OR b.stage=10))"
      " AND (leg=x'' OR ("
      " NOT EXISTS(SELECT 1 FROM messages e WHERE e.leg=m.leg AND e.leg!=x'' AND e.outgoing=1"
      "  AND e.stage<2 AND e.local<m.local)"
      " AND NOT EXISTS(SELECT 1 FROM messages i WHERE i.leg=m.leg AND i.leg!=x'' AND i.stage=10)))"
      " ORDER BY urgency, local LIMIT ?",
      {urgency_max, Signed(max)},
      [&](const Row& row) {
        rows.push_back(RowOf(row));
        return true;
      }));
  for (auto& row : rows) {
    ASSIGN_OR_RETURN(row.content, OpenContent(row.id, row.content));
  }
  return rows;
}

Result<std::vector<MessageRow>> Tables::UnrecordedReceipts(size_t max) {
  std::vector<MessageRow> rows;
  RETURN_IF_ERROR(database_->Query("SELECT " RUJUKAN_COLUMNS
                                   "NULL FROM messages WHERE stage=10 ORDER BY local LIMIT ?",
                                   {Signed(max)},
                                   [&](const Row& row) {
                                     rows.push_back(RowOf(row));
                                     return true;
                                   }));
  return rows;
}

Result<std::vector<std::pair<int64_t, MessageId>>> Tables::Undelivered(int64_t after, size_t max) {
  std::vector<std::pair<int64_t, MessageId>> ids;
  RETURN_IF_ERROR(
      database_->Query("SELECT local,id FROM messages WHERE stage=2 AND local>? AND recipients>"
                       "(SELECT count(*) FROM deliveries WHERE message=id)+"
                       "(SELECT count(*) FROM withheld WHERE message=id AND bounced=1)"
                       " ORDER BY local LIMIT ?",
                       {after, Signed(max)},
                       [&](const Row& row) {
                         if (auto id = MessageId::FromBytes(row.Bytes(1)); id) {
                           ids.emplace_back(row.Int(0), *id);
                         }
                         return true;
                       }));
  return ids;
}

Result<void> Tables::MarkSealed(const MessageId& id, const v1::Envelope& envelope) {
  const std::string signature = envelope.signature().SerializeAsString();
  return database_->Run(
      "UPDATE messages SET stage=1,header=?,signature=?,ciphertext=? WHERE id=? AND stage=0",
      {Blob{envelope.header()}, Blob{signature}, Blob{envelope.content()}, Blob{id.view()}});
}

Result<void> Tables::MarkAccepted(const MessageId& id, const link::Proven& proven) {
  RETURN_IF_ERROR(
      database_->Run("UPDATE messages SET stage=2,entry_index=?,entry_size=?,entry=?,proof=?"
                     " WHERE id=? AND outgoing=1 AND stage<2",
                     {Signed(proven.index),
                      Signed(proven.size),
                      Blob{proven.entry_bytes},
                      Blob{proven.proof},
                      Blob{id.view()}}));
  return TellFate(EventType::kMessageAccepted, id, proven.entry.time_ms());
}

Result<void> Tables::MarkRefused(const MessageId& id, const std::string& reason, UnixMillis now) {
  RETURN_IF_ERROR(
      database_->Run("UPDATE messages SET stage=3,reason=? WHERE id=? AND outgoing=1 AND stage<2",
                     {Text{reason}, Blob{id.view()}}));
  return TellFate(EventType::kMessageRefused, id, now);
}

Result<void> Tables::ReopenRefused(const MessageId& id) {
  return database_->Run(
      "UPDATE messages SET stage=1,reason='' WHERE id=? AND outgoing=1 AND stage=3",
      {Blob{id.view()}});
}

Result<void> Tables::Requeue(const MessageRow& row,
                             const MessageId& id,
                             const std::string& header,
                             const std::string& reason,
                             UnixMillis now) {
  const std::string sealed = key_.Seal(row.content, ContentPlace(id));
  RETURN_IF_ERROR(database_->Run(
      "UPDATE messages SET id=?,stage=0,header=?,signature=NULL,ciphertext=NULL,content=?"
      " WHERE id=? AND outgoing=1 AND stage=1",
      {Blob{id.view()}, Blob{header}, Blob{sealed}, Blob{row.id.view()}}));
  RETURN_IF_ERROR(TellFate(EventType::kMessageSentAnew, id, now, "", row.id.str()));
  RETURN_IF_ERROR(database_->Run("UPDATE attachments SET message=? WHERE message=?",
                                 {Blob{id.view()}, Blob{row.id.view()}}));
  MessageRow refused = row;
  refused.stage = Stage::kRefused;
  refused.reason = reason;
  return Insert(refused);
}

Result<void> Tables::ReplaceReceipt(const MessageId& id, const std::string& delivery) {
  return database_->Run("UPDATE messages SET delivery=? WHERE id=? AND stage=10",
                        {Blob{delivery}, Blob{id.view()}});
}

Result<void> Tables::MarkRecorded(const MessageId& id, const link::Proven* proven) {
  if (proven == nullptr) {
    return database_->Run("UPDATE messages SET stage=11 WHERE id=? AND stage=10",
                          {Blob{id.view()}});
  }
  return database_->Run(
      "UPDATE messages SET stage=11,recorded_index=?,recorded_size=?,recorded_entry=?,"
      "recorded_proof=? WHERE id=? AND stage=10",
      {Signed(proven->index),
       Signed(proven->size),
       Blob{proven->entry_bytes},
       Blob{proven->proof},
       Blob{id.view()}});
}

Result<Tables::Counts> Tables::CountMessages() {
  Counts counts;
  RETURN_IF_ERROR(database_->Query(
      "SELECT total(stage<2),total(stage=2),total(stage=3),total(stage>=10),"
      "(SELECT count(*) FROM withheld WHERE bounced=0),"
      "(SELECT count(*) FROM withheld WHERE bounced=1) FROM messages",
      {},
      [&](const Row& row) {
        counts = Counts{row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5)};
        return false;
      }));
  return counts;
}

}  // namespace rujukan::agency
