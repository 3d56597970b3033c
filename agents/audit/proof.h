// Proof that one message is in the ledger, as a file that stands alone: a C2SP tlog-proof@v1 whose
// `extra` line carries the entry. Anybody with the ledger's key checks it offline, years later.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/audit/source.h"
#include "base/clock.h"
#include "base/ids.h"
#include "ledger/note.h"

namespace rujukan::audit {

// Finds the message's MessageAccepted entry and proves it against the ledger's newest checkpoint.
// The proof is checked before it is returned. kNotFound: no such message. kDenied, kCorrupt: the
// ledger's own files do not hold together; verify it.
Result<std::string> MakeProof(Source& source, const std::string& vkey, const MessageId& message);

struct ProvenMessage {
  std::string origin;
  LogIndex index = 0;
  TreeSize size = 0;  // of the checkpoint
  UnixMillis time = 0;
  std::string message_id;  // UUID
  std::string leg_id;      // UUID, or ""
  std::string from;
  std::vector<std::string> to;
  std::string kind;
};

// What the proof proves: the holder of the ledger's key had this entry at this place when it
// signed. The sender's own signature is in the entry; checking it takes the sender's certificate
// (rujukan-audit verify). kInvalid: not a proof file. kDenied: another ledger's, or a bad
// signature. kCorrupt: the path does not lead to the signed root, or it is about another message
// than `expected`.
Result<ProvenMessage> CheckProof(std::string_view text,
                                 const ledger::NoteVerifier& log,
                                 const std::optional<MessageId>& expected);

}  // namespace rujukan::audit
