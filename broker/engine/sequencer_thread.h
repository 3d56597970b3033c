// The sequencer's thread: feeds the pure core in order of arrival and keeps the committer busy.
// While batch k syncs, k+1 forms; there is one synced write a batch, however many messages are in
// it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "broker/core/clock_watch.h"
#include "broker/core/reorder.h"
#include "broker/core/sequencer.h"
#include "broker/engine/committer.h"
#include "broker/engine/sequencer_inbox.h"
#include "broker/engine/shared.h"

namespace rujukan::broker {

class SequencerThread {
 public:
  // `steady_ms`: a clock that nobody sets, to tell a leap of the other from time that passes.
  SequencerThread(Shared& shared,
                  std::unique_ptr<Sequencer> core,
                  Committer& committer,
                  std::function<int64_t()> steady_ms);

  SequencerInbox& inbox() { return inbox_; }
  void Start();
  void Close() { inbox_.Close(); }
  void Join();

 private:
  void Run();
  Result<void> Turn(SequencerInbox::Taken taken);
  Result<void> Settle(CommitOutcome outcome);
  Result<void> TakeInOrder(UnixMillis now);

  Shared& shared_;
  const std::unique_ptr<Sequencer> core_;
  Committer& committer_;
  const std::function<int64_t()> steady_ms_;
  ClockWatch clock_watch_;
  SequencerInbox inbox_;
  Reorder<Submission> order_;
  std::deque<v1::Entry> duties_;  // to be put on record, behind what agencies sent
  std::thread thread_;
};

}  // namespace rujukan::broker
