// What a session tells its owner. Everything that carries a Proven has been verified already: log
// signature, inclusion path, and that the entry holds the bytes in question.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agents/link/submission.h"
#include "base/clock.h"

namespace rujukan::link {

// The broker answered Hello; its checkpoint continues the one this client knew.
struct Welcomed {
  ledger::Checkpoint checkpoint;
  std::string note;  // the signed checkpoint: keep it for the next run
  UnixMillis broker_time = 0;
  // The newest checkpoint that witnesses cosigned, with their lines: signed by the log and proven
  // to be continued by `checkpoint`. Whose cosignatures count: link::WitnessRule. "": none.
  std::string cosigned;
};

// Durable: the submission is an entry. It will not be sent again.
struct Receipted {
  v1::Subject::Code kind = v1::Subject::UNSPECIFIED;
  std::string subject;
  Proven proven;
};

// Not accepted. final: the session has dropped it, the same bytes would be refused again. Otherwise
// it stays and is sent again after retry_after_ms.
struct Refusal {
  v1::Subject::Code kind = v1::Subject::UNSPECIFIED;
  std::string subject;  // empty: it did not parse that far
  v1::RefusalReason::Code reason = v1::RefusalReason::UNSPECIFIED;
  std::string advice;
  std::string rule;  // of the policy, when one decided
  uint32_t retry_after_ms = 0;
  bool final = false;
  std::optional<Proven> proven;  // the refusal's own entry
};

// A message for this agency. Sender's signature and content are still to be checked (envelope.h).
struct Delivered {
  v1::Envelope envelope;
  Proven proven;
};

// A recipient's machine receipt for a message of ours is in the ledger, or an act that took the
// recipient out while the message waited. Its signature is still to be checked (envelope.h).
struct Noticed {
  std::string message_id;
  Proven proven;
};

// What the broker has put on record about legs: DeadlineMissed and LegClosed entries that tell this
// agency something, in order. Each is proven to be in the ledger; that nothing was left out is the
// broker's word, and an auditor's work.
struct LegNoticed {
  std::vector<Proven> entries;
  LogIndex from_index = 0;  // of the request this answers; unasked: of the first entry
  LogIndex next_index = 0;  // where to go on
  bool more = false;
};

struct DirectoryArrived {
  v1::DirectoryPage page;  // unverified: Directory::Check
};
struct EnrolmentsArrived {
  v1::EnrolmentsPage page;
};
struct EnrolmentStatusArrived {
  v1::EnrolmentStatus status;
};

// One of chunk_stored, chunks, chunk, chunk_refused, attachment_dropped: what the broker says of an
// attachment's chunks, unverified (ledger::CheckChunk).
struct ChunkAnswered {
  v1::ServerFrame frame;
};

// The link is down; the session will ask for a new one after its backoff.
struct Disconnected {
  std::string reason;
  int64_t retry_in_ms = 0;
};

// The broker contradicts its own signed past (a fork), or sends proofs that do not hold. The
// session has stopped for good: tell people, keep the evidence, do not reconnect.
struct Alarm {
  Error error;
  std::string evidence;  // the two notes, or the proof
};

using Event = std::variant<Welcomed,
                           Receipted,
                           Refusal,
                           Delivered,
                           Noticed,
                           LegNoticed,
                           DirectoryArrived,
                           EnrolmentsArrived,
                           EnrolmentStatusArrived,
                           ChunkAnswered,
                           Disconnected,
                           Alarm>;

}  // namespace rujukan::link
