#include "broker/engine/sequencer_thread.h"

#include <spdlog/spdlog.h>

#include <iterator>
#include <utility>

#include "broker/engine/answer_desk.h"

namespace rujukan::broker {

SequencerThread::SequencerThread(Shared& shared,
                                 std::unique_ptr<Sequencer> core,
                                 Committer& committer,
                                 std::function<int64_t()> steady_ms)
    : shared_(shared),
      core_(std::move(core)),
      committer_(committer),
      steady_ms_(std::move(steady_ms)) {}

void SequencerThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void SequencerThread::Join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void SequencerThread::Run() {
  for (;;) {
    // Full with a batch under way: nothing can be taken until that is done, and the workers wait.
    SequencerInbox::Taken taken = inbox_.Wait(!(core_->Full() && core_->under_way()));
    if (taken.closed) {
      return;
    }
    if (Result<void> turned = Turn(std::move(taken)); !turned) {
      shared_.Fail(std::move(turned.error()));
      return;
    }
  }
}

Result<void> SequencerThread::Turn(SequencerInbox::Taken taken) {
  if (taken.outcome.has_value()) {
    RETURN_IF_ERROR(Settle(*taken.outcome));
  }
  for (Arrival& arrival : taken.arrivals) {
    order_.Put(arrival.ticket, std::move(arrival.submission));
  }
  std::move(taken.duties.begin(), taken.duties.end(), std::back_inserter(duties_));
  const UnixMillis now = shared_.clock.Now();
  RETURN_IF_ERROR(clock_watch_.Look(now, steady_ms_(), core_->time()));
  RETURN_IF_ERROR(TakeInOrder(now));
  if (!core_->Empty() && !core_->under_way()) {
    ASSIGN_OR_RETURN(auto batch, core_->Seal());
    committer_.Give(std::move(batch));
    RETURN_IF_ERROR(TakeInOrder(now));  // what did not fit forms the next batch
  }
  return {};
}

Result<void> SequencerThread::Settle(CommitOutcome outcome) {
  if (outcome == CommitOutcome::kDurable) {
    core_->Committed();
  } else {
    ASSIGN_OR_RETURN(const std::vector<Answer> owed, core_->Aborted(shared_.clock.Now()));
    HandOutRefusals(owed, shared_);
  }
  shared_.metrics.storage_full = core_->StorageFull();
  return {};
}

Result<void> SequencerThread::TakeInOrder(UnixMillis now) {
  while (!core_->Full()) {
    std::optional<Submission> submission = order_.Take();
    if (!submission.has_value()) {
      break;
    }
    RETURN_IF_ERROR(core_->Take(std::move(*submission), now));
  }
  while (!core_->Full() && !duties_.empty()) {
    ASSIGN_OR_RETURN(const auto taken, core_->TakeDuty(std::move(duties_.front()), now));
    duties_.pop_front();
    if (!taken) {
      spdlog::warn("the broker's own entry was not legal: {}", taken.error().advice);
    }
  }
  return {};
}

}  // namespace rujukan::broker
