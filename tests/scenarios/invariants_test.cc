// Goal: the invariants that only agents can keep: I1 and I2 over an episode of several legs, I4,
// I6, I7 and I8. Method: random requests of officers, sensible or not, on the pure stage; after
// each the invariants are looked at from outside. A failure prints its seed: RUJUKAN_HISTORY_SEED=N
// build/dev/bin/scenarios_pure --gtest_filter='AgentInvariants.*'
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/scenarios/agent_history.h"
#include "tests/scenarios/parse.h"

namespace rujukan::scenarios {
namespace {

constexpr uint64_t kHistories = 12;
constexpr int kStepsEach = 40;

TEST(AgentInvariants, HoldOverRandomRequestsInOneEpisode) {
  const auto script = ParseFile(RUJUKAN_SOURCE_DIR "/tests/scenarios", "acak.txt");
  ASSERT_TRUE(script.has_value()) << script.error().context;
  const char* given = std::getenv("RUJUKAN_HISTORY_SEED");
  const uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  const uint64_t last = given == nullptr ? kHistories : first;
  AgentHistory::Figures sum;
  for (uint64_t seed = first; seed <= last; ++seed) {
    AgentHistory history(*script, seed, "lks.18.01.001", "lksa.18.01.001");
    const auto opened = history.Open();
    ASSERT_TRUE(opened.has_value()) << opened.error().context;
    for (int step = 0; step < kStepsEach; ++step) {
      const auto stepped = history.Step();
      ASSERT_TRUE(stepped.has_value())
          << stepped.error().context << "\nreplay: RUJUKAN_HISTORY_SEED=" << seed
          << " build/dev/bin/scenarios_pure --gtest_filter='AgentInvariants.*'";
    }
    sum.requests += history.figures().requests;
    sum.taken += history.figures().taken;
    sum.legs += history.figures().legs;
    sum.complaints += history.figures().complaints;
    sum.readings += history.figures().readings;
    sum.contents += history.figures().contents;
    sum.known += history.figures().known;
  }
  std::printf(
      "%llu histories: %zu requests, %zu of them taken, %zu legs, %zu complaints, %zu "
      "readings\n",
      static_cast<unsigned long long>(last - first + 1),
      sum.requests,
      sum.taken,
      sum.legs,
      sum.complaints,
      sum.readings);
  EXPECT_GT(sum.legs, 0U);
  EXPECT_GT(sum.complaints, 0U);
  EXPECT_GT(sum.contents, 0U) << "no reading showed anything: I8 was not looked at";
  EXPECT_GT(sum.known, 0U) << "no receiver ever had a second stage: I4 was not looked at";
}

}  // namespace
}  // namespace rujukan::scenarios
