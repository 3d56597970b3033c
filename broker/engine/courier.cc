#include "broker/engine/courier.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "broker/core/answers.h"
#include "broker/core/queries.h"
#include "ledger/records.h"

namespace rujukan::broker {
namespace {

constexpr std::chrono::milliseconds kTickEvery{1'000};
constexpr size_t kWorkAtOnce = 64;
constexpr size_t kRecentBytesMax = 16 * 1024 * 1024;
constexpr size_t kRecentBatchesMax = 256;

size_t BytesOf(const CommittedBatch& batch) {
  size_t bytes = 0;
  for (const Content& content : batch.formed->commit.contents) {
    bytes += content.bytes.size();
  }
  for (size_t i = 0; i < batch.receipts.size(); ++i) {
    bytes += batch.receipts[i].size() + 2 * batch.formed->commit.entries[i].size();
  }
  return bytes;
}

}  // namespace

void RecentBatches::Add(std::shared_ptr<const CommittedBatch> batch) {
  bytes_ += BytesOf(*batch);
  batches_.push_back(std::move(batch));
  while (bytes_ > kRecentBytesMax || batches_.size() > kRecentBatchesMax) {
    bytes_ -= BytesOf(*batches_.front());
    batches_.pop_front();
  }
}

const CommittedBatch* RecentBatches::Find(LogIndex index) const {
  const auto after =
      std::upper_bound(batches_.begin(), batches_.end(), index, [](LogIndex wanted, const auto& b) {
        return wanted < b->formed->first();
      });
  if (after == batches_.begin() || !(*std::prev(after))->formed->Holds(index)) {
    return nullptr;
  }
  return std::prev(after)->get();
}

Courier::Courier(Shared& shared) : shared_(shared), queue_(limits::kCourierQueueMax) {}

void Courier::Start(TreeSize size) {
  size_ = size;
  thread_ = std::thread([this] { Run(); });
}

void Courier::Join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Courier::Run() {
  std::vector<Work> work;
  while (queue_.PopSomeWithin(
      more_due_ ? std::chrono::milliseconds(0) : kTickEvery, kWorkAtOnce, work)) {
    if (Result<void> turned = Turn(work); !turned) {
      shared_.Fail(std::move(turned.error()));
      return;
    }
    work.clear();
  }
}

Result<void> Courier::Turn(std::vector<Work>& work) {
  for (Work& piece : work) {
    RETURN_IF_ERROR(std::visit([this](auto& held) { return Handle(held); }, piece));
  }
  const UnixMillis now = shared_.clock.Now();
  if (now - ticked_ms_ >= kTickEvery.count() || now < ticked_ms_) {
    ticked_ms_ = now;
    for (const Peer& peer : tracker_.Tick(now)) {
      shared_.outlet.Drop(peer);
    }
  }
  RETURN_IF_ERROR(AnswerSome());
  ASSIGN_OR_RETURN(const bool mail_due, DeliverSome());
  more_due_ = mail_due || !queries_.Empty();
  return {};
}

// What the tracker must know, it learns in the order in which it came; the answer, which costs, is
// given in turn with those of other agencies.
Result<void> Courier::Handle(Query& query) {
  ++shared_.metrics.queries;
  if (query.frame.has_credit()) {
    tracker_.SetCredit(query.peer, query.frame.credit().messages());
    shared_.limiter.Answered(query);
    return {};
  }
  if (query.frame.has_hello()) {
    tracker_.Connected(query.peer);
  }
  queries_.Put(std::move(query));
  return {};
}

Result<void> Courier::AnswerSome() {
  for (size_t i = 0; i < limits::kQueriesPerTurnMax && !queries_.Empty(); ++i) {
    const Query query = queries_.Take();
    const auto directory = shared_.directory.Get();
    const auto cosigned = shared_.cosigned.Get();  // before the newest, which then covers it
    const auto newest = shared_.newest.Get();
    ASSIGN_OR_RETURN(
        std::vector<std::string> frames,
        AnswerQuery(query,
                    {shared_.store, *directory, *newest, shared_.clock.Now(), cosigned.get()}));
    shared_.limiter.Answered(query);
    for (std::string& frame : frames) {
      shared_.outlet.Send(query.peer, std::move(frame));
    }
  }
  return {};
}

Result<void> Courier::Handle(const std::shared_ptr<const CommittedBatch>& batch) {
  recent_.Add(batch);
  size_ = batch->formed->size;
  for (const std::string& address : batch->formed->cut) {
    tracker_.Forget(address);
  }
  for (const NewMail& mail : batch->formed->mail) {
    tracker_.Arrived(mail);
  }
  for (const SettledMail& settled : batch->formed->settled) {
    tracker_.Settled(settled.recipient, settled.id);
    Notify(settled, *batch);
  }
  for (const LegNotice& notice : batch->formed->notices) {
    Notify(notice, *batch);
  }
  for (const v1::Deadline::Code deadline : batch->formed->missed) {
    shared_.metrics.Missed(deadline);
  }
  return {};
}

Result<void> Courier::Handle(const Peer& gone) {
  tracker_.Gone(gone);
  return {};
}

// A sender that is not there asks with a StatusRequest when it is back.
void Courier::Notify(const SettledMail& settled, const CommittedBatch& batch) {
  const Peer* sender = tracker_.RouteOf(settled.sender);
  if (sender == nullptr) {
    return;
  }
  const size_t place = settled.index - batch.formed->first();
  shared_.outlet.Send(
      *sender,
      NoticeFrame(settled.id.view(), batch.formed->commit.entries[place], batch.receipts[place]));
}

// An agency that is not there asks with a LegNoticesRequest when it is back.
void Courier::Notify(const LegNotice& notice, const CommittedBatch& batch) {
  const Peer* told = tracker_.RouteOf(notice.address);
  if (told == nullptr) {
    return;
  }
  const size_t place = notice.index - batch.formed->first();
  shared_.outlet.Send(
      *told,
      LegNoticeFrame(notice.index, batch.formed->commit.entries[place], batch.receipts[place]));
}

// True when there may be more to deliver right now.
Result<bool> Courier::DeliverSome() {
  ASSIGN_OR_RETURN(
      const std::vector<Delivery> due,
      tracker_.Take({shared_.store, size_}, shared_.clock.Now(), limits::kDeliveriesPerTurnMax));
  for (const Delivery& delivery : due) {
    Result<std::string> frame = FrameOf(delivery);
    if (!frame && frame.error().code == Errc::kNotFound) {
      // Settled meanwhile, and its ciphertext gone for good: the word of it is on its way here.
      ASSIGN_OR_RETURN(const bool waits, StillWaits(delivery));
      if (!waits) {
        continue;
      }
    }
    if (!frame) {
      return Fail(frame.error());
    }
    ++shared_.metrics.deliveries;
    shared_.outlet.Send(delivery.peer, std::move(*frame));
  }
  return due.size() == limits::kDeliveriesPerTurnMax;
}

Result<bool> Courier::StillWaits(const Delivery& delivery) const {
  ASSIGN_OR_RETURN(const auto row,
                   shared_.store.Get(ledger::Table::kMailbox,
                                     ledger::MailboxKey(delivery.peer.user, delivery.index)));
  return row.has_value();
}

Result<std::string> Courier::FrameOf(const Delivery& delivery) const {
  if (const CommittedBatch* batch = recent_.Find(delivery.index)) {
    const size_t place = delivery.index - batch->formed->first();
    const size_t content = batch->formed->content_places[place];
    CHECK(content != kNoContent);
    return DeliverFrame(batch->formed->commit.entries[place],
                        batch->receipts[place],
                        batch->formed->commit.contents[content].bytes);
  }
  ASSIGN_OR_RETURN(const Proven proven, ReadProven(shared_.store, delivery.index));
  ASSIGN_OR_RETURN(const std::string content, shared_.store.ReadContent(delivery.id));
  return DeliverFrame(proven.entry, proven.receipt, content);
}

}  // namespace rujukan::broker
