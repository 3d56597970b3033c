// The courier thread: delivers mail, tells senders about deliveries, answers queries. It only reads
// committed state, so it never holds up a commit; everything it sends can be asked for again.
#pragma once

#include <deque>
#include <memory>
#include <thread>
#include <variant>
#include <vector>

#include "broker/core/batch.h"
#include "broker/core/delivery.h"
#include "broker/core/query_turns.h"
#include "broker/core/receipts.h"
#include "broker/core/submission.h"
#include "broker/engine/bounded_queue.h"
#include "broker/engine/shared.h"

namespace rujukan::broker {

// The last batches, so that fresh mail is delivered from memory. Bounded by bytes. One owner.
class RecentBatches {
 public:
  void Add(std::shared_ptr<const CommittedBatch> batch);
  // The batch that holds this entry; nullptr: too long ago.
  const CommittedBatch* Find(LogIndex index) const;

 private:
  std::deque<std::shared_ptr<const CommittedBatch>> batches_;  // in order of index
  size_t bytes_ = 0;
};

class Courier {
 public:
  explicit Courier(Shared& shared);

  // Any thread. Ask and Carry wait while the queue is full.
  void Ask(Query query) { queue_.Push(std::move(query)); }
  void Carry(std::shared_ptr<const CommittedBatch> batch) { queue_.Push(std::move(batch)); }
  void Gone(Peer peer) { queue_.PushOverBound(std::move(peer)); }

  // `size`: of the newest checkpoint now.
  void Start(TreeSize size);
  void Close() { queue_.Close(); }
  void Join();
  size_t waiting() const { return queue_.size(); }

 private:
  using Work = std::variant<Query, std::shared_ptr<const CommittedBatch>, Peer>;

  void Run();
  Result<void> Turn(std::vector<Work>& work);
  Result<void> Handle(Query& query);
  Result<void> AnswerSome();
  Result<void> Handle(const std::shared_ptr<const CommittedBatch>& batch);
  Result<void> Handle(const Peer& gone);
  void Notify(const SettledMail& settled, const CommittedBatch& batch);
  void Notify(const LegNotice& notice, const CommittedBatch& batch);
  Result<bool> DeliverSome();
  Result<std::string> FrameOf(const Delivery& delivery) const;
  Result<bool> StillWaits(const Delivery& delivery) const;

  Shared& shared_;
  BoundedQueue<Work> queue_;
  // Owned by the courier thread.
  DeliveryTracker tracker_;
  QueryTurns queries_;
  RecentBatches recent_;
  // Of the last batch carried here. The store may be ahead of it: mail beyond is not due before its
  // batch comes, or it would be delivered twice.
  TreeSize size_ = 0;
  UnixMillis ticked_ms_ = 0;
  bool more_due_ = false;
  std::thread thread_;
};

}  // namespace rujukan::broker
