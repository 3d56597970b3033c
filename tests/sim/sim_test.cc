// Goal: the cores keep their promises whatever breaks, and the simulation would notice if they did
// not. Method: 200 seeds in four shards; each deliberate bug must be caught; a seed repeats
// exactly.
#include <gtest/gtest.h>

#include "tests/sim/simulation.h"

namespace rujukan::sim {
namespace {

const Cast& TheCast() {
  static const Cast cast;
  return cast;
}

class Seeds : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Seeds, EveryInvariantHoldsAndAllComesToRest) {
  constexpr uint64_t kSeedsPerShard = 50;
  size_t messages = 0;
  size_t crashes = 0;
  for (uint64_t i = 0; i < kSeedsPerShard; ++i) {
    Options options;
    options.seed = 1 + GetParam() * kSeedsPerShard + i;
    const Report report = Simulation(TheCast(), options).Run();
    messages += report.messages;
    crashes += report.broker_crashes;
    ASSERT_FALSE(report.violation) << report.tail << *report.violation << "\nSEED=" << options.seed
                                   << " replay: rujukan-sim --seed " << options.seed << " --steps "
                                   << options.steps << " --verbose";
  }
  EXPECT_GT(messages, 10 * kSeedsPerShard);  // a run in which nothing happens shows nothing
  EXPECT_GT(crashes, kSeedsPerShard);
}

INSTANTIATE_TEST_SUITE_P(Simulation, Seeds, ::testing::Range<uint64_t>(0, 4));

class Canary : public ::testing::TestWithParam<BreakName> {};

TEST_P(Canary, DeliberateBugIsCaught) {
  constexpr uint64_t kSeedsMax = 150;
  Options options;
  options.broken = GetParam().value;
  for (options.seed = 1; options.seed <= kSeedsMax; ++options.seed) {
    const Report report = Simulation(TheCast(), options).Run();
    if (report.violation) {
      std::printf(
          "caught by seed %d: %s\n", static_cast<int>(options.seed), report.violation->c_str());
      return;
    }
  }
  FAIL() << "no seed up to " << kSeedsMax << " noticed " << GetParam().name;
}

// All but the first (no bug) and the last (a deaf outlet, which the cores outlive: see below).
INSTANTIATE_TEST_SUITE_P(Simulation,
                         Canary,
                         ::testing::ValuesIn(kBreakNames.begin() + 1, kBreakNames.end() - 1));

// An outlet that drops frames of a dead route without saying so costs time and loses nothing:
// credit does not bring a dead route back, and one that answers nothing is cut.
TEST(Simulation, ADeafOutletIsOutlived) {
  constexpr uint64_t kSeedsMax = 20;
  ASSERT_EQ(kBreakNames.back().value, Break::kDeafOutlet);
  Options options;
  options.broken = Break::kDeafOutlet;
  for (options.seed = 1; options.seed <= kSeedsMax; ++options.seed) {
    const Report report = Simulation(TheCast(), options).Run();
    EXPECT_FALSE(report.violation) << *report.violation << " (seed " << options.seed << ")";
  }
}

TEST(Simulation, SeedRepeatsExactlyWithOtherKeys) {
  const Cast other;
  Options options;
  options.seed = 7;
  const Report first = Simulation(TheCast(), options).Run();
  const Report second = Simulation(other, options).Run();
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.steps, second.steps);
  options.seed = 8;
  EXPECT_NE(first.digest, Simulation(TheCast(), options).Run().digest);
}

}  // namespace
}  // namespace rujukan::sim
