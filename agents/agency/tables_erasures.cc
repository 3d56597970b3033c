// Content that is to be erased or kept, and content that is gone. Headers, signatures, receipts and
// proofs of erased messages stay: everything that was proven before is proven after.
#include "agents/agency/tables.h"
#include "base/check.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kScrubName = "scrub_wanted";

std::string HoldPlace(const LegId& leg) {
  return "holds/reason/" + FormatUuid(leg.view());
}

ErasureRow ErasureOf(const Row& row) {
  ErasureRow erasure;
  if (auto id = MessageId::FromBytes(row.Bytes(0)); id) {
    erasure.request = *id;
  }
  if (auto leg = LegId::FromBytes(row.Bytes(1)); leg) {
    erasure.leg = *leg;
  }
  erasure.target = row.Bytes(2);
  erasure.incoming = row.Int(3) != 0;
  erasure.stage = static_cast<ErasureStage>(row.Int(4));
  erasure.changed_at = row.Int(5);
  erasure.index = row.IsNull(6) ? 0 : static_cast<LogIndex>(row.Int(6));
  erasure.erased = row.Int(7);
  return erasure;
}

#define RUJUKAN_ERASURE_COLUMNS                          \
  "SELECT request,leg,target,incoming,stage,changed_ms," \
  "(SELECT entry_index FROM messages WHERE id=request)," \
  "(SELECT count(*) FROM erased e WHERE e.request=x.request) FROM erasures x "

}  // namespace

const char* ErasureStageName(ErasureStage stage) {
  switch (stage) {
    case ErasureStage::kAsked:
      return "ASKED";
    case ErasureStage::kErasing:
      return "ERASING";
    case ErasureStage::kAttested:
      return "ATTESTED";
    case ErasureStage::kDone:
      return "DONE";
    case ErasureStage::kObjected:
      return "OBJECTED";
  }
  return "UNKNOWN";
}

Result<void> Tables::TellErasure(const MessageId& request, UnixMillis now) {
  if (database_->Changes() == 0) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto row, FindErasure(request));
  CHECK(row.has_value());
  Event event{EventType::kErasureChanged, now, row->target, row->leg.str()};
  event.code = ErasureStageName(row->stage);
  event.subject = request.str();
  return PutEvent(event);
}

Result<void> Tables::PutErasure(const ErasureRow& row) {
  RETURN_IF_ERROR(
      database_->Run("INSERT OR IGNORE INTO erasures(request,leg,target,incoming,stage,changed_ms)"
                     " VALUES(?,?,?,?,?,?)",
                     {Blob{row.request.view()},
                      Blob{row.leg.view()},
                      Blob{row.target},
                      int64_t{row.incoming},
                      static_cast<int64_t>(row.stage),
                      row.changed_at}));
  return TellErasure(row.request, row.changed_at);
}

Result<void> Tables::SetErasureStage(const MessageId& request, ErasureStage stage, UnixMillis now) {
  RETURN_IF_ERROR(database_->Run("UPDATE erasures SET stage=?,changed_ms=? WHERE request=?",
                                 {static_cast<int64_t>(stage), now, Blob{request.view()}}));
  return TellErasure(request, now);
}

Result<std::optional<ErasureRow>> Tables::FindErasure(const MessageId& request) {
  std::optional<ErasureRow> found;
  RETURN_IF_ERROR(database_->Query(
      RUJUKAN_ERASURE_COLUMNS "WHERE request=?", {Blob{request.view()}}, [&](const Row& row) {
        found = ErasureOf(row);
        return false;
      }));
  return found;
}

Result<std::vector<ErasureRow>> Tables::ListErasures() {
  std::vector<ErasureRow> rows;
  RETURN_IF_ERROR(database_->Query(
      RUJUKAN_ERASURE_COLUMNS "ORDER BY stage NOT IN (1,2), stage!=0, changed_ms DESC LIMIT 1000",
      {},
      [&](const Row& row) {
        rows.push_back(ErasureOf(row));
        return true;
      }));
  return rows;
}

