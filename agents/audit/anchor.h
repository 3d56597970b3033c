// What everything else is checked against: the log's signed checkpoint and the key that signs it.
#pragma once

#include <string>

#include "agents/audit/log_files.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

namespace rujukan::audit {

struct Anchor {
  std::string note;               // the checkpoint, verbatim
  ledger::Checkpoint checkpoint;  // parsed from it
  ledger::NoteVerifier log;
  bool key_pinned = false;  // the key came from outside the log (given, or the export's vkey file)
  Result<void> signature;   // whether the note is signed by that key, for this origin
};

// `vkey` is a vkey, a file that holds one, or "": then the source's own `vkey` file, else the key
// that the genesis entry names. kNotFound: no checkpoint there. kInvalid: checkpoint or key does
// not parse. kLimit: it claims more entries than an auditor reads.
Result<Anchor> ReadAnchor(const LogFiles& files, const std::string& vkey);

// The same, refused with kDenied when the signature does not hold.
Result<Anchor> ReadSignedAnchor(const LogFiles& files, const std::string& vkey);

// A vkey itself, or the path of a file that holds one.
Result<ledger::NoteVerifier> ParseVkeyOrFile(const std::string& vkey_or_path);

}  // namespace rujukan::audit
