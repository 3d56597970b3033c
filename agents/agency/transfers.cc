#include "agents/agency/transfers.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rujukan::agency {
namespace {

using Fate = AttachmentStage;
using Reason = v1::RefusalReason;

constexpr size_t kActiveMax = 4;  // in each direction
// Of the broker's window, so that questions and drops have room.
constexpr uint32_t kWindowMax = limits::kChunkWindowMax - 2;
constexpr size_t kDropsAtOnce = 1;
// A broker that hands out what does not fit the root is asked a few times, no more.
constexpr int kBadChunksMax = 8;
constexpr int64_t kNoRoomPauseMs = 60'000;

void SetNames(const AttachmentRow& row, std::string& leg, std::string& root) {
  leg = row.leg.str();
  root = row.root.str();
}

bool StillGoing(Fate stage) {
  return stage == Fate::kUploading || stage == Fate::kFetching;
}

// The leg has moved on since the upload began, or a rule stands against it now.
bool MayNotBeSent(const Error& error) {
  return error.code == Errc::kConflict || error.code == Errc::kInvalid;
}

}  // namespace

void TransferProgress::Set(const Digest& root, uint32_t done) {
  const std::lock_guard<std::mutex> lock(mutex_);
  done_[root] = done;
}

void TransferProgress::Forget(const Digest& root) {
  const std::lock_guard<std::mutex> lock(mutex_);
  done_.erase(root);
}

std::optional<uint32_t> TransferProgress::Of(const Digest& root) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = done_.find(root);
  return found == done_.end() ? std::nullopt : std::optional(found->second);
}

// An upload whose referral is not in the ledger yet waits: the broker knows no such leg.
Result<void> Transfers::Review() {
  std::vector<AttachmentRow> rows;
  const auto read = store_.Read([&](Tables& tables) -> Result<void> {
    for (const Fate stage : {Fate::kUploading, Fate::kFetching}) {
      ASSIGN_OR_RETURN(auto some, tables.AttachmentsToCarry(stage, kActiveMax));
      std::move(some.begin(), some.end(), std::back_inserter(rows));
    }
    ASSIGN_OR_RETURN(const auto drops, tables.WantedDrops(kActiveMax));
    drops_.clear();
    for (const Tables::Drop& drop : drops) {
      drops_.emplace(drop.root, drop);
    }
    return {};
  });
  RETURN_IF_ERROR(read);
  std::erase_if(active_, [&](const auto& item) {
    const bool wanted = std::any_of(
        rows.begin(), rows.end(), [&](const AttachmentRow& row) { return row.root == item.first; });
    if (!wanted) {
      progress_.Forget(item.first);
    }
    return !wanted;
  });
  for (const AttachmentRow& row : rows) {
    if (!active_.contains(row.root)) {
      RETURN_IF_ERROR(Start(row));
    }
  }
  return {};
}

Result<Transfers::Transfer> Transfers::Open(const AttachmentRow& row) const {
  ASSIGN_OR_RETURN(const ledger::ChunkShape shape, ShapeOf(row));
  if (!row.outgoing) {
    ASSIGN_OR_RETURN(SpoolFile file, SpoolFile::Resume(spool_.PathOf(row.root), shape));
    Transfer transfer{row, std::move(file), link::ChunkSchedule(shape.chunks), {}, true};
    transfer.schedule.DoneBits(transfer.file.Bits());
    return transfer;
  }
  ASSIGN_OR_RETURN(SpoolFile file, SpoolFile::OpenWhole(spool_.PathOf(row.root), shape));
  certs::MerkleTree tree(file.leaves());
  if (!file.complete() || tree.Root() != row.root) {
    return Fail(Errc::kCorrupt,
                "berkas di antrean rusak: lampirkan lagi / the queued file is "
                "damaged: attach it again");
  }
  return Transfer{row, std::move(file), link::ChunkSchedule(shape.chunks), std::move(tree)};
}

Result<void> Transfers::Start(const AttachmentRow& row) {
  auto transfer = Open(row);
  if (!transfer && transfer.error().code == Errc::kUnavailable) {
    return Fail(transfer.error());  // of the disk: durable state cannot be relied on
  }
  if (!transfer) {
    const Fate stage = row.outgoing ? Fate::kFailed : Fate::kBroken;
    return store_.Write([&](Tables& tables) {
      return tables.SetAttachmentStage(row.id, stage, transfer.error().context, row.changed_at);
    });
  }
  progress_.Set(row.root, transfer->schedule.done());
  active_.emplace(row.root, std::move(*transfer));
  return {};
}

