// Goal: every scenario holds in the pure core, and ends the same however bad the network is.
// Method: the scenario files, played on the pure stage; then again in bad weather, by seeds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "tests/scenarios/parse.h"
#include "tests/scenarios/played.h"
#include "tests/scenarios/player.h"
#include "tests/scenarios/pure_stage.h"

namespace rujukan::scenarios {
namespace {

constexpr const char* kFolder = RUJUKAN_SOURCE_DIR "/tests/scenarios";
constexpr uint64_t kSeeds = 3;

struct Played {
  Tally tally;
  std::vector<std::string> states;
};

// RUJUKAN_SCENARIO_SEED=N plays the bad weather of that seed alone.
uint64_t FirstSeed() {
  const char* given = std::getenv("RUJUKAN_SCENARIO_SEED");
  return given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
}
uint64_t SeedCount() {
  return std::getenv("RUJUKAN_SCENARIO_SEED") == nullptr ? kSeeds : 1;
}

Result<Played> Play(const std::string& file, const Weather& weather) {
  ASSIGN_OR_RETURN(const Script script, ParseFile(kFolder, file));
  PureStage stage(weather);
  Player player(script, stage);
  Played played;
  ASSIGN_OR_RETURN(played.tally, player.Play());
  ASSIGN_OR_RETURN(played.states, player.FinalStates());
  return played;
}

std::string Replay(const std::string& file, uint64_t seed) {
  return "RUJUKAN_SCENARIO_SEED=" + std::to_string(seed) +
         " build/dev/bin/scenarios_pure --gtest_filter='*EndsTheSame*" + NameOfPlayed(file) + "'";
}

TEST(Scenarios, EveryOneOfTheFolderIsPlayed) {
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("sc") && name.ends_with(".txt")) {
      there.insert(name);
    }
  }
  EXPECT_EQ(there, (std::set<std::string>(kPlayed.begin(), kPlayed.end())));
}

class InThePureCore : public ::testing::TestWithParam<const char*> {};

TEST_P(InThePureCore, EveryLineHolds) {
  const auto played = Play(GetParam(), {});
  ASSERT_TRUE(played.has_value()) << played.error().context;
  constexpr double kHourMs = 3'600'000;
  std::printf("%s: %zu steps, %zu of them refused, %zu claims, %zu legs, %.1f h of their time\n",
              GetParam(),
              played->tally.deeds,
              played->tally.refusals,
              played->tally.claims,
              played->tally.legs,
              static_cast<double>(played->tally.ends - played->tally.begins) / kHourMs);
  EXPECT_GT(played->tally.claims, 0U);
}

TEST_P(InThePureCore, ItEndsTheSameInBadWeather) {
  const auto calm = Play(GetParam(), {});
  ASSERT_TRUE(calm.has_value()) << calm.error().context;
  for (uint64_t i = 0; i < SeedCount(); ++i) {
    const uint64_t seed = FirstSeed() + i;
    const auto stormy = Play(GetParam(), BadWeather(seed));
    ASSERT_TRUE(stormy.has_value())
        << stormy.error().context << "\nreplay: " << Replay(GetParam(), seed);
    EXPECT_EQ(stormy->states, calm->states) << "replay: " << Replay(GetParam(), seed);
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios,
                         InThePureCore,
                         ::testing::ValuesIn(kPlayed),
                         [](const auto& tested) { return NameOfPlayed(tested.param); });

}  // namespace
}  // namespace rujukan::scenarios
