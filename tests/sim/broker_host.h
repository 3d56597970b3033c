// One broker machine: the disk, which survives, and the process on it, which does not. The process
// is the real core driven in the order of duties of broker/engine/committer.cc and courier.cc, but
// one small step at a time, so that a crash can come between any two of them.
//
//   up frames -> kExamine -> kSequence -> kPersist -> kAdvance -> kSign -> kAnswer -> kCarry
//                    \-------------- queries ----------------> kCourier <-----------------/
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "broker/core/admission.h"
#include "broker/core/delivery.h"
#include "broker/core/memory_store.h"
#include "broker/core/reorder.h"
#include "broker/core/sequencer.h"
#include "broker/engine/committer.h"
#include "broker/engine/courier.h"
#include "broker/engine/shared.h"
#include "tests/sim/break.h"
#include "tests/sim/random.h"

namespace rujukan::sim {

class SimClock : public Clock {
 public:
  UnixMillis Now() const override { return now; }
  UnixMillis now = 0;
};

// How the next Append goes wrong.
enum class AppendFault { kNone, kFailsUnwritten, kFailsWritten };

class BrokerHost {
 public:
  enum class Step { kExamine, kSequence, kPersist, kAdvance, kSign, kAnswer, kCarry, kCourier };

  // `store` and `signer` are copied; the others outlive this.
  BrokerHost(const broker::MemoryStore& store,
             const ledger::NoteSigner& signer,
             const Clock& clock,
             broker::Outlet& outlet,
             Random& random,
             Break broken);
  ~BrokerHost();

  // The real start-up: takes over, recovers, signs an unsigned tail.
  Result<void> Start();
  bool running() const { return process_ != nullptr; }
  // The process ends here and now. `power_cut`: the machine with it, and what was not synced.
  void Crash(bool power_cut);

  // The network's side.
  void Offer(broker::Inbound inbound);
  void Gone(const broker::Peer& peer);
  bool Admits(const TransportKey& key) const;

  // As a chore puts an entry of the broker's own on record.
  Result<void> Record(v1::Entry entry);

  std::vector<Step> Enabled() const;
  // An error is fatal: the process must crash now.
  Result<void> Do(Step step);
  UnixMillis NextEvent() const;  // when kCourier has a tick to do; INT64_MAX: never

  void SetFault(AppendFault fault) { fault_ = fault; }
  void SetFull(bool full) { store_.SetFull(full); }
  const broker::MemoryStore& store() const { return store_; }

 private:
  using Work =
      std::variant<broker::Query, std::shared_ptr<const broker::CommittedBatch>, broker::Peer>;
  struct Frame {
    uint64_t ticket = 0;
    broker::Inbound inbound;
    broker::Allowance allowance = broker::Allowance::kGranted;
  };
  struct Process;

  Result<void> Examine();
  Result<void> Sequence();
  Result<void> TakeInOrder();
  Result<void> Persist();
  Result<void> Advance();
  Result<void> Sign();
  Result<void> Answer();
  Result<void> Carry();
  Result<void> Courier();
  Result<void> Handle(const broker::Query& query);
  Result<void> Handle(const std::shared_ptr<const broker::CommittedBatch>& batch);
  Result<void> Handle(const broker::Peer& gone);
  Result<void> Deliver();
  Result<std::string> FrameOf(const broker::Delivery& delivery) const;
  broker::CommitBatch AnotherHistory(broker::CommitBatch batch) const;

  broker::MemoryStore store_;
  broker::MemoryStore before_last_;  // kLoseAck, kFork: the disk as it was before the last commit
  const ledger::NoteSigner signer_;
  const Clock& clock_;
  broker::Outlet& outlet_;
  Random& random_;
  const Break break_;
  AppendFault fault_ = AppendFault::kNone;
  broker::CommitBatch last_;
  std::unique_ptr<Process> process_;
};

}  // namespace rujukan::sim
