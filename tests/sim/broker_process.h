// What a broker process holds in memory, all of it lost in a crash.
#pragma once

#include "tests/sim/broker_host.h"

namespace rujukan::sim {

struct BrokerHost::Process {
  Process(broker::Store& store,
          const Clock& clock,
          broker::Outlet& outlet,
          broker::CheckpointDesk the_desk)
      : shared(store, clock, outlet), desk(std::move(the_desk)) {
    shared.stop_all = [] {};
  }

  broker::Shared shared;
  broker::CheckpointDesk desk;
  // Admission: two workers, so that frames can overtake each other on the way to the sequencer.
  std::deque<Frame> admission;
  uint64_t next_ticket = 0;
  broker::Examiner examiner;
  // The sequencer.
  broker::Reorder<broker::Submission> order;
  bool arrived = false;
  std::unique_ptr<broker::Sequencer> sequencer;
  std::optional<broker::CommitOutcome> outcome;
  // The committer and how far it has come with its batch.
  std::shared_ptr<broker::CommittedBatch> committing;
  Step stage = Step::kPersist;
  bool answered = false;
  // The courier.
  std::deque<Work> work;
  broker::DeliveryTracker tracker;
  broker::RecentBatches recent;
  TreeSize size = 0;
  UnixMillis ticked_ms = 0;
  bool more_due = false;
};

}  // namespace rujukan::sim
