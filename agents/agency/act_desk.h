// Acts that somebody at this agency signs: handed in by an API thread, signed and sent by the link
// thread, answered when they are in the ledger or refused. Thread-safe. Not durable: an act says
// what shall be, so whoever got no answer hands it in again.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/identity.h"
#include "agents/link/event.h"
#include "base/clock.h"

namespace rujukan::agency {

inline constexpr size_t kActsWaitingMax = 64;

class ActDesk {
 public:
  struct Outcome {
    bool recorded = false;
    LogIndex index = 0;  // of its entry
    Error refusal{};     // when it was not recorded
  };

  // --- API threads ---
  // kLimit: too many wait. Else the number to Await.
  Result<uint64_t> HandIn(v1::Act act);
  // kUnavailable: no answer within `wait_ms`; it is forgotten, and may still become an entry.
  Result<Outcome> Await(uint64_t number, int64_t wait_ms);

  // --- Link thread ---
  // Signs what was handed in since.
  Result<std::vector<link::Submission>> TakeNew(const Identity& identity, UnixMillis now);
  void TakeReceipt(const link::Receipted& receipted);
  void TakeRefusal(const link::Refusal& refusal);

 private:
  struct Item {
    v1::Act act;
    std::string act_id;  // "": not signed yet
    std::optional<Outcome> outcome;
  };
  void Settle(const std::string& act_id, const Outcome& outcome);

  std::mutex mutex_;
  std::condition_variable settled_;
  std::map<uint64_t, Item> items_;  // guarded by mutex_
  uint64_t next_ = 1;               // guarded by mutex_
};

}  // namespace rujukan::agency
