// BrokerHost's courier: the turns of broker/engine/courier.cc, a piece of work each.
#include <utility>

#include "base/limits.h"
#include "broker/core/answers.h"
#include "broker/core/queries.h"
#include "broker/core/receipts.h"
#include "tests/sim/broker_process.h"

namespace rujukan::sim {

Result<void> BrokerHost::Courier() {
  Process& p = *process_;
  if (!p.work.empty()) {
    const Work work = std::move(p.work.front());
    p.work.pop_front();
    RETURN_IF_ERROR(std::visit([this](const auto& held) { return Handle(held); }, work));
  }
  const UnixMillis now = clock_.Now();
  if (now - p.ticked_ms >= 1000 || now < p.ticked_ms) {
    p.ticked_ms = now;
    for (const broker::Peer& peer : p.tracker.Tick(now)) {
      outlet_.Drop(peer);
    }
  }
  return Deliver();
}

Result<void> BrokerHost::Handle(const broker::Query& query) {
  Process& p = *process_;
  p.shared.limiter.Answered(query);
  if (query.frame.has_credit()) {
    p.tracker.SetCredit(query.peer, query.frame.credit().messages());
    return {};
  }
  if (query.frame.has_hello()) {
    p.tracker.Connected(query.peer);
  }
  const auto directory = p.shared.directory.Get();
  const auto newest = p.shared.newest.Get();
  ASSIGN_OR_RETURN(std::vector<std::string> frames,
                   broker::AnswerQuery(query, {store_, *directory, *newest, clock_.Now()}));
  for (std::string& frame : frames) {
    outlet_.Send(query.peer, std::move(frame));
  }
  return {};
}

Result<void> BrokerHost::Handle(const std::shared_ptr<const broker::CommittedBatch>& batch) {
  Process& p = *process_;
  p.recent.Add(batch);
  p.size = batch->formed->size;
  for (const std::string& address : batch->formed->cut) {
    p.tracker.Forget(address);
  }
  for (const broker::NewMail& mail : batch->formed->mail) {
    p.tracker.Arrived(mail);
  }
  for (const broker::SettledMail& settled : batch->formed->settled) {
    p.tracker.Settled(settled.recipient, settled.id);
    const broker::Peer* sender = p.tracker.RouteOf(settled.sender);
    if (sender != nullptr) {
      const size_t place = settled.index - batch->formed->first();
      outlet_.Send(
          *sender,
          broker::NoticeFrame(
              settled.id.view(), batch->formed->commit.entries[place], batch->receipts[place]));
    }
  }
  for (const broker::LegNotice& notice : batch->formed->notices) {
    const broker::Peer* told = p.tracker.RouteOf(notice.address);
    if (told != nullptr) {
      const size_t place = notice.index - batch->formed->first();
      outlet_.Send(*told,
                   broker::LegNoticeFrame(
                       notice.index, batch->formed->commit.entries[place], batch->receipts[place]));
    }
  }
  return {};
}

Result<void> BrokerHost::Handle(const broker::Peer& gone) {
  process_->tracker.Gone(gone);
  return {};
}

Result<void> BrokerHost::Deliver() {
  Process& p = *process_;
  ASSIGN_OR_RETURN(const std::vector<broker::Delivery> due,
                   p.tracker.Take({store_, p.size}, clock_.Now(), limits::kDeliveriesPerTurnMax));
  for (const broker::Delivery& delivery : due) {
    ASSIGN_OR_RETURN(std::string frame, FrameOf(delivery));
    outlet_.Send(delivery.peer, std::move(frame));
  }
  p.more_due = due.size() == limits::kDeliveriesPerTurnMax;
  return {};
}

Result<std::string> BrokerHost::FrameOf(const broker::Delivery& delivery) const {
  if (const broker::CommittedBatch* batch = process_->recent.Find(delivery.index)) {
    const size_t place = delivery.index - batch->formed->first();
    const size_t content = batch->formed->content_places[place];
    return broker::DeliverFrame(batch->formed->commit.entries[place],
                                batch->receipts[place],
                                batch->formed->commit.contents[content].bytes);
  }
  ASSIGN_OR_RETURN(const broker::Proven proven, broker::ReadProven(store_, delivery.index));
  ASSIGN_OR_RETURN(const std::string content, store_.ReadContent(delivery.id));
  return broker::DeliverFrame(proven.entry, proven.receipt, content);
}

}  // namespace rujukan::sim
