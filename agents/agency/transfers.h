// The chunks of attachments on their way: up until the broker has all of an attachment, then its
// LAMPIRAN is queued; down until all of one are here, then the broker is asked to let go of it.
// What is under way is in memory only; what is done is in the spool and the database, so a restart
// goes on from there.
//
// Several attachments share one window (link::ChunkPace) and take turns, a chunk each.
//
// Thread: the link thread; Progress from any.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/attachments.h"
#include "agents/agency/chunk_spool.h"
#include "agents/agency/store.h"
#include "agents/link/chunk_schedule.h"
#include "certs/merkle.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::agency {

// How many chunks of what is under way are done, for those who watch. Thread-safe.
class TransferProgress {
 public:
  void Set(const Digest& root, uint32_t done);
  void Forget(const Digest& root);
  std::optional<uint32_t> Of(const Digest& root) const;

 private:
  mutable std::mutex mutex_;
  std::map<Digest, uint32_t> done_;  // guarded by mutex_
};

class Transfers {
 public:
  // `officer` signs LAMPIRAN. All outlive it.
  Transfers(Store& store, const ChunkSpool& spool, v1::Officer officer, TransferProgress& progress)
      : store_(store), spool_(spool), officer_(std::move(officer)), progress_(progress) {}

  // What the database has to be carried: after a start, a new upload, an arrival, an erasure.
  Result<void> Review();
  // Frames to send now, as many as the window has room for. Only while the link is live. `steady`
  // here and below: ms of a clock that does not step back.
  Result<std::vector<v1::ClientFrame>> Next(UnixMillis steady);
  // An answer of the broker. What follows from it:
  struct Outcome {
    bool queued = false;   // a LAMPIRAN for the outbox
    bool arrived = false;  // something to check
    bool changed = false;  // something to tell
  };
  struct Moment {
    std::string address;  // ours
    UnixMillis now = 0;
    UnixMillis steady = 0;
  };
  Result<Outcome> Take(const v1::ServerFrame& frame, const Moment& at);
  void LinkLost();
  // When Next has something again without an answer; INT64_MAX: never.
  UnixMillis NextDue() const;

 private:
  struct Transfer {
    AttachmentRow row;
    SpoolFile file;
    link::ChunkSchedule schedule;
    std::optional<certs::MerkleTree> tree;  // up: the paths
    bool known = false;                     // up: what the broker has is known
    UnixMillis asked_at = -limits::kResendAfterMs;
    UnixMillis paused_until = 0;
    int bad_chunks = 0;
  };

  Result<void> Start(const AttachmentRow& row);
  Result<Transfer> Open(const AttachmentRow& row) const;
  std::optional<v1::ClientFrame> NextOf(Transfer& transfer, UnixMillis steady);
  Result<v1::ClientFrame> ChunkFrameOf(const Transfer& transfer, uint32_t index) const;
  Result<void> AddDrops(UnixMillis steady, std::vector<v1::ClientFrame>& frames);
  Result<Outcome> TakePresent(const v1::ChunksPresent& present, const Moment& at);
  Result<Outcome> TakeStored(const v1::ChunkStored& stored, const Moment& at);
  Result<void> PutChunk(Transfer& transfer, const v1::Chunk& chunk, const Digest& leaf) const;
  Result<Outcome> TakeChunk(const v1::Chunk& chunk, const Moment& at);
  Result<Outcome> TakeRefusal(const v1::ChunkRefused& refused, const Moment& at);
  Result<Outcome> Finish(Transfer& transfer, const Moment& at);
  Result<Outcome> FinishUpload(const Transfer& transfer, const Moment& at);
  Result<Outcome> FinishFetch(Transfer& transfer, const Moment& at);
  Result<Outcome> GiveUp(const Digest& root,
                         AttachmentStage stage,
                         const std::string& note,
                         UnixMillis now);
  Transfer* Find(std::string_view root);
  size_t UnderWay() const;

  Store& store_;
  const ChunkSpool& spool_;
  const v1::Officer officer_;
  TransferProgress& progress_;
  link::ChunkPace pace_;
  std::map<Digest, Transfer> active_;
  Digest served_last_;
  std::map<Digest, Tables::Drop> drops_;
  std::map<Digest, UnixMillis> drop_asked_;
};

}  // namespace rujukan::agency
