// Goal: every target is told, none that hangs or fails holds up another or the agent, and how each
// does can be seen. Method: targets that are functions.
#include "agents/agency/notify.h"

#include <gtest/gtest.h>

#include <chrono>

namespace rujukan::agency {
namespace {

using Stopping = std::function<bool()>;

// Counts what it was told; waits for it.
class Ear {
 public:
  NotifyTarget Target(std::string answer = "") {
    return {"surel", [this, answer](NotifyKind kind, const Stopping&) {
              const std::lock_guard<std::mutex> lock(mutex_);
              heard_.push_back(kind);
              changed_.notify_all();
              return answer;
            }};
  }
  std::vector<NotifyKind> Await(size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(30), [&] { return heard_.size() >= count; });
    return heard_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<NotifyKind> heard_;
};

NotifyTarget HangingUntilTheEnd() {
  return {"perintah", [](NotifyKind, const Stopping& stopping) {
            while (!stopping()) {
              std::this_thread::yield();
            }
            return std::string("ended");
          }};
}

NotifyStatus AwaitStatus(const Notifier& notifier, size_t target) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < until) {
    const auto status = notifier.Statuses().at(target);
    if (status.told + status.failed > 0) {
      return status;
    }
    std::this_thread::yield();
  }
  return {};
}

TEST(Notifier, TellsEveryTarget) {
  Ear first;
  Ear second;
  Notifier notifier({first.Target(), second.Target()});
  notifier.Tell(NotifyKind::kNewReferral);
  EXPECT_EQ(first.Await(1), std::vector{NotifyKind::kNewReferral});
  EXPECT_EQ(second.Await(1), std::vector{NotifyKind::kNewReferral});
  EXPECT_EQ(AwaitStatus(notifier, 0).told, 1);
}

TEST(Notifier, ATargetThatHangsHoldsUpNeitherTheOthersNorTheEnd) {
  Ear other;
  Notifier notifier({HangingUntilTheEnd(), other.Target()});
  notifier.Tell(NotifyKind::kAlert);
  EXPECT_EQ(other.Await(1).size(), 1U);
  EXPECT_EQ(notifier.Statuses().at(0).told, 0);
}

TEST(Notifier, AFailureIsSeenInTheStatus) {
  Ear ear;
  Notifier notifier({ear.Target("it answered 550")});
  notifier.Tell(NotifyKind::kEscalation);
  const auto status = AwaitStatus(notifier, 0);
  EXPECT_EQ(status.failed, 1);
  EXPECT_EQ(NotifyJson({status}).dump(),
            R"([{"sasaran":"surel","terkirim":0,"gagal":1,"galat":"it answered 550"}])");
}

TEST(Notifier, WithoutTargetsNothingHappens) {
  Notifier notifier({});
  notifier.Tell(NotifyKind::kAlert);
  EXPECT_TRUE(notifier.Statuses().empty());
}

}  // namespace
}  // namespace rujukan::agency
