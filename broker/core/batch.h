// A batch on its way through the broker: what the sequencer formed, and what it is once durable.
// Immutable after forming, so the committer and the sequencer may read one at the same time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "broker/core/journal.h"
#include "broker/core/limiter.h"
#include "broker/core/port.h"
#include "ledger/refusal.h"
#include "rujukan/v1/codes.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::broker {

// An answer that is owed once the batch is durable.
struct Answer {
  Peer peer;
  v1::Subject::Code kind = v1::Subject::UNSPECIFIED;
  std::string subject;
  bool counted = false;                         // frees a place in a window of the peer
  FrameClass frame_class = FrameClass::kQuery;  // in which
  std::optional<ledger::Refusal> refusal;       // nullopt: accepted
  std::optional<LogIndex> index;                // of the entry that proves it, if it has one
  // Set for a retry: the entry at `index` is an earlier one, and the retry is the same only if the
  // statement in it has this digest; otherwise the answer is `mismatch`.
  std::optional<Digest> same_as;
  v1::RefusalReason::Code mismatch = v1::RefusalReason::ID_REUSED;
};

// A message has come into a mailbox.
struct NewMail {
  std::string recipient;
  LogIndex index = 0;
  MessageId id;
  size_t bytes = 0;  // of its ciphertext
};

// A delivery receipt is in the ledger, or an act that took the recipient out while the message
// waited: its sender wants to know.
struct SettledMail {
  std::string recipient;
  std::string sender;
  MessageId id;
  LogIndex index = 0;  // of the DeliveryRecorded or ActRecorded entry
};

// An entry of the broker's own is a notice for this agency (DeadlineMissed, LegClosed).
struct LegNotice {
  std::string address;
  LogIndex index = 0;
};

inline constexpr size_t kNoContent = SIZE_MAX;

struct FormedBatch {
  CommitBatch commit;
  TreeSize size = 0;  // of the tree with this batch
  Digest root;
  std::vector<std::vector<Digest>> paths;  // inclusion proof of each entry at `size`
  std::vector<size_t> content_places;      // of each entry in commit.contents, or kNoContent
  std::vector<Answer> answers;
  std::vector<NewMail> mail;
  std::vector<SettledMail> settled;
  std::vector<LegNotice> notices;
  std::vector<v1::Deadline::Code> missed;  // put on record in it; UNSPECIFIED: a leg was closed
  std::vector<std::string> cut;  // addresses whose connections end: suspended, revoked, new keys
  bool directory_changed = false;
  bool erasure = false;  // ciphertexts are to go before their time

  LogIndex first() const { return commit.first_index; }
  bool Holds(LogIndex index) const { return index >= first() && index < size; }
};

// A batch that is durable and whose checkpoint is signed and kept.
struct CommittedBatch {
  std::shared_ptr<const FormedBatch> formed;
  std::string checkpoint;             // signed note
  std::vector<std::string> receipts;  // tlog-proof@v1 of each entry
};

}  // namespace rujukan::broker
