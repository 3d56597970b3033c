// C2SP tlog-witness (c2sp.org/tlog-witness), `add-checkpoint`: the decision, without its sockets
// and files. docs/formats/witness.md. A witness cosigns a checkpoint only when it continues the
// last one it cosigned for that origin, so nobody gets two histories of one log cosigned by it.
// Pure; values, any thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/checkpoint.h"
#include "ledger/cosignature.h"

namespace rujukan::ledger {

inline constexpr std::string_view kTlogSizeType = "text/x.tlog.size";

struct AddCheckpointRequest {
  TreeSize old_size = 0;      // what the witness has cosigned, as the sender believes
  std::vector<Digest> proof;  // RFC 6962 consistency from there; empty from 0
  std::string checkpoint;     // signed note, verbatim

  std::string Body() const;
  // Form only; the checkpoint is not looked into. kInvalid; kLimit over
  // limits::kWitnessRequestBytesMax.
  static Result<AddCheckpointRequest> Parse(std::string_view body);
};

// What a witness knows of a log when a request comes.
struct WitnessedLog {
  std::string origin;
  std::vector<NoteVerifier> keys;  // trusted for this origin
  // The note that was cosigned last, as it was persisted; "": none yet.
  std::string cosigned;
  // Why this log is not cosigned at all, in one sentence; "": it is.
  std::string refused;
};

struct WitnessAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  // With 200: the note to persist before the body is sent, with the log's signatures and the
  // witness's own.
  std::string cosigned;
  // The checkpoint, when a trusted key has signed it; whether cosigned or not.
  std::optional<Checkpoint> authentic;
  // It is as large as the one that was cosigned and has another root: both notes together prove
  // that the log has two histories.
  bool contradicts = false;
};

// The origin a request is about, to look its log up; kInvalid: malformed (answer 400).
Result<std::string> OriginOfRequest(const AddCheckpointRequest& request);

// Checks in the specification's order. 404: `log` is null. 403: no good signature by a trusted key,
// a bad one by a trusted key, or a log that is refused (the protocol has no status of its own for
// that). 400: the old size is over the new one. 409: the old size is not the one cosigned last; the
// body says which is. 422: an empty tree with entries, a proof that does not hold, the same size
// with another root. 200: persist `cosigned`, then answer. The caller holds a lock from reading
// `log` until it has persisted.
WitnessAnswer DecideAddCheckpoint(const AddCheckpointRequest& request,
                                  const WitnessedLog* log,
                                  const Cosigner& cosigner,
                                  int64_t time_s);

// For what cannot be parsed, or cannot be served now.
WitnessAnswer WitnessRefusal(int status, std::string_view sentence);

}  // namespace rujukan::ledger
