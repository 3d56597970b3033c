// Replies kept under an Idempotency-Key. A reply may hold what was shown once (a webhook's secret):
// it is sealed.
#include "agents/agency/tables.h"
#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

std::string ReplyPlace(const Digest& name) {
  return "replies/reply/" + ToHex(name.view());
}

}  // namespace

Result<std::optional<Tables::KeptReply>> Tables::FindReply(const Digest& name) {
  std::optional<KeptReply> found;
  RETURN_IF_ERROR(database_->Query(
      "SELECT body,status,reply FROM replies WHERE name=?",
      {Blob{name.view()}},
      [&](const Row& row) {
        found = KeptReply{row.Bytes(0), static_cast<int>(row.Int(1)), row.Bytes(2)};
        return false;
      }));
  if (found) {
    ASSIGN_OR_RETURN(found->reply, key_.Open(found->reply, ReplyPlace(name)));
  }
  return found;
}

Result<void> Tables::PutReply(const Digest& name, const KeptReply& reply, UnixMillis now) {
  return database_->Run(
      "INSERT OR REPLACE INTO replies(name,body,status,reply,at_ms) VALUES(?,?,?,?,?)",
      {Blob{name.view()},
       Blob{reply.body},
       int64_t{reply.status},
       Blob{key_.Seal(reply.reply, ReplyPlace(name))},
       now});
}

Result<void> Tables::PruneReplies(UnixMillis now) {
  return database_->Run("DELETE FROM replies WHERE at_ms<?", {now - limits::kEventKeepMs});
}

}  // namespace rujukan::agency
