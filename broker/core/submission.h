// What admission makes of a frame: a submission for the sequencer, a query for the courier, or
// chunks for the porter.
// Value types, moved from thread to thread, never shared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "broker/core/limiter.h"
#include "broker/core/port.h"
#include "ledger/refusal.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::broker {

// A message, delivery receipt, act or enrolment on its way to becoming an entry. Signatures,
// digests and limits have been checked; rights, states and ids are the fold's to check.
struct Submission {
  Peer peer;
  v1::Subject::Code kind = v1::Subject::UNSPECIFIED;
  std::string subject;   // message id, act id or enrolment id; empty when it did not parse that far
  bool counted = false;  // holds a place in a window of its sender until it is answered
  FrameClass frame_class = FrameClass::kQuery;  // which window
  v1::Entry entry;  // body filled; time and directory link are the sequencer's to set
  std::vector<std::string> recipients;  // of a message
  std::string content;                  // its ciphertext
  Digest statement;     // SHA-256 of the signed bytes: tells a retry from a reused id
  Digest frame_digest;  // SubmissionDigest of the frame: names it should it be refused
  std::optional<ledger::Refusal> refusal;  // set: admission refused it, the rest may be empty
};

// A frame that asks and changes nothing.
struct Query {
  Peer peer;
  v1::ClientFrame frame;
  bool counted = false;  // as Submission's, in the window of queries
};

// A frame about the chunks of an attachment: no entry comes of it, but work for the disk.
struct ChunkFrame {
  Peer peer;
  v1::ClientFrame frame;  // when refused, as much as names the chunk
  bool counted = false;   // as Submission's, in the window of chunks
  std::optional<ledger::Refusal> refusal;
};

using Examined = std::variant<Submission, Query, ChunkFrame>;

// SHA-256 of the submission inside a ClientFrame's bytes: the frame without its outer tag and
// length, or the whole frame when it has not that shape.
Digest SubmissionDigest(std::string_view frame);

}  // namespace rujukan::broker
