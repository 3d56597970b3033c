// What should be: the ledger replayed by a second, naive implementation over std::map, written from
// docs/states.md and not from the fold. It reads each entry once it is durable and then compares
// what it thinks with the store's view.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "broker/core/journal.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::sim {

// A broken promise, in words. nullopt everywhere: none.
using Violation = std::optional<std::string>;

class LedgerModel {
 public:
  struct Message {
    LogIndex index = 0;
    std::string from;
    std::set<std::string> to;
    std::set<std::string> delivered;  // by a DeliveryRecorded entry
    std::set<std::string> bounced;    // left a mailbox unread, with an act
  };
  struct Leg {
    std::string sender;
    std::string receiver;
    std::string state;
  };

  // Takes entries the store has beyond those seen, and compares what they touched.
  Violation Follow(const broker::Store& store);
  // After a crash: what was durable is there, byte for byte, and as much as was `promised`.
  Violation CompareEntries(const broker::Store& store, TreeSize promised);
  // The whole view against the model.
  Violation CompareAll(const broker::Store& store) const;

  const std::map<std::string, Message>& messages() const { return messages_; }
  const std::set<std::string>& revoked() const { return revoked_; }
  const std::set<std::string>& suspended() const { return suspended_; }
  const std::vector<std::string>& entries() const { return entries_; }

 private:
  Violation Apply(const std::string& bytes, LogIndex index);
  Violation ApplyAccepted(const std::string& header_bytes, LogIndex index);
  Violation ApplyDelivery(const std::string& receipt_bytes);
  void ApplyAct(const std::string& act_bytes);
  void Bounce(const std::string& address);
  Violation CompareMessage(const broker::Store& store, const std::string& id) const;
  Violation CompareMailbox(const broker::Store& store, const std::string& address) const;
  Violation CompareShare(const broker::Store& store,
                         const std::string& address,
                         const std::string& sender) const;

  std::vector<std::string> entries_;
  UnixMillis last_ms_ = 0;
  std::map<std::string, Message> messages_;  // by id
  std::map<std::string, Leg> legs_;          // by id
  std::map<std::string, std::string> leg_of_;
  std::map<std::string, std::map<LogIndex, std::string>> mailboxes_;
  std::set<std::string> revoked_;
  std::set<std::string> suspended_;
  std::set<std::string> touched_;  // message ids since the last comparison
};

}  // namespace rujukan::sim
