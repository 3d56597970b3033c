// Goal: the core of a watch raises each alert for its reason, once, and takes it back when it holds
// no longer. Method: checkpoints and times as values; no file, no clock.
#include "agents/audit/watch_state.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "certs/merkle.h"

namespace rujukan::audit {
namespace {

constexpr UnixMillis kNow = 1'795'000'000'000;
constexpr char kOrigin[] = "rujukan/lampung.example";

Digest RootOf(TreeSize size, const std::string& history = "a") {
  return certs::LeafHash(history + std::to_string(size));
}

SeenCheckpoint At(TreeSize size,
                  const std::string& where = "http://a",
                  const std::string& history = "a") {
  return {
      where, "note of " + std::to_string(size) + history, {kOrigin, size, RootOf(size, history)}};
}

class WatchStateTest : public ::testing::Test {
 protected:
  // "FORK http://a", "-LATE_CHECKPOINT"...
  std::vector<std::string> Events() {
    std::vector<std::string> names;
    for (const AlertEvent& event : state.TakeEvents()) {
      names.push_back((event.raised ? "" : "-") + std::string(AlertName(event.alert.kind)));
      last = event.alert;
    }
    return names;
  }
  WatchState::Next See(const SeenCheckpoint& seen, UnixMillis now = kNow) {
    std::optional<Digest> ours;
    if (seen.checkpoint.size <= state.size()) {
      ours = RootOf(seen.checkpoint.size);
    }
    return state.See(seen, ours, now);
  }
  void GrowTo(TreeSize size, UnixMillis now = kNow) {
    ASSERT_EQ(See(At(size), now), WatchState::Next::kExtend);
    state.Continues(At(size), now);
  }
  using Names = std::vector<std::string>;

