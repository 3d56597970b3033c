// The admission workers: N threads that examine frames against the directory as it is now, and pass
// submissions to the sequencer, queries to the courier and chunks to the porter.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "broker/core/admission.h"
#include "broker/engine/bounded_queue.h"
#include "broker/engine/courier.h"
#include "broker/engine/porter.h"
#include "broker/engine/sequencer_inbox.h"
#include "broker/engine/shared.h"

namespace rujukan::broker {

class AdmissionPool {
 public:
  AdmissionPool(Shared& shared, SequencerInbox& sequencer, Courier& courier, Porter& porter);

  // Network thread only: tickets are given in the order of arrival. False: full; Outlet::Resume
  // follows.
  bool Offer(Inbound& inbound);
  void Start(size_t workers);
  void Close() { queue_.Close(); }
  void Join();
  size_t waiting() const { return queue_.size(); }

 private:
  struct Frame {
    uint64_t ticket = 0;
    Inbound inbound;
    Allowance allowance = Allowance::kGranted;
  };

  void Run();
  void ExamineAll(std::vector<Frame>& frames, Examiner& examiner);
  bool HasRoom();

  Shared& shared_;
  SequencerInbox& sequencer_;
  Courier& courier_;
  Porter& porter_;
  BoundedQueue<Frame> queue_;
  std::atomic<bool> starved_{false};  // the network thread waits for Resume
  uint64_t next_ticket_ = 0;          // owned by the network thread
  std::vector<std::thread> threads_;
};

}  // namespace rujukan::broker
