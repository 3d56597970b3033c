// What the broker does of itself from time to time, beside what agencies send: it says what its
// state has come to, removes ciphertexts that are no longer due, asks others to cosign or to stamp.
//
// Thread: one of its own, so that a chore may wait for disk or network; nothing else waits for it.
// What a chore puts on record goes through the sequencer like everything else (Recorder).
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "broker/engine/mutex.h"
#include "broker/engine/shared.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::broker {

class Chore {
 public:
  virtual ~Chore() = default;
  virtual std::string_view name() const = 0;  // for the log
  // Does what is due at `now`, and says when it wants to be run next; it may be run earlier. An
  // error is logged and the chore run again after kRetryMs; kFatal stops the broker. Long work
  // looks at `stopping` now and then.
  virtual Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) = 0;
};

// Hands an entry of the broker's own to the sequencer. Never waits; it may be lost (stop, disk
// full), so a chore looks into the ledger, not into its memory, for what it has put on record.
using Recorder = std::function<void(v1::Entry)>;

class Housekeeper {
 public:
  static constexpr int64_t kRetryMs = 60'000;

  explicit Housekeeper(Shared& shared) : shared_(shared) {}

  void Add(std::unique_ptr<Chore> chore);  // before Start
  void Start();
  // Every chore is due now. Any thread.
  void Wake();
  void Close();
  void Join();

 private:
  struct Planned {
    std::unique_ptr<Chore> chore;
    UnixMillis next_ms = 0;
  };
  void Run();
  bool WaitForTurn();
  void RunDue(Planned& planned);

  Shared& shared_;
  std::vector<Planned> chores_;  // of the thread, once it runs
  std::atomic<bool> stopping_{false};
  Mutex mutex_;
  CondVar changed_;
  bool woken_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// Puts the state root on record (StateRecorded) every `every_ms`: the ledger's sign of life.
std::unique_ptr<Chore> MakeStateChore(const Store& store, Recorder recorder, int64_t every_ms);

}  // namespace rujukan::broker
