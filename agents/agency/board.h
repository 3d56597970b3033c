// What the link thread tells the API threads: how the link stands, and that something changed.
// Thread-safe. Nothing here is durable.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::agency {

// What the witnesses of saksi.policy say to what the broker shows (link::WitnessRule).
struct WitnessStatus {
  bool followed = false;  // there is a policy
  bool required = false;  // and nothing but the most urgent leaves while it is not met
  bool met = false;
  std::vector<std::string> missing;
  std::string problem;
};

struct LinkStatus {
  std::string state = "CONNECTING";  // CONNECTING, LIVE, UNWITNESSED, NOT_ADMITTED, ALARM
  std::string last_error;
  std::string alarm;  // set once, never cleared: what the broker contradicted, or that our own read
                      // trail is not the one in the ledger
  TreeSize tree_size = 0;            // of the newest checkpoint verified
  uint64_t directory_refreshes = 0;  // completed since the start
  int64_t clock_offset_ms = 0;       // broker's clock minus ours
  uint64_t rotations_begun = 0;      // tries since the start
  std::string rotation_error;        // why the last try to begin one failed; "": it did not
  WitnessStatus witnesses;

  bool connected() const { return state == "LIVE" || state == "UNWITNESSED"; }
};

class Board {
 public:
  LinkStatus status() const;
  template <class Change>
  void Update(const Change& change) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      change(status_);
    }
    Notify();
  }

  // Something in the store or the status changed.
  void Notify();
  uint64_t version() const;
  // Until version() is past `seen` (true) or `timeout_ms` is over or Stop (false).
  bool WaitPast(uint64_t seen, int64_t timeout_ms) const;
  void Stop();  // releases every waiter for good
  bool stopped() const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  LinkStatus status_;     // guarded by mutex_
  uint64_t version_ = 0;  // guarded by mutex_
  bool stopped_ = false;  // guarded by mutex_
};

// The machine's clock, set right by the broker's when they differ by more than the tolerance, so
// that an office computer with a wrong clock can still send. Thread-safe.
class CorrectedClock : public Clock {
 public:
  CorrectedClock(const Clock& machine, const Board& board) : machine_(machine), board_(board) {}
  UnixMillis Now() const override { return machine_.Now() + board_.status().clock_offset_ms; }

 private:
  const Clock& machine_;
  const Board& board_;
};

}  // namespace rujukan::agency
