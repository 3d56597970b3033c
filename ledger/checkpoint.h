// C2SP tlog-checkpoint (c2sp.org/tlog-checkpoint): what a ledger commits to, signed.
// docs/formats/checkpoint.md. Pure; values, any thread.
//
// Whoever holds the log key can sign two checkpoints that contradict each other; nobody else can
// make one at all. Consistency proofs (ledger/tree.h) are how the holder is caught.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/note.h"

namespace rujukan::ledger {

struct Checkpoint {
  std::string origin;  // "rujukan/<domain>"
  TreeSize size = 0;   // at most 2^63 - 1
  Digest root;

  std::string Text() const;  // three lines
  // kInvalid: leading zeros, empty lines, bad base64... Extension lines are accepted and ignored.
  static Result<Checkpoint> Parse(std::string_view text);
};

std::string OriginOf(std::string_view domain);

// Signs. The caller has made the entries durable and persists the note before showing it to anyone.
std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteSigner& signer);

// Verified and parsed, or kDenied (signature), kInvalid (form), kConflict (another origin than the
// key's name: a key speaks for one ledger).
Result<Checkpoint> OpenCheckpoint(std::string_view note, const NoteVerifier& log);

}  // namespace rujukan::ledger
