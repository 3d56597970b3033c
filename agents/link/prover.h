// Checks what the broker proves: checkpoints continue one another, entries are where their receipts
// say.
//
// A group commit's receipts share one checkpoint, so its signature is verified once and each
// receipt then costs hashes only. Pure; one owner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/link/submission.h"
#include "ledger/note.h"

namespace rujukan::link {

struct KnownCheckpoint {
  ledger::Checkpoint checkpoint;  // size 0: nothing known yet
  std::string note;
};

class Prover {
 public:
  // kInvalid / kDenied: `last_note` (may be empty) is not a checkpoint of `log`.
  static Result<Prover> Make(ledger::NoteVerifier log, std::string last_note);

  // The newest checkpoint proven to continue every anchor before it.
  const KnownCheckpoint& anchor() const { return anchor_; }
  const std::string& anchor_note() const { return anchor_.note; }
  // The largest checkpoint a receipt carried since, not yet proven to continue the anchor.
  const std::optional<KnownCheckpoint>& seen() const { return seen_; }

  // A Welcome's checkpoint, with the proof that it continues `from`. Moves the anchor forward when
  // it is newer. kCorrupt: it does not continue `from`, is older, or has another root for the same
  // size (a fork or a rollback). kDenied: not signed by the log. kInvalid: malformed.
  Result<ledger::Checkpoint> Continue(const KnownCheckpoint& from, const v1::Welcome& welcome);

  // The cosigned checkpoint of a Welcome that Continue has just taken; "" when it has none that the
  // log signed. kCorrupt: `newest`, the Welcome's own checkpoint, does not continue it: what the
  // witnesses are shown is another history than ours.
  Result<std::string> Cosigned(const v1::Welcome& welcome, const ledger::Checkpoint& newest);

  // kCorrupt: the path leads elsewhere, or its checkpoint has another root than a known one of the
  // same size. kDenied: checkpoint not signed by the log. kInvalid: malformed.
  Result<Proven> Prove(v1::ProvenEntry proven);

 private:
  explicit Prover(ledger::NoteVerifier log) : log_(std::move(log)) {}
  Result<ledger::Checkpoint> Open(const std::string& note);
  Result<void> CompareWithKnown(const ledger::Checkpoint& checkpoint) const;

  ledger::NoteVerifier log_;
  KnownCheckpoint anchor_;
  std::optional<KnownCheckpoint> seen_;
  KnownCheckpoint opened_;  // the last note whose signature was verified
};

}  // namespace rujukan::link
