// The daemon's part in the read trail and in erasing: what is due is done on the link thread.
#include "agents/agency/daemon.h"

namespace rujukan::agency {

Result<void> Daemon::OpenEvidence() {
  ASSIGN_OR_RETURN(auto anchor, ReadAnchor::Open(*store_));
  anchor_ = std::make_unique<ReadAnchor>(std::move(anchor));
  notices_ = std::make_unique<Notices>(*store_);
  erasures_ = std::make_unique<Erasures>(
      *store_, config_.officer, config_.erases_itself, [this] { return SweepSpool(); });
  TellTrailAlarm();
  return {};
}

Result<void> Daemon::SettleAnchor(const Batch& batch) {
  for (const auto& receipted : batch.receipted) {
    RETURN_IF_ERROR(anchor_->TakeReceipt(receipted, clock_->Now()));
  }
  for (const auto& refusal : batch.refused) {
    RETURN_IF_ERROR(anchor_->TakeRefusal(refusal, clock_->Now()));
  }
  TellTrailAlarm();
  return {};
}

Result<void> Daemon::SendAnchor() {
  if (anchor_wanted_.exchange(false)) {
    anchor_->Want();
  }
  ASSIGN_OR_RETURN(auto submission, anchor_->Next(*identity_, clock_->Now()));
  if (submission) {
    client_->Submit(std::move(*submission));
  }
  return {};
}

// Erasing needs no connection; what it queues goes out with the next one.
Result<void> Daemon::ReviewErasures() {
  if (!review_wanted_.exchange(false) && !review_again_) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto reviewed, erasures_->Review(config_.address, clock_->Now()));
  review_again_ = reviewed.again;
  outbox_dirty_ = outbox_dirty_ || reviewed.queued;
  if (reviewed.finished != 0) {
    anchor_wanted_ = true;
    log_.Info("content_erased", {{"requests", reviewed.finished}});
  }
  if (reviewed.queued || reviewed.finished != 0) {
    board_.Notify();
  }
  return {};
}

// People are told; messages go on.
void Daemon::TellTrailAlarm() {
  if (anchor_->alarm().empty() || !board_.status().alarm.empty()) {
    return;
  }
  log_.Warn("read_trail_alarm", {{"reason", anchor_->alarm()}});
  board_.Update([&](LinkStatus& status) { status.alarm = anchor_->alarm(); });
}

}  // namespace rujukan::agency