size_t Transfers::UnderWay() const {
  size_t total = 0;
  for (const auto& [root, transfer] : active_) {
    total += transfer.schedule.under_way();
  }
  return total;
}

Result<std::vector<v1::ClientFrame>> Transfers::Next(UnixMillis steady) {
  std::vector<v1::ClientFrame> frames;
  RETURN_IF_ERROR(AddDrops(steady, frames));
  for (auto& [root, transfer] : active_) {
    transfer.schedule.Tick(steady);
  }
  const size_t window = std::min(pace_.window(), kWindowMax);
  size_t idle = 0;
  while (!active_.empty() && idle < active_.size() && UnderWay() < window) {
    auto next = active_.upper_bound(served_last_);
    next = next == active_.end() ? active_.begin() : next;
    served_last_ = next->first;
    Transfer& transfer = next->second;
    auto frame = NextOf(transfer, steady);
    idle = frame ? 0 : idle + 1;
    if (frame && frame->has_put_chunk()) {
      ASSIGN_OR_RETURN(frame, ChunkFrameOf(transfer, frame->put_chunk().index()));
    }
    if (frame) {
      frames.push_back(std::move(*frame));
    }
  }
  return frames;
}

// A PutChunk has only its index yet.
std::optional<v1::ClientFrame> Transfers::NextOf(Transfer& transfer, UnixMillis steady) {
  v1::ClientFrame frame;
  if (steady < transfer.paused_until) {
    return std::nullopt;
  }
  if (!transfer.known) {
    if (steady - transfer.asked_at < limits::kResendAfterMs) {
      return std::nullopt;
    }
    transfer.asked_at = steady;
    SetNames(transfer.row,
             *frame.mutable_chunks()->mutable_leg_id(),
             *frame.mutable_chunks()->mutable_root());
    return frame;
  }
  const auto index = transfer.schedule.Next(steady);
  if (!index) {
    return std::nullopt;
  }
  if (transfer.row.outgoing) {
    frame.mutable_put_chunk()->set_index(*index);
    return frame;
  }
  v1::GetChunk& get = *frame.mutable_get_chunk();
  SetNames(transfer.row, *get.mutable_leg_id(), *get.mutable_root());
  get.set_index(*index);
  return frame;
}

Result<v1::ClientFrame> Transfers::ChunkFrameOf(const Transfer& transfer, uint32_t index) const {
  v1::ClientFrame frame;
  v1::PutChunk& put = *frame.mutable_put_chunk();
  SetNames(transfer.row, *put.mutable_leg_id(), *put.mutable_root());
  put.set_index(index);
  put.set_chunks(transfer.row.chunks);
  ASSIGN_OR_RETURN(*put.mutable_data(), transfer.file.Get(index));
  for (const Digest& hash : transfer.tree->Path(index)) {
    put.add_path(hash.str());
  }
  return frame;
}

Result<void> Transfers::AddDrops(UnixMillis steady, std::vector<v1::ClientFrame>& frames) {
  for (const auto& [root, drop] : drops_) {
    const auto asked = drop_asked_.find(root);
    if (frames.size() >= kDropsAtOnce ||
        (asked != drop_asked_.end() && steady - asked->second < limits::kResendAfterMs)) {
      continue;
    }
    drop_asked_[root] = steady;
    v1::DropAttachment& ask = *frames.emplace_back().mutable_drop_attachment();
    ask.set_leg_id(drop.leg.str());
    ask.set_root(root.str());
  }
  return {};
}

Transfers::Transfer* Transfers::Find(std::string_view root) {
  const auto digest = Digest::FromBytes(root);
  const auto found = digest ? active_.find(*digest) : active_.end();
  return found == active_.end() ? nullptr : &found->second;
}

Result<Transfers::Outcome> Transfers::Take(const v1::ServerFrame& frame, const Moment& at) {
  if (frame.has_chunks()) {
    return TakePresent(frame.chunks(), at);
  }
  if (frame.has_chunk_stored()) {
    return TakeStored(frame.chunk_stored(), at);
  }
  if (frame.has_chunk()) {
    return TakeChunk(frame.chunk(), at);
  }
  if (frame.has_chunk_refused()) {
    return TakeRefusal(frame.chunk_refused(), at);
  }
  const auto root = Digest::FromBytes(frame.attachment_dropped().root());
  if (root && drops_.erase(*root) != 0) {
    drop_asked_.erase(*root);
    RETURN_IF_ERROR(store_.Write([&](Tables& tables) { return tables.Dropped(*root); }));
    RETURN_IF_ERROR(Review());
  }
  return Outcome();
}