Result<std::vector<ErasureRow>> Tables::ErasuresOfLeg(const LegId& leg) {
  std::vector<ErasureRow> rows;
  RETURN_IF_ERROR(database_->Query(
      RUJUKAN_ERASURE_COLUMNS "WHERE leg=?", {Blob{leg.view()}}, [&](const Row& row) {
        rows.push_back(ErasureOf(row));
        return true;
      }));
  return rows;
}

// Refused copies of what is meant serve nothing any more and go with it.
Result<std::vector<MessageRow>> Tables::ContentsMeant(const LegId& leg,
                                                      const std::string& target,
                                                      LogIndex before) {
  std::vector<MessageId> ids;
  RETURN_IF_ERROR(database_->Query(
      "SELECT id FROM messages m WHERE leg=?1 AND NOT EXISTS(SELECT 1 FROM erased WHERE"
      " message=m.id) AND ((entry_index<?3 AND (?2=x'' OR id=?2)) OR (stage=3 AND (?2=x'' OR"
      " kind=(SELECT kind FROM messages WHERE id=?2)))) ORDER BY local",
      {Blob{leg.view()}, Blob{target}, static_cast<int64_t>(before)},
      [&](const Row& row) {
        if (auto id = MessageId::FromBytes(row.Bytes(0)); id) {
          ids.push_back(*id);
        }
        return true;
      }));
  std::vector<MessageRow> rows;
  for (const MessageId& id : ids) {
    ASSIGN_OR_RETURN(auto row, Find(id));
    if (row) {
      rows.push_back(std::move(*row));
    }
  }
  return rows;
}

Result<void> Tables::EraseContent(const MessageId& id, const MessageId& request, UnixMillis now) {
  RETURN_IF_ERROR(database_->Run("UPDATE messages SET content=NULL,ciphertext=NULL WHERE id=?",
                                 {Blob{id.view()}}));
  // The number a child has in a register goes with the first of what was known of it.
  RETURN_IF_ERROR(
      database_->Run("DELETE FROM verifications WHERE leg=(SELECT leg FROM messages WHERE id=?)",
                     {Blob{id.view()}}));
  RETURN_IF_ERROR(
      database_->Run("INSERT OR IGNORE INTO erased(message,request,erased_ms) VALUES(?,?,?)",
                     {Blob{id.view()}, Blob{request.view()}, now}));
  RETURN_IF_ERROR(TellFate(EventType::kContentErased, id, now, "", request.str()));
  return PutMeta(kScrubName, "1");
}

Result<bool> Tables::ScrubWanted() {
  ASSIGN_OR_RETURN(const auto wanted, GetMeta(kScrubName));
  return !wanted.empty();
}

Result<bool> Tables::Scrub() {
  bool busy = true;
  RETURN_IF_ERROR(database_->Query("PRAGMA wal_checkpoint(TRUNCATE)", {}, [&](const Row& row) {
    busy = row.Int(0) != 0;
    return false;
  }));
  if (busy) {
    return false;
  }
  RETURN_IF_ERROR(PutMeta(kScrubName, ""));
  return true;
}

Result<void> Tables::PutLocalHold(const LegId& leg, const LocalHold& hold) {
  return database_->Run(
      "INSERT OR REPLACE INTO holds(leg,reason,reader,held_ms) VALUES(?,?,?,?)",
      {Blob{leg.view()}, Blob{key_.Seal(hold.reason, HoldPlace(leg))}, Text{hold.by}, hold.since});
}

Result<std::optional<LocalHold>> Tables::FindLocalHold(const LegId& leg) {
  std::optional<LocalHold> hold;
  RETURN_IF_ERROR(database_->Query("SELECT reason,reader,held_ms FROM holds WHERE leg=?",
                                   {Blob{leg.view()}},
                                   [&](const Row& row) {
                                     hold = LocalHold{row.Bytes(0), row.Bytes(1), row.Int(2)};
                                     return false;
                                   }));
  if (hold) {
    ASSIGN_OR_RETURN(hold->reason, key_.Open(hold->reason, HoldPlace(leg)));
  }
  return hold;
}

Result<void> Tables::DropLocalHold(const LegId& leg) {
  return database_->Run("DELETE FROM holds WHERE leg=?", {Blob{leg.view()}});
}

}  // namespace rujukan::agency
