#include "agents/link/prover.h"

#include "base/limits.h"
#include "certs/merkle.h"
#include "ledger/receipt.h"
#include "ledger/tree.h"

namespace rujukan::link {
namespace {

Result<std::vector<Digest>> ParseHashes(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  if (static_cast<size_t>(hashes.size()) > 2 * limits::kProofHashesMax) {
    return Fail(Errc::kInvalid, "the consistency proof has too many hashes");
  }
  std::vector<Digest> parsed;
  for (const auto& hash : hashes) {
    ASSIGN_OR_RETURN(auto digest, Digest::FromBytes(hash));
    parsed.push_back(digest);
  }
  return parsed;
}

Error ForkError(const ledger::Checkpoint& checkpoint) {
  return Error{
      Errc::kCorrupt,
      "the broker signed another root for tree size " + std::to_string(checkpoint.size) +
          " than the one known here: its ledger has forked; keep the evidence, call the auditor"};
}

}  // namespace

Result<Prover> Prover::Make(ledger::NoteVerifier log, std::string last_note) {
  Prover prover(std::move(log));
  if (!last_note.empty()) {
    ASSIGN_OR_RETURN(auto checkpoint, prover.Open(last_note));
    prover.anchor_ = KnownCheckpoint{checkpoint, std::move(last_note)};
  }
  return prover;
}

Result<ledger::Checkpoint> Prover::Open(const std::string& note) {
  if (!note.empty() && note == opened_.note) {
    return opened_.checkpoint;
  }
  if (note.size() > limits::kCheckpointBytesMax) {
    return Fail(Errc::kInvalid,
                "the checkpoint is over " + std::to_string(limits::kCheckpointBytesMax) + " bytes");
  }
  ASSIGN_OR_RETURN(auto checkpoint, ledger::OpenCheckpoint(note, log_));
  opened_ = KnownCheckpoint{checkpoint, note};
  return checkpoint;
}

Result<void> Prover::CompareWithKnown(const ledger::Checkpoint& checkpoint) const {
  const bool other_anchor = checkpoint.size == anchor_.checkpoint.size && checkpoint.size != 0 &&
                            checkpoint.root != anchor_.checkpoint.root;
  const bool other_seen = seen_ && checkpoint.size == seen_->checkpoint.size &&
                          checkpoint.root != seen_->checkpoint.root;
  if (other_anchor || other_seen) {
    return Fail(ForkError(checkpoint));
  }
  return {};
}

Result<ledger::Checkpoint> Prover::Continue(const KnownCheckpoint& from,
                                            const v1::Welcome& welcome) {
  ASSIGN_OR_RETURN(auto checkpoint, Open(welcome.checkpoint()));
  RETURN_IF_ERROR(CompareWithKnown(checkpoint));
  const TreeSize known = from.checkpoint.size;
  if (checkpoint.size < known) {
    return Fail(Errc::kCorrupt,
                "the broker's ledger has " + std::to_string(checkpoint.size) +
                    " entries now, but had signed " + std::to_string(known) +
                    ": it was rolled back; keep the evidence, call the auditor");
  }
  if (known != 0 && checkpoint.size != known) {
    ASSIGN_OR_RETURN(auto proof, ParseHashes(welcome.consistency()));
    auto verdict = ledger::VerifyConsistency(
        known, from.checkpoint.root, checkpoint.size, checkpoint.root, proof);
    if (!verdict) {
      return Fail(Errc::kCorrupt,
                  "the broker's checkpoint does not continue the one known here (" +
                      verdict.error().context + "); keep the evidence, call the auditor");
    }
  } else if (known != 0 && checkpoint.root != from.checkpoint.root) {
    return Fail(ForkError(checkpoint));
  }
  if (checkpoint.size >= anchor_.checkpoint.size) {
    anchor_ = KnownCheckpoint{checkpoint, welcome.checkpoint()};
  }
  if (seen_ && seen_->checkpoint.size <= known) {
    seen_.reset();  // proven now: it was the `from`, or is smaller than one that was
  }
  return checkpoint;
}

Result<std::string> Prover::Cosigned(const v1::Welcome& welcome, const ledger::Checkpoint& newest) {
  if (welcome.cosigned().empty()) {
    return std::string();
  }
  const auto cosigned = Open(welcome.cosigned());
  if (!cosigned) {
    return std::string();  // not the log's word: no evidence against it, and nothing to rely on
  }
  RETURN_IF_ERROR(CompareWithKnown(*cosigned));
  if (cosigned->size > newest.size) {
    return Fail(Errc::kCorrupt,
                "witnesses cosigned " + std::to_string(cosigned->size) +
                    " entries of this ledger, the broker shows only " +
                    std::to_string(newest.size) + "; keep the evidence, call the auditor");
  }
  if (cosigned->size == newest.size && cosigned->root != newest.root) {
    return Fail(ForkError(newest));
  }
  if (cosigned->size != 0 && cosigned->size != newest.size) {
    ASSIGN_OR_RETURN(const auto proof, ParseHashes(welcome.cosigned_consistency()));
    const auto verdict =
        ledger::VerifyConsistency(cosigned->size, cosigned->root, newest.size, newest.root, proof);
    if (!verdict) {
      return Fail(
          Errc::kCorrupt,
          "the broker's checkpoint does not continue the one that its witnesses cosigned (" +
              verdict.error().context + "); keep the evidence, call the auditor");
    }
  }
  return welcome.cosigned();
}

Result<Proven> Prover::Prove(v1::ProvenEntry proven) {
  if (proven.entry().size() > limits::kEntryBytesMax) {
    return Fail(Errc::kInvalid, "an entry is over 65535 bytes");
  }
  ASSIGN_OR_RETURN(auto receipt, ledger::Receipt::Parse(proven.proof()));
  ASSIGN_OR_RETURN(auto checkpoint, Open(receipt.checkpoint));
  RETURN_IF_ERROR(CompareWithKnown(checkpoint));
  RETURN_IF_ERROR(ledger::VerifyInclusion(certs::LeafHash(proven.entry()),
                                          receipt.index,
                                          checkpoint.size,
                                          receipt.path,
                                          checkpoint.root));
  Proven result;
  if (!result.entry.ParseFromString(proven.entry())) {
    return Fail(Errc::kCorrupt, "entry " + std::to_string(receipt.index) + " does not parse");
  }
  result.index = receipt.index;
  result.size = checkpoint.size;
  result.entry_bytes = std::move(*proven.mutable_entry());
  result.proof = std::move(*proven.mutable_proof());
  const TreeSize largest = seen_ ? seen_->checkpoint.size : anchor_.checkpoint.size;
  if (checkpoint.size > largest) {
    seen_ = KnownCheckpoint{checkpoint, std::move(receipt.checkpoint)};
  }
  return result;
}

}  // namespace rujukan::link
