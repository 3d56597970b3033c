// From a checked request to a queued message: ids, header, leg, and the rules that need to know
// what else this agency holds (sending_rules.h). Everything a request changes is written in the
// caller's transaction, so it happens once or not at all.
//
// Thread: any, inside Store::Write.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/agency/draft.h"
#include "agents/agency/tables.h"
#include "base/clock.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

// Names a request, so that repeating it is harmless. Both are digests: a key may hold anything.
struct RequestId {
  Digest key;
  Digest body;
};

struct NewMessage {
  std::vector<std::string> to;
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;  // RUJUKAN, or a kind without a leg
  v1::Urgency::Code urgency = v1::Urgency::UNSPECIFIED;
  // Higher than the kind's own when the sender wishes; UNSPECIFIED: the kind's own.
  v1::Classification::Code classification = v1::Classification::UNSPECIFIED;
  v1::Content content;
  v1::StageTwo held;    // released when the receiver accepts; empty: none
  std::string cause{};  // id of the message that it answers; empty: none
  std::string leg{};    // id the RUJUKAN's leg shall have; empty: a new one
};

// A step in a leg of ours.
struct NewStep {
  v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
  v1::Content content;
  std::string cause{};  // id of the message that it answers or corrects; empty: by the kind
  std::optional<v1::AttachmentClaim> attachment{};  // of a LAMPIRAN
};

struct Composed {
  MessageId id;
  bool fresh = true;  // false: this request was made before; `id` is its message
};

// kConflict: the key was used for another request. kInvalid: a rule is against it, with findings
// (FindingsOf).
Result<Composed> QueueMessage(Tables& tables,
                              const Sender& sender,
                              const RequestId& request,
                              NewMessage message);
// The same without a request of its own: for what the agent does by itself.
Result<MessageId> InsertMessage(Tables& tables, const Sender& sender, NewMessage message);

// A step in a leg. kNotFound: no such leg here. kConflict: as above, or the step is not legal now
// (the text says which are). kInvalid: as above.
Result<Composed> QueueAction(
    Tables& tables, const Sender& sender, const RequestId& request, const LegId& leg, NewStep step);
Result<MessageId> InsertAction(Tables& tables,
                               const Sender& sender,
                               const LegId& leg,
                               NewStep step);

// What a kConflict says when a key was used for another request.
const std::string& KeyReusedText();

// The message an earlier, equal request made; nullopt: this is the first. kConflict as above.
Result<std::optional<Composed>> FindRepeated(Tables& tables, const RequestId& request);

// A message beside the steps of a leg: it moves nothing. `cause` is the header's.
Result<MessageId> InsertBeside(Tables& tables,
                               const Sender& sender,
                               const LegRow& leg,
                               v1::Kind::Code kind,
                               const std::string& cause,
                               const v1::Content& content);

// A refused message of ours takes its place in the queue again under a new id; under the old one
// it stays as refused, and says which id it has now. Requests for the old one answer with the new.
Result<void> QueueAnew(Tables& tables,
                       const MessageRow& refused,
                       const std::string& reason,
                       UnixMillis now);

// Folds a leg again after a message of it arrived or moved on, and queues its held second stage
// once the leg is proven to be accepted. Call it after every such change, in the same transaction:
// the proofs of our own messages and the answers to them arrive in any order. `leg_bytes` that are
// no leg id: nothing to do.
Result<void> SettleLeg(Tables& tables, const std::string& leg_bytes, UnixMillis now);

// The Content that opened a leg; empty when it was unreadable. kNotFound: no such leg.
Result<v1::Content> OpeningContent(Tables& tables, const LegId& leg);

}  // namespace rujukan::agency
