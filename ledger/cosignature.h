// C2SP tlog-cosignature (c2sp.org/tlog-cosignature), Ed25519: a witness's word that a checkpoint
// continues every other one it has seen of that log. docs/formats/cosignature.md.
//   signature bytes = u64 big-endian POSIX seconds || Ed25519 over
//     "cosignature/v1\n" "time <seconds>\n" <checkpoint text>
// in a signature line of the checkpoint's note, by a key of type 0x04. Pure; values, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/note.h"

namespace rujukan::ledger {

class Cosigner {
 public:
  // One key a cosigner: what is signed does not hold the name. kInvalid when the name is empty or
  // has a space or '+'.
  static Result<Cosigner> Make(std::string name, certs::Ed25519Key key);
  const NoteVerifier& verifier() const { return verifier_; }  // type kNoteCosignature

  // A signature line, with its newline. `time_s`: POSIX seconds; CHECK: not negative, text is
  // valid. Whoever calls has made sure that nothing inconsistent was ever cosigned, and has made
  // this checkpoint durable.
  std::string Cosign(std::string_view text, int64_t time_s) const;

 private:
  Cosigner(certs::Ed25519Key key, NoteVerifier verifier);

  certs::Ed25519Key key_;
  NoteVerifier verifier_;
};

struct Cosignature {
  NoteVerifier key;
  int64_t time_s = 0;  // the cosigner's clock
};

// The good cosignatures of a note by the `known` keys, one a key (the newest), in the order of
// `known`. Unknown keys are ignored. kDenied: one by a known key is bad, so the note is worth
// nothing. kInvalid: what ParseNote refuses. Nothing is said about the log's own signature.
Result<std::vector<Cosignature>> VerifyCosignatures(std::string_view note,
                                                    std::span<const NoteVerifier> known);

// What a witness answered (one or more signature lines) put under `note`: lines by `known` keys are
// verified and added, a newer one in place of the same key's older one; unknown keys' lines are
// left out. What the note had stays. kInvalid: not signature lines, or over
// limits::kCosignatureLinesBytesMax. kDenied: a line by a known key is bad. kLimit: the note would
// be over limits::kNoteSignaturesMax or limits::kCheckpointBytesMax.
Result<std::string> MergeCosignatures(std::string_view note,
                                      std::string_view lines,
                                      std::span<const NoteVerifier> known);

}  // namespace rujukan::ledger
