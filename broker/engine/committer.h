// The committer thread: makes a batch durable, then everything that may only follow. Nobody else
// adds to the store; the housekeeper takes away from it what no commit touches again.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "broker/core/batch.h"
#include "broker/engine/bounded_queue.h"
#include "broker/engine/courier.h"
#include "broker/engine/sequencer_inbox.h"
#include "broker/engine/shared.h"
#include "ledger/note.h"

namespace rujukan::broker {

// Signs a checkpoint and keeps it. Start-up signs an unsigned tail with it, the committer every
// batch.
struct CheckpointDesk {
  const ledger::NoteSigner signer;
  const Epoch epoch;

  Result<Journal::KeptCheckpoint> SignAndKeep(TreeSize size,
                                              const Digest& root,
                                              Store& store) const;
};

class Committer {
 public:
  Committer(Shared& shared, CheckpointDesk desk, Courier& courier);

  void Start(SequencerInbox& sequencer);
  // The sequencer: at most one batch at a time, the next after SequencerInbox::Done.
  void Give(std::shared_ptr<const FormedBatch> batch) { slot_.Push(std::move(batch)); }
  void Close() { slot_.Close(); }
  void Join();

 private:
  void Run(SequencerInbox& sequencer);
  Result<CommitOutcome> Commit(std::shared_ptr<const FormedBatch> batch);
  Result<void> Persist(const FormedBatch& batch);
  Result<void> Advance(const FormedBatch& batch);

  Shared& shared_;
  const CheckpointDesk desk_;
  Courier& courier_;
  BoundedQueue<std::shared_ptr<const FormedBatch>> slot_{1};
  std::thread thread_;
};

}  // namespace rujukan::broker
