// What leaves: queued messages are sealed, signed (one signature a round) and stored as they will
// be sent, then submitted until answered.
//
// The sealed bytes are durable before the first send: after a crash the same bytes go again under
// the same message id, so the broker answers with the same receipt instead of refusing a reused id.
//
// Thread: the link thread.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "agents/agency/identity.h"
#include "agents/agency/store.h"
#include "agents/link/event.h"

namespace rujukan::agency {

class Outbox {
 public:
  explicit Outbox(Store& store) : store_(store) {}

  // At most `room` submissions whose turn it is and which are not in flight. Messages to agencies
  // that the directory does not have (or no longer) become kRefused with the reason; call it only
  // when the directory is current.
  // `least`: less urgent ones wait; they keep their place.
  Result<std::vector<link::Submission>> Next(size_t room,
                                             const Identity& identity,
                                             UnixMillis now,
                                             v1::Urgency::Code least = v1::Urgency::UNSPECIFIED);

  // Several answers, one transaction. Receipted and final refusals of messages and of our receipts.
  // A message finally refused because its key's time was over is queued again under a new id, to be
  // sealed and signed with the keys in force, unless those were `signer`'s: then it stays refused.
  Result<void> Settle(const std::vector<link::Receipted>& receipted,
                      const std::vector<link::Refusal>& refused,
                      const KeyId& signer,
                      UnixMillis now);

  size_t in_flight() const { return in_flight_.size(); }

 private:
  struct Sealing {
    std::vector<MessageRow> rows;
    std::vector<link::Unsigned> messages;
    std::vector<std::pair<MessageRow, std::string>> refused;  // with the reason
  };
  Result<void> SealOne(MessageRow row, const Identity& identity, UnixMillis now, Sealing& sealing);
  Result<std::vector<v1::Envelope>> SignAndKeep(Sealing sealing,
                                                const Identity& identity,
                                                UnixMillis now);

  Store& store_;
  std::unordered_set<std::string> in_flight_;  // message ids
};

}  // namespace rujukan::agency
