// What reaches the sequencer thread: examined frames, and how its last batch fared. A bounded queue
// with one extra slot that never waits.
#pragma once

#include <optional>
#include <vector>

#include "base/limits.h"
#include "broker/core/submission.h"
#include "broker/engine/mutex.h"

namespace rujukan::broker {

// What came of ticket `ticket`; nullopt: nothing for the sequencer.
struct Arrival {
  uint64_t ticket = 0;
  std::optional<Submission> submission;
};

enum class CommitOutcome { kDurable, kNoRoom };

class SequencerInbox {
 public:
  // Any worker. Waits while the inbox is over its bound.
  void Push(std::vector<Arrival> arrivals);
  // What the broker itself puts on record (StateRecorded, ContentsRemoved, TimestampRecorded,
  // DeadlineMissed, LegClosed). Never waits: at most one of each kind is due at a time, of missed
  // deadlines one round (limits::kDeadlinesPerTurnMax), and what is lost is due again.
  void PushDuty(v1::Entry entry);
  // The committer.
  void Done(CommitOutcome outcome);
  void Close();

  struct Taken {
    std::vector<Arrival> arrivals;
    std::vector<v1::Entry> duties;
    std::optional<CommitOutcome> outcome;
    bool closed = false;
  };
  // The sequencer. Waits for an outcome, or for arrivals too if it wants any.
  Taken Wait(bool want_arrivals);

 private:
  Mutex mutex_;
  CondVar changed_;
  CondVar room_;
  std::vector<Arrival> arrivals_ GUARDED_BY(mutex_);
  std::vector<v1::Entry> duties_ GUARDED_BY(mutex_);
  std::optional<CommitOutcome> outcome_ GUARDED_BY(mutex_);
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace rujukan::broker
