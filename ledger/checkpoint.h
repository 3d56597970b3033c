// C2SP tlog-checkpoint: what a ledger commits to, signed. docs/formats/checkpoint.md.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/note.h"

namespace rujukan::ledger {

struct Checkpoint {
  std::string origin;  // "rujukan/<domain>"
  TreeSize size = 0;
  Digest root;

  std::string Text() const;  // three lines
  // kInvalid: leading zeros, empty lines, bad base64... Extension lines are accepted and ignored.
  static Result<Checkpoint> Parse(std::string_view text);
};

std::string OriginOf(std::string_view domain);

// Signs. The caller has made the entries durable and persists the note before showing it to anyone.
std::string SignCheckpoint(const Checkpoint& checkpoint, const NoteSigner& signer);

// Verified and parsed, or kDenied (signature), kInvalid (form), kConflict (another origin than the key's name).
Result<Checkpoint> OpenCheckpoint(std::string_view note, const NoteVerifier& log);

}  // namespace rujukan::ledger