  WatchState state{kOrigin, {}};
  Alert last;
};

TEST_F(WatchStateTest, GrowthAndTheSameAgainAreNoAlert) {
  GrowTo(3);
  EXPECT_EQ(See(At(3)), WatchState::Next::kNothing);
  GrowTo(8);
  EXPECT_EQ(Events(), Names{});
  EXPECT_EQ(state.size(), 8U);
}

TEST_F(WatchStateTest, TheSameSizeWithAnotherRootIsAForkWithBothNotesToldOnce) {
  GrowTo(8);
  for (int look = 0; look < 3; ++look) {
    EXPECT_EQ(See(At(8, "http://a", "b")), WatchState::Next::kNothing);
  }
  EXPECT_EQ(Events(), Names{"FORK"});
  EXPECT_EQ(last.notes, (Names{"note of 8a", "note of 8b"}));
  EXPECT_NE(state.Refusal().find("FORK"), std::string::npos) << "not cosigned any more";
}

TEST_F(WatchStateTest, ASmallerCheckpointOfThisHistoryIsARollbackUntilItHasCaughtUp) {
  GrowTo(8);
  See(At(5));
  See(At(5));
  See(At(6));
  EXPECT_EQ(Events(), Names{"ROLLBACK"});
  EXPECT_EQ(state.Refusal(), "") << "the witness's own record keeps it from cosigning less";
  See(At(8));
  EXPECT_EQ(Events(), Names{"-ROLLBACK"});
  See(At(5));
  EXPECT_EQ(Events(), Names{"ROLLBACK"}) << "another time is another alert";
}

TEST_F(WatchStateTest, ASmallerCheckpointOfAnotherHistoryIsAFork) {
  GrowTo(8);
  See(At(5, "http://a", "b"));
  EXPECT_EQ(Events(), Names{"FORK"});
}

TEST_F(WatchStateTest, ASecondAddressMayLagBehindButNotFallBack) {
  GrowTo(8);
  See(At(5, "http://b"));
  See(At(6, "http://b"));
  EXPECT_EQ(Events(), Names{}) << "a mirror that is late";
  See(At(5, "http://b"));
  EXPECT_EQ(Events(), Names{"ROLLBACK"});
}

TEST_F(WatchStateTest, AfterARestartAnAddressIsHeldToWhatItHasShown) {
  state.Restore(At(8, "copy"), WatchState::Shown{{"http://a", 8}, {"http://b", 5}});
  See(At(5, "http://b"));
  EXPECT_EQ(Events(), Names{});
  See(At(7, "http://a"));
  EXPECT_EQ(Events(), Names{"ROLLBACK"});
}

TEST_F(WatchStateTest, AfterARestartWithoutThatMemoryItIsHeldToTheCopy) {
  state.Restore(At(8, "copy"), std::nullopt);
  See(At(7, "http://a"));
  EXPECT_EQ(Events(), Names{"ROLLBACK"});
}

TEST_F(WatchStateTest, WhatSomebodyBringsIsJudgedForContradictionOnly) {
  GrowTo(8);
  state.SeeElsewhere(At(5), RootOf(5), kNow);
  EXPECT_EQ(Events(), Names{}) << "an old checkpoint proves nothing";
  state.SeeElsewhere(At(5, "add-checkpoint", "b"), RootOf(5), kNow);
  EXPECT_EQ(Events(), Names{"FORK"});
}

TEST_F(WatchStateTest, ALargerOneThatDoesNotContinueIsAForkAndTheHeadStays) {
  GrowTo(8);
  EXPECT_EQ(See(At(12, "http://a", "b")), WatchState::Next::kExtend);
  state.Forked(At(12, "http://a", "b"), kNow);
  EXPECT_EQ(Events(), Names{"FORK"});
  EXPECT_EQ(state.size(), 8U);
}

TEST_F(WatchStateTest, LateIsAfterTheLimitAndNotAtIt) {
  state.GrownAt(kNow);
  GrowTo(3, kNow);
  state.Tick(kNow + limits::kLateCheckpointMs);
  EXPECT_EQ(Events(), Names{});
  state.Tick(kNow + limits::kLateCheckpointMs + 1);
  state.Tick(kNow + limits::kLateCheckpointMs + 2);
  EXPECT_EQ(Events(), Names{"LATE_CHECKPOINT"});
  GrowTo(4, kNow + limits::kLateCheckpointMs + 3);
  EXPECT_EQ(Events(), Names{"-LATE_CHECKPOINT"});
}

TEST_F(WatchStateTest, AGapIsToldPerFileAndTakenBackWhenItIsFilled) {
  state.Missing("tile/0/000", "gone", kNow);
  state.Missing("tile/0/000", "gone", kNow);
  state.Missing("tile/entries/000", "gone", kNow);
  EXPECT_EQ(Events(), (Names{"GAP", "GAP"}));
  state.NothingMissing(kNow);
  EXPECT_EQ(Events(), (Names{"-GAP", "-GAP"}));
}

TEST_F(WatchStateTest, ACheckpointThatIsNotTheLedgersIsToldUntilOneIs) {
  state.NotSigned("http://a", "bad signature", kNow);
  EXPECT_EQ(Events(), Names{"UNSIGNED_CHECKPOINT"});
  See(At(3));
  EXPECT_EQ(Events(), Names{"-UNSIGNED_CHECKPOINT"});
}

TEST_F(WatchStateTest, FindingsOfTheReplayHaveTheirNames) {
  const auto found = [&](Check check, LogIndex entry, bool about_state) {
    state.Found({check, entry, "", "wrong"}, about_state, kNow);
    return Events();
  };
  EXPECT_EQ(found(Check::kTransitions, 1, false), Names{"ILLEGAL_TRANSITION"});
  EXPECT_EQ(found(Check::kTransitions, 2, true), Names{"STATE_MISMATCH"});
  EXPECT_EQ(found(Check::kTime, 3, false), Names{"ILLEGAL_TRANSITION"});
  EXPECT_EQ(found(Check::kDirectory, 4, false), Names{"ILLEGAL_TRANSITION"});
  EXPECT_EQ(found(Check::kSignatures, 5, false), Names{"UNSIGNED_ACT"});
  EXPECT_EQ(found(Check::kCertificates, 6, false), Names{"UNSIGNED_ACT"});
  EXPECT_EQ(last.subject, "entry 6, certificates");
  EXPECT_EQ(found(Check::kCertificates, 6, false), Names{}) << "once";
  EXPECT_NE(state.Refusal(), "");
}

TEST_F(WatchStateTest, AHundredFindingsAreEnoughAndAForkIsStillTold) {
  for (LogIndex i = 0; i < limits::kReplayFindingsMax + 5; ++i) {
    state.Found({Check::kTransitions, i, "", "wrong"}, false, kNow);
  }
  EXPECT_EQ(Events().size(), limits::kReplayFindingsMax);
  GrowTo(8);
  See(At(8, "http://a", "b"));
  EXPECT_EQ(Events(), Names{"FORK"});
}

TEST_F(WatchStateTest, AlertsOfAnEarlierRunAreNotRepeated) {
  GrowTo(8);
  See(At(8, "http://a", "b"));
  WatchState again(kOrigin, state.open());
  again.Restore(At(8, "copy"), WatchState::Shown{{"http://a", 8}});
  again.See(At(8, "http://a", "b"), RootOf(8), kNow);
  EXPECT_TRUE(again.TakeEvents().empty());
  EXPECT_NE(again.Refusal(), "");
}

TEST(AlertTest, ALineOfTheLogReadsBack) {
  AlertEvent event;
  event.raised = false;
  event.alert = {
      AlertKind::kGap, kOrigin, "tile/0/000", "\"gone\"\n\x80", kNow, {"note"}, {"evidence/x"}};
  const auto read = AlertFromJson(AlertAsJson(event));
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->alert.SameAs(event.alert));
  EXPECT_FALSE(read->raised);
  EXPECT_EQ(read->alert.time_ms, kNow);
  EXPECT_EQ(read->alert.evidence, event.alert.evidence);
  EXPECT_EQ(AlertAsJson(event).find('\n'), std::string::npos) << "one line";
  for (const char* line :
       {"", "{}", "[]", "{\"alert\":\"NOVEL\"}", "{\"alert\":1}", "{\"alert\":\"GA"}) {
    EXPECT_EQ(AlertFromJson(line).error().code, Errc::kInvalid) << line;
  }
}

}  // namespace
}  // namespace rujukan::audit
