// Attachments: what they are is sealed like content; how far they have come is not.
#include "agents/agency/tables.h"

namespace rujukan::agency {
namespace {

#define RUJUKAN_ATTACHMENT_COLUMNS                                                           \
  "SELECT id,leg,outgoing,stage,root,chunks,bytes,message,content,note,stored_ms,changed_ms" \
  " FROM attachments "

std::string ContentPlace(const MessageId& id) {
  return "attachments/content/" + FormatUuid(id.view());
}

}  // namespace

const char* AttachmentStageName(AttachmentStage stage) {
  switch (stage) {
    case AttachmentStage::kUploading:
      return "UPLOADING";
    case AttachmentStage::kQueued:
      return "QUEUED";
    case AttachmentStage::kFailed:
      return "FAILED";
    case AttachmentStage::kFetching:
      return "FETCHING";
    case AttachmentStage::kChecking:
      return "CHECKING";
    case AttachmentStage::kReady:
      return "READY";
    case AttachmentStage::kQuarantined:
      return "QUARANTINED";
    case AttachmentStage::kGone:
      return "GONE";
    case AttachmentStage::kBroken:
      return "BROKEN";
    case AttachmentStage::kErased:
      return "ERASED";
  }
  return "UNKNOWN";
}

AttachmentRow Tables::AttachmentOf(const Row& row) const {
  AttachmentRow attachment;
  if (auto id = MessageId::FromBytes(row.Bytes(0)); id) {
    attachment.id = *id;
  }
  if (auto leg = LegId::FromBytes(row.Bytes(1)); leg) {
    attachment.leg = *leg;
  }
  attachment.outgoing = row.Int(2) != 0;
  attachment.stage = static_cast<AttachmentStage>(row.Int(3));
  if (auto root = Digest::FromBytes(row.Bytes(4)); root) {
    attachment.root = *root;
  }
  attachment.chunks = static_cast<uint32_t>(row.Int(5));
  attachment.sealed_bytes = static_cast<uint64_t>(row.Int(6));
  attachment.message = row.Bytes(7);
  if (!row.IsNull(8)) {
    if (const auto opened = key_.Open(row.Bytes(8), ContentPlace(attachment.id)); opened) {
      attachment.content.ParseFromString(*opened);
    }
  }
  attachment.note = row.Bytes(9);
  attachment.stored_at = row.Int(10);
  attachment.changed_at = row.Int(11);
  return attachment;
}

Result<void> Tables::PutAttachment(const AttachmentRow& row) {
  const std::string sealed = key_.Seal(row.content.SerializeAsString(), ContentPlace(row.id));
  return database_->Run(
      "INSERT INTO attachments(id,leg,outgoing,stage,root,chunks,bytes,message,content,note,"
      "stored_ms,changed_ms) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
      {Blob{row.id.view()},
       Blob{row.leg.view()},
       int64_t{row.outgoing},
       static_cast<int64_t>(row.stage),
       Blob{row.root.view()},
       int64_t{row.chunks},
       static_cast<int64_t>(row.sealed_bytes),
       Blob{row.message},
       Blob{sealed},
       Text{row.note},
       row.stored_at,
       row.changed_at});
}

Result<std::optional<AttachmentRow>> Tables::FindAttachment(const MessageId& id) {
  std::optional<AttachmentRow> found;
  RETURN_IF_ERROR(database_->Query(
      RUJUKAN_ATTACHMENT_COLUMNS "WHERE id=?", {Blob{id.view()}}, [&](const Row& row) {
        found = AttachmentOf(row);
        return false;
      }));
  return found;
}

Result<std::vector<AttachmentRow>> Tables::AttachmentsOfLeg(const LegId& leg) {
  std::vector<AttachmentRow> rows;
  RETURN_IF_ERROR(database_->Query(RUJUKAN_ATTACHMENT_COLUMNS "WHERE leg=? ORDER BY local",
                                   {Blob{leg.view()}},
                                   [&](const Row& row) {
                                     rows.push_back(AttachmentOf(row));
                                     return true;
                                   }));
  return rows;
}

Result<std::vector<AttachmentRow>> Tables::AttachmentsToCarry(AttachmentStage stage, size_t max) {
  std::vector<AttachmentRow> rows;
  RETURN_IF_ERROR(database_->Query(RUJUKAN_ATTACHMENT_COLUMNS
                                   "WHERE stage=? AND leg IN(SELECT id FROM legs WHERE state!=0)"
                                   " ORDER BY local LIMIT ?",
                                   {static_cast<int64_t>(stage), static_cast<int64_t>(max)},
                                   [&](const Row& row) {
                                     rows.push_back(AttachmentOf(row));
                                     return true;
                                   }));
  return rows;
}

Result<std::vector<AttachmentRow>> Tables::AttachmentsToCheck(size_t max) {
  std::vector<AttachmentRow> rows;
  RETURN_IF_ERROR(database_->Query(
      RUJUKAN_ATTACHMENT_COLUMNS "WHERE stage=? ORDER BY changed_ms, local LIMIT ?",
      {static_cast<int64_t>(AttachmentStage::kChecking), static_cast<int64_t>(max)},
      [&](const Row& row) {
        rows.push_back(AttachmentOf(row));
        return true;
      }));
  return rows;
}

Result<void> Tables::SetAttachmentStage(const MessageId& id,
                                        AttachmentStage stage,
                                        const std::string& note,
                                        UnixMillis now) {
  RETURN_IF_ERROR(
      database_->Run("UPDATE attachments SET stage=?,note=?,changed_ms=? WHERE id=? AND stage!=20",
                     {static_cast<int64_t>(stage), Text{note}, now, Blob{id.view()}}));
  const bool failed = stage == AttachmentStage::kFailed || stage == AttachmentStage::kGone ||
                      stage == AttachmentStage::kBroken || stage == AttachmentStage::kQuarantined;
  if (!failed && stage != AttachmentStage::kReady) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto row, FindAttachment(id));
  if (!row) {
    return {};
  }
  Event event{failed ? EventType::kAttachmentFailed : EventType::kAttachmentReady, now};
  event.message = row->message;
  event.leg = row->leg.str();
  event.kind = v1::Kind::LAMPIRAN;
  event.code = AttachmentStageName(stage);
  event.subject = id.str();
  return PutEvent(event);
}