Result<Transfers::Outcome> Transfers::TakePresent(const v1::ChunksPresent& present,
                                                  const Moment& at) {
  Transfer* transfer = Find(present.root());
  if (transfer == nullptr || !transfer->row.outgoing) {
    return Outcome();
  }
  transfer->known = true;
  if (present.chunks() == transfer->row.chunks) {
    transfer->schedule.DoneBits(present.present());
  }
  progress_.Set(transfer->row.root, transfer->schedule.done());
  return transfer->schedule.finished() ? Finish(*transfer, at) : Outcome();
}

Result<Transfers::Outcome> Transfers::TakeStored(const v1::ChunkStored& stored, const Moment& at) {
  Transfer* transfer = Find(stored.root());
  if (transfer == nullptr || !transfer->row.outgoing) {
    return Outcome();
  }
  if (const auto took = transfer->schedule.Done(stored.index(), at.steady)) {
    pace_.Answered(*took);
  }
  progress_.Set(transfer->row.root, transfer->schedule.done());
  return transfer->schedule.finished() ? Finish(*transfer, at) : Outcome();
}

// The database beside the spool needs its room more than any file does.
Result<void> Transfers::PutChunk(Transfer& transfer,
                                 const v1::Chunk& chunk,
                                 const Digest& leaf) const {
  if (spool_.FreeBytes() < limits::kSpoolReserveBytes) {
    return Fail(Errc::kUnavailable, "no room on the agent's disk");
  }
  return transfer.file.Put(chunk.index(), chunk.data(), leaf);
}

Result<Transfers::Outcome> Transfers::TakeChunk(const v1::Chunk& chunk, const Moment& at) {
  Transfer* transfer = Find(chunk.root());
  if (transfer == nullptr || transfer->row.outgoing) {
    return Outcome();
  }
  const std::vector<const std::string*> path(chunk.path().pointer_begin(),
                                             chunk.path().pointer_end());
  const auto proof =
      ledger::ReadChunkProof(chunk.root(), chunk.index(), transfer->row.chunks, path);
  const auto leaf = proof ? ledger::CheckChunk(*proof, chunk.data()) : Fail(proof.error());
  const auto put = leaf ? PutChunk(*transfer, chunk, *leaf) : Fail(leaf.error());
  // No room for a file must not keep messages out: it waits, they go on.
  if (!put && put.error().code == Errc::kUnavailable) {
    transfer->schedule.Missing(chunk.index());
    transfer->paused_until = at.steady + kNoRoomPauseMs;
    return Outcome();
  }
  if (!put) {
    transfer->schedule.Missing(chunk.index());
    return ++transfer->bad_chunks < kBadChunksMax
               ? Outcome()
               : GiveUp(transfer->row.root,
                        Fate::kBroken,
                        "potongan dari broker tidak cocok / the broker's chunks do not fit",
                        at.now);
  }
  if (const auto took = transfer->schedule.Done(chunk.index(), at.steady)) {
    pace_.Answered(*took);
  }
  progress_.Set(transfer->row.root, transfer->schedule.done());
  return transfer->schedule.finished() ? Finish(*transfer, at) : Outcome();
}

Result<Transfers::Outcome> Transfers::TakeRefusal(const v1::ChunkRefused& refused,
                                                  const Moment& at) {
  Transfer* transfer = Find(refused.root());
  if (transfer == nullptr) {
    return Outcome();
  }
  if (refused.retry_after_ms() == 0) {
    const bool gone = refused.reason() == Reason::ATTACHMENT_UNKNOWN && !transfer->row.outgoing;
    const Fate stage = gone ? Fate::kGone : transfer->row.outgoing ? Fate::kFailed : Fate::kBroken;
    return GiveUp(transfer->row.root,
                  stage,
                  Reason::Code_Name(refused.reason()) + ": " + refused.advice(),
                  at.now);
  }
  // Slower, and all of it: what is refused now would be refused again at once.
  pace_.Answered(INT64_MAX);
  transfer->schedule.LinkLost();
  transfer->paused_until = at.steady + refused.retry_after_ms();
  return Outcome();
}

