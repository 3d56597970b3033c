// Legs by the page, for imports and exports: only the columns that these need. And the verivali
// marks.
#include "agents/agency/tables.h"

namespace rujukan::agency {
namespace {

int64_t Signed(uint64_t value) {
  return static_cast<int64_t>(value);
}

std::string VerificationPlace(const LegId& leg) {
  return "verifications/content/" + FormatUuid(leg.view());
}

}  // namespace

Result<std::vector<LegId>> Tables::ListLegIds(const LegIdPage& page) {
  std::vector<LegId> ids;
  RETURN_IF_ERROR(database_->Query(
      "SELECT id FROM legs WHERE id>? AND opened_ms>=? AND opened_ms<? ORDER BY id LIMIT ?",
      {Blob{page.after}, page.opened_from, page.opened_until, Signed(page.max)},
      [&](const Row& row) {
        if (auto id = LegId::FromBytes(row.Bytes(0)); id) {
          ids.push_back(*id);
        }
        return true;
      }));
  return ids;
}

// Openings, second stages and what bears on them; not what was refused or came from outside the
// leg's two sides.
Result<std::vector<CaseMessage>> Tables::CaseMessages(const LegId& leg) {
  std::vector<CaseMessage> messages;
  RETURN_IF_ERROR(database_->Query(
      "SELECT id,kind,outgoing,content FROM messages WHERE leg=? AND leg!=x'' AND stage!=3"
      " AND kind IN(1,5,40,42) AND (outgoing=1 OR outcome=1) ORDER BY entry_index IS NULL,"
      " entry_index, local",
      {Blob{leg.view()}},
      [&](const Row& row) {
        CaseMessage message;
        if (auto id = MessageId::FromBytes(row.Bytes(0)); id) {
          message.id = *id;
        }
        message.kind = static_cast<v1::Kind::Code>(row.Int(1));
        message.outgoing = row.Int(2) != 0;
        message.content = row.Bytes(3);
        messages.push_back(std::move(message));
        return true;
      }));
  for (auto& message : messages) {
    ASSIGN_OR_RETURN(message.content, OpenContent(message.id, message.content));
  }
  return messages;
}

Result<std::vector<LegMoment>> Tables::MomentsOfLeg(const LegId& leg) {
  std::vector<LegMoment> events;
  RETURN_IF_ERROR(database_->Query(
      "SELECT kind,outgoing,stored_ms FROM messages WHERE leg=? AND leg!=x'' AND stage!=3"
      " ORDER BY entry_index IS NULL, entry_index, local",
      {Blob{leg.view()}},
      [&](const Row& row) {
        events.push_back({static_cast<v1::Kind::Code>(row.Int(0)), row.Int(1) != 0, row.Int(2)});
        return true;
      }));
  return events;
}

Result<void> Tables::PutVerification(const LegId& leg, std::string_view mark) {
  return database_->Run("INSERT OR REPLACE INTO verifications(leg,content) VALUES(?,?)",
                        {Blob{leg.view()}, Blob{key_.Seal(mark, VerificationPlace(leg))}});
}

Result<std::string> Tables::FindVerification(const LegId& leg) {
  std::string sealed;
  RETURN_IF_ERROR(database_->Query(
      "SELECT content FROM verifications WHERE leg=?", {Blob{leg.view()}}, [&](const Row& row) {
        sealed = row.Bytes(0);
        return false;
      }));
  return sealed.empty() ? Result<std::string>(std::string())
                        : key_.Open(sealed, VerificationPlace(leg));
}

Result<void> Tables::DropVerification(const LegId& leg) {
  return database_->Run("DELETE FROM verifications WHERE leg=?", {Blob{leg.view()}});
}

}  // namespace rujukan::agency
