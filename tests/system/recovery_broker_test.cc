// Goal: kill -9 of the broker at any moment loses nothing acknowledged, delivers nothing twice, and
// never contradicts a checkpoint that was handed out. Method: a bulk sender on the wire keeps 32
// referrals unanswered while a real agent receives; the broker is killed after a random number of
// further acknowledgements and started again, 50 times; then everything that was promised is looked
// up in an export that the auditor has verified.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/ids.h"
#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"
#include "tests/system/trail_check.h"

namespace rujukan::testing {
namespace {

constexpr int kKills = 50;
constexpr uint32_t kInFlight = 32;

class RecoveryBroker : public ::testing::Test {
 protected:
  RecoveryBroker() {
    deployment.Join("uppa.18.01");
    deployment.Join("dinsos.18");
    deployment.StartAgent("dinsos.18");
  }

  // Kills and restarts; the moment is chosen by what the sender has seen, so that some kills hit a
  // commit, some an answer, some the start itself.
  void KillOften(const BulkSender& sender) {
    const unsigned seed = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    for (int kill = 0; kill < kKills; ++kill) {
      const size_t until = sender.acknowledged_count() + 1 + random() % 150;
      ASSERT_TRUE(Eventually([&] { return sender.acknowledged_count() >= until; }))
          << "no progress after kill " << kill << " (seed " << seed << ")";
      deployment.KillBroker();
      deployment.StartBroker();
    }
  }

  Deployment deployment;
};

TEST_F(RecoveryBroker, FiftyKillsUnderLoadLoseNothingAcknowledgedAndDeliverNothingTwice) {
  const Identity uppa(deployment.home("uppa.18.01"));
  BulkSender sender(uppa, Deployment::Address("dinsos.18"), kInFlight);
  KillOften(sender);
  ASSERT_TRUE(sender.Finish()) << "some submissions never got an answer";
  EXPECT_EQ(sender.trouble(), "");

  const size_t acknowledged = sender.acknowledged().size();
  std::vector<std::string> inbox;
  EXPECT_TRUE(Eventually([&] {
    inbox = ApplicationInbox(deployment, "dinsos.18");
    return inbox.size() >= acknowledged;
  })) << inbox.size()
      << " of " << acknowledged << " arrived";
  const std::set<std::string> distinct(inbox.begin(), inbox.end());
  EXPECT_EQ(distinct.size(), inbox.size()) << "something was given to the application twice";

  const TrailCheck trail(deployment);
  std::set<std::string> checkpoints;
  for (const auto& [id, promise] : sender.acknowledged()) {
    EXPECT_TRUE(distinct.count(FormatUuid(id))) << "acknowledged but never delivered";
    trail.ExpectKept(promise);
    checkpoints.insert(CheckpointIn(promise.proof));
  }
  for (const std::string& checkpoint : checkpoints) {
    trail.ExpectContinues(checkpoint);
  }
  const Output checked = (deployment.KillBroker(), deployment.Broker({"check"}));
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  std::printf("%d kills, %zu acknowledged, %zu delivered once, %zu checkpoints, %zu entries\n",
              kKills,
              acknowledged,
              inbox.size(),
              checkpoints.size(),
              trail.size());
}

}  // namespace
}  // namespace rujukan::testing
