#include "broker/engine/committer.h"

#include <chrono>
#include <utility>

#include "broker/core/receipts.h"
#include "broker/engine/answer_desk.h"
#include "ledger/checkpoint.h"

namespace rujukan::broker {

Result<Journal::KeptCheckpoint> CheckpointDesk::SignAndKeep(TreeSize size,
                                                            const Digest& root,
                                                            Store& store) const {
  ledger::Checkpoint checkpoint;
  checkpoint.origin = signer.verifier().name;
  checkpoint.size = size;
  checkpoint.root = root;
  Journal::KeptCheckpoint kept{size, ledger::SignCheckpoint(checkpoint, signer)};
  RETURN_IF_ERROR(store.PutCheckpoint(epoch, size, kept.note));
  return kept;
}

Committer::Committer(Shared& shared, CheckpointDesk desk, Courier& courier)
    : shared_(shared), desk_(std::move(desk)), courier_(courier) {}

void Committer::Start(SequencerInbox& sequencer) {
  thread_ = std::thread([this, &sequencer] { Run(sequencer); });
}

void Committer::Join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Committer::Run(SequencerInbox& sequencer) {
  std::vector<std::shared_ptr<const FormedBatch>> taken;
  while (slot_.PopSome(1, taken)) {
    Result<CommitOutcome> outcome = Commit(std::move(taken.front()));
    taken.clear();
    if (!outcome) {
      shared_.Fail(std::move(outcome.error()));
      return;
    }
    sequencer.Done(*outcome);
  }
}

Result<void> Committer::Persist(const FormedBatch& batch) {
  const auto before = std::chrono::steady_clock::now();
  RETURN_IF_ERROR(shared_.store.Append(desk_.epoch, batch.commit));
  shared_.metrics.CommitTook(std::chrono::duration_cast<std::chrono::microseconds>(
                                 std::chrono::steady_clock::now() - before),
                             batch.commit.entries.size());
  return {};
}

// The directory the next frames are examined against; before the answer, so that who reads
// "accepted" can rely on it.
Result<void> Committer::Advance(const FormedBatch& batch) {
  if (!batch.directory_changed) {
    return {};
  }
  ASSIGN_OR_RETURN(auto directory, shared_.directory.Get()->With(batch.commit.view));
  if (directory != nullptr) {
    shared_.directory.Set(std::move(directory));
  }
  for (const std::string& address : batch.cut) {
    shared_.outlet.Cut(address);
  }
  return {};
}

// The broker's order of duties (docs/architecture.md). At each arrow: what a crash there leaves
// behind, and the test that crashes there (tests/unit/broker_engine/crash_test.cc).
Result<CommitOutcome> Committer::Commit(std::shared_ptr<const FormedBatch> batch) {
  auto committed = std::make_shared<CommittedBatch>();
  committed->formed = batch;
  if (!batch->commit.entries.empty()) {
    // Crash before: nothing of the batch exists; nobody was told anything; senders send again.
    //   Test: CrashBeforePersistLosesOnlyWhatWasNotAnswered
    if (const auto persisted = Persist(*batch); !persisted) {
      if (persisted.error().code == Errc::kUnavailable) {
        return CommitOutcome::kNoRoom;  // nothing was written: the sequencer undoes the batch
      }
      return Fail(persisted.error());
    }
    // Crash here: the entries are durable, unsigned and unanswered. Start-up signs the tail as it
    // is and never rolls it back; senders send again and get the receipt of the entry that is
    // there.
    //   Test: CrashAfterPersistIsSignedOnRestartAndAnsweredOnRetry
    RETURN_IF_ERROR(Advance(*batch));
    ASSIGN_OR_RETURN(Journal::KeptCheckpoint kept,
                     desk_.SignAndKeep(batch->size, batch->root, shared_.store));
    // Crash here: signed and kept, not answered. A retry gets the receipt this answer would have
    // had.
    //   Test: CrashAfterSigningGivesTheSameReceiptOnRetry
    committed->checkpoint = kept.note;
    committed->receipts = ReceiptsOf(*batch, kept.note);
    shared_.newest.Set(std::make_shared<const Journal::KeptCheckpoint>(std::move(kept)));
  }
  RETURN_IF_ERROR(HandOutAnswers(*committed, shared_));
  if (batch->erasure) {
    shared_.erasure_due();
  }
  // Crash here: answered, not delivered. The mailbox is part of what was persisted; delivery starts
  // from it when the recipient connects.
  //   Test: CrashAfterAnswerStillDelivers
  if (!batch->commit.entries.empty()) {
    courier_.Carry(std::move(committed));
  }
  return CommitOutcome::kDurable;
}

}  // namespace rujukan::broker