Result<void> Tables::SetAttachmentMessage(const MessageId& id, const MessageId& message) {
  return database_->Run("UPDATE attachments SET message=? WHERE id=?",
                        {Blob{message.view()}, Blob{id.view()}});
}

Result<std::set<Digest>> Tables::AttachmentRoots() {
  std::set<Digest> roots;
  RETURN_IF_ERROR(database_->Query(
      "SELECT DISTINCT root FROM attachments WHERE stage!=20", {}, [&](const Row& row) {
        if (auto root = Digest::FromBytes(row.Bytes(0)); root) {
          roots.insert(*root);
        }
        return true;
      }));
  return roots;
}

Result<void> Tables::EraseAttachmentOf(const MessageId& message, UnixMillis now) {
  return database_->Run(
      "UPDATE attachments SET stage=20,content=NULL,note='',changed_ms=? WHERE message=?",
      {now, Blob{message.view()}});
}

// The broker may have some of their chunks.
Result<void> Tables::EraseUnsentAttachments(const LegId& leg, UnixMillis now) {
  RETURN_IF_ERROR(
      database_->Run("INSERT OR IGNORE INTO drops(root,leg) SELECT root,leg FROM attachments"
                     " WHERE leg=? AND outgoing=1 AND message=x'' AND stage!=20",
                     {Blob{leg.view()}}));
  return database_->Run(
      "UPDATE attachments SET stage=20,content=NULL,note='',changed_ms=?"
      " WHERE leg=? AND outgoing=1 AND message=x''",
      {now, Blob{leg.view()}});
}

Result<void> Tables::WantDrop(const LegId& leg, const Digest& root) {
  return database_->Run("INSERT OR IGNORE INTO drops(root,leg) VALUES(?,?)",
                        {Blob{root.view()}, Blob{leg.view()}});
}

Result<void> Tables::Dropped(const Digest& root) {
  return database_->Run("DELETE FROM drops WHERE root=?", {Blob{root.view()}});
}

Result<std::vector<Tables::Drop>> Tables::WantedDrops(size_t max) {
  std::vector<Drop> drops;
  RETURN_IF_ERROR(database_->Query(
      "SELECT leg,root FROM drops LIMIT ?", {static_cast<int64_t>(max)}, [&](const Row& row) {
        const auto leg = LegId::FromBytes(row.Bytes(0));
        const auto root = Digest::FromBytes(row.Bytes(1));
        if (leg && root) {
          drops.push_back({*leg, *root});
        }
        return true;
      }));
  return drops;
}

}  // namespace rujukan::agency
