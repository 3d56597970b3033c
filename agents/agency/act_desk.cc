#include "agents/agency/act_desk.h"

#include <chrono>

#include "agents/agency/rotation.h"

namespace rujukan::agency {

Result<uint64_t> ActDesk::HandIn(v1::Act act) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (items_.size() >= kActsWaitingMax) {
    return Fail(Errc::kLimit, "too many changes wait for the broker; try again in a minute");
  }
  const uint64_t number = next_++;
  items_[number].act = std::move(act);
  return number;
}

Result<ActDesk::Outcome> ActDesk::Await(uint64_t number, int64_t wait_ms) {
  std::unique_lock<std::mutex> lock(mutex_);
  const bool settled = settled_.wait_for(
      lock, std::chrono::milliseconds(wait_ms), [&] { return items_[number].outcome.has_value(); });
  const auto outcome = items_[number].outcome;
  items_.erase(number);
  if (!settled) {
    return Fail(Errc::kUnavailable,
                "broker belum menjawab; lihat `rujukan-agent status`, lalu ulangi / no answer from "
                "the broker yet: look at status, then repeat the command");
  }
  return *outcome;
}

Result<std::vector<link::Submission>> ActDesk::TakeNew(const Identity& identity, UnixMillis now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<link::Submission> submissions;
  for (auto& [number, item] : items_) {
    if (!item.act_id.empty()) {
      continue;
    }
    ASSIGN_OR_RETURN(auto submission, link::SubmitAct(SignAct(item.act, identity, now)));
    item.act_id = submission.subject;
    submissions.push_back(std::move(submission));
  }
  return submissions;
}

void ActDesk::Settle(const std::string& act_id, const Outcome& outcome) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& [number, item] : items_) {
      if (!item.act_id.empty() && item.act_id == act_id) {
        item.outcome = outcome;
      }
    }
  }
  settled_.notify_all();
}

void ActDesk::TakeReceipt(const link::Receipted& receipted) {
  if (receipted.kind == v1::Subject::ACT) {
    Settle(receipted.subject, Outcome{true, receipted.proven.index, {}});
  }
}

void ActDesk::TakeRefusal(const link::Refusal& refusal) {
  if (refusal.kind == v1::Subject::ACT && refusal.final) {
    Settle(refusal.subject, Outcome{false, 0, link::ErrorOf(refusal)});
  }
}

}  // namespace rujukan::agency