Result<Transfers::Outcome> Transfers::Finish(Transfer& transfer, const Moment& at) {
  const Digest root = transfer.row.root;
  auto outcome = transfer.row.outgoing ? FinishUpload(transfer, at) : FinishFetch(transfer, at);
  active_.erase(root);
  progress_.Forget(root);
  RETURN_IF_ERROR(outcome);
  RETURN_IF_ERROR(Review());
  return outcome;
}

// Every LAMPIRAN that waited for these chunks.
Result<Transfers::Outcome> Transfers::FinishUpload(const Transfer& transfer, const Moment& at) {
  Outcome outcome;
  outcome.changed = true;
  const Sender sender{at.address, at.now};
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto rows, tables.AttachmentsOfLeg(transfer.row.leg));
    // Under another name the receiver may be fetching these same chunks.
    const bool sent = std::any_of(rows.begin(), rows.end(), [&](const AttachmentRow& row) {
      return row.root == transfer.row.root && row.stage == Fate::kQueued;
    });
    for (const AttachmentRow& row : rows) {
      if (row.root != transfer.row.root || row.stage != Fate::kUploading) {
        continue;
      }
      const auto queued = QueueLampiran(tables, sender, officer_, row);
      outcome.queued = outcome.queued || queued.has_value();
      if (!queued && MayNotBeSent(queued.error())) {
        RETURN_IF_ERROR(
            tables.SetAttachmentStage(row.id, Fate::kFailed, queued.error().context, at.now));
        RETURN_IF_ERROR(sent ? Result<void>() : tables.WantDrop(row.leg, row.root));
      } else {
        RETURN_IF_ERROR(queued);
      }
    }
    return {};
  });
  RETURN_IF_ERROR(written);
  return outcome;
}

// Durable here before the broker is told that it may forget them.
Result<Transfers::Outcome> Transfers::FinishFetch(Transfer& transfer, const Moment& at) {
  RETURN_IF_ERROR(transfer.file.Sync());
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto rows, tables.AttachmentsOfLeg(transfer.row.leg));
    for (const AttachmentRow& row : rows) {
      if (row.root == transfer.row.root && row.stage == Fate::kFetching) {
        RETURN_IF_ERROR(tables.SetAttachmentStage(row.id, Fate::kChecking, "", at.now));
      }
    }
    return tables.WantDrop(transfer.row.leg, transfer.row.root);
  });
  RETURN_IF_ERROR(written);
  return Outcome{false, true, true};
}

Result<Transfers::Outcome> Transfers::GiveUp(const Digest& root,
                                             Fate stage,
                                             const std::string& note,
                                             UnixMillis now) {
  const LegId leg = active_.at(root).row.leg;
  active_.erase(root);
  progress_.Forget(root);
  const auto written = store_.Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto rows, tables.AttachmentsOfLeg(leg));
    for (const AttachmentRow& row : rows) {
      if (row.root == root && StillGoing(row.stage)) {
        RETURN_IF_ERROR(tables.SetAttachmentStage(row.id, stage, note, now));
      }
    }
    return {};
  });
  RETURN_IF_ERROR(written);
  return Outcome{false, false, true};
}

void Transfers::LinkLost() {
  pace_.LinkLost();
  drop_asked_.clear();
  for (auto& [root, transfer] : active_) {
    transfer.schedule.LinkLost();
    transfer.known = transfer.known && !transfer.row.outgoing;
    transfer.asked_at = -limits::kResendAfterMs;
    transfer.paused_until = 0;
  }
}

UnixMillis Transfers::NextDue() const {
  UnixMillis due = INT64_MAX;
  const bool room = UnderWay() < std::min(pace_.window(), kWindowMax);
  for (const auto& [root, transfer] : active_) {
    const UnixMillis asking = transfer.asked_at + limits::kResendAfterMs;
    const UnixMillis next = transfer.known ? transfer.schedule.NextDue() : asking;
    if (room || next > 0) {
      due = std::min(due, std::max(next, transfer.paused_until));
    }
  }
  for (const auto& [root, drop] : drops_) {
    const auto asked = drop_asked_.find(root);
    due = std::min(due, asked == drop_asked_.end() ? 0 : asked->second + limits::kResendAfterMs);
  }
  return due;
}

}  // namespace rujukan::agency
