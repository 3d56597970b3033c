#include "broker/engine/attachments_chore.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <set>

#include "broker/core/chunk_desk.h"
#include "broker/core/retention.h"

namespace rujukan::broker {
namespace {

constexpr int64_t kEveryMs = 3600 * 1000;

class AttachmentsChore : public Chore {
 public:
  AttachmentsChore(ChunkStore& chunks, const Store& store, Metrics& metrics)
      : chunks_(chunks), store_(store), metrics_(metrics) {}

  std::string_view name() const override { return "attachments"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) override {
    ASSIGN_OR_RETURN(const Erasures erasures, Erasures::Load(store_));
    claimed_.reset();
    size_t removed = 0;
    for (const ChunkStore::Listed& listed : chunks_.List()) {
      if (stopping) {
        break;
      }
      ASSIGN_OR_RETURN(const bool past, IsPast(listed, now));
      if (past || erasures.MeanAttachment(listed.key.leg, listed.facts.begun_ms)) {
        ASSIGN_OR_RETURN(const bool gone, chunks_.Remove(listed.key));
        removed += gone ? 1 : 0;
      }
    }
    if (removed != 0) {
      metrics_.attachments_removed += removed;
      spdlog::info("{} attachments that nobody fetched are gone", removed);
    }
    return now + kEveryMs;
  }

 private:
  // One that the store does not know to be claimed may wait for a receiver that was never there to
  // ask for it: its LAMPIRAN is then still in the mailbox.
  Result<bool> IsPast(const ChunkStore::Listed& listed, UnixMillis now) {
    if (!IsPastItsTime(listed.facts, now)) {
      return false;
    }
    if (listed.facts.claimed_ms != 0) {
      return true;
    }
    if (!claimed_) {
      ASSIGN_OR_RETURN(claimed_, ClaimedInMailboxes(store_));
    }
    if (!claimed_->contains(listed.key)) {
      return true;
    }
    RETURN_IF_ERROR(chunks_.Claim(listed.key, now));
    AttachmentFacts facts = listed.facts;
    facts.claimed_ms = now;
    return IsPastItsTime(facts, now);
  }

  ChunkStore& chunks_;
  const Store& store_;
  Metrics& metrics_;
  std::optional<std::set<AttachmentKey>> claimed_;  // of this run, once it was needed
};

}  // namespace

std::unique_ptr<Chore> MakeAttachmentsChore(ChunkStore& chunks,
                                            const Store& store,
                                            Metrics& metrics) {
  return std::make_unique<AttachmentsChore>(chunks, store, metrics);
}

}  // namespace rujukan::broker
