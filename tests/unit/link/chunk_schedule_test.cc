// Goal: every chunk gets there, once the line holds long enough, and no more are under way than the
// line bears. Method: the schedule driven by hand; then a thousand random histories of losses,
// refusals and cut connections, each of which must end with every chunk there.
#include "agents/link/chunk_schedule.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace rujukan::link {
namespace {

TEST(ChunkSchedule, ChunksGoInOrderAndAreDoneOnce) {
  ChunkSchedule schedule(3);
  EXPECT_EQ(schedule.Next(10), 0U);
  EXPECT_EQ(schedule.Next(10), 1U);
  EXPECT_EQ(schedule.Done(1, 25), 15);
  EXPECT_EQ(schedule.Done(1, 26), std::nullopt) << "a second answer";
  EXPECT_EQ(schedule.Done(7, 26), std::nullopt) << "no such chunk";
  EXPECT_EQ(schedule.Next(30), 2U);
  EXPECT_EQ(schedule.Next(30), std::nullopt);
  EXPECT_EQ(schedule.under_way(), 2U);
  schedule.Done(0, 40);
  EXPECT_FALSE(schedule.finished());
  schedule.Done(2, 40);
  EXPECT_TRUE(schedule.finished());
  EXPECT_EQ(schedule.NextDue(), INT64_MAX);
}

TEST(ChunkSchedule, WhatIsThereAlreadyIsNotSentAgain) {
  ChunkSchedule schedule(10);
  schedule.DoneBits(std::string("\xfe\x01\xff", 3));
  EXPECT_EQ(schedule.done(), 8U);
  EXPECT_EQ(schedule.Next(0), 0U);
  EXPECT_EQ(schedule.Next(0), 9U);
  EXPECT_EQ(schedule.Next(0), std::nullopt);
}

TEST(ChunkSchedule, WhatWasUnderWayWhenTheLinkBrokeGoesAgain) {
  ChunkSchedule schedule(3);
  schedule.Next(0);
  schedule.Next(0);
  schedule.Done(0, 1);
  schedule.LinkLost();
  EXPECT_EQ(schedule.under_way(), 0U);
  EXPECT_EQ(schedule.Next(5), 1U);
}

TEST(ChunkSchedule, ARefusedChunkWaitsItsTimeAndOthersGoMeanwhile) {
  ChunkSchedule schedule(2);
  schedule.Next(0);
  schedule.Again(0, 1'000);
  EXPECT_EQ(schedule.Next(1), 1U);
  EXPECT_EQ(schedule.Next(999), std::nullopt);
  EXPECT_EQ(schedule.NextDue(), 1'000);
  EXPECT_EQ(schedule.Next(1'000), 0U);
}

TEST(ChunkSchedule, AnAnswerThatNeverComesIsAskedForAgain) {
  ChunkSchedule schedule(1);
  schedule.Next(0);
  schedule.Tick(limits::kResendAfterMs - 1);
  EXPECT_EQ(schedule.Next(limits::kResendAfterMs - 1), std::nullopt);
  EXPECT_EQ(schedule.NextDue(), limits::kResendAfterMs);
  schedule.Tick(limits::kResendAfterMs);
  EXPECT_EQ(schedule.Next(limits::kResendAfterMs), 0U);
}

TEST(ChunkPace, GrowsToTheWindowWhileAnswersAreQuickAndShrinksToOne) {
  ChunkPace pace;
  for (int i = 0; i < 100; ++i) {
    pace.Answered(20);
  }
  EXPECT_EQ(pace.window(), limits::kChunkWindowMax);
  for (int i = 0; i < 10; ++i) {
    pace.Answered(10'000);
  }
  EXPECT_EQ(pace.window(), 1U);
  pace.Answered(1'000);
  EXPECT_EQ(pace.window(), 1U) << "neither quick nor slow";
}

TEST(ChunkSchedule, EveryHistoryOfLossesEndsWithEveryChunkThere) {
  for (uint32_t seed = 0; seed < 1'000; ++seed) {
    std::mt19937 engine(seed);
    const auto random = [&engine](uint32_t below) {
      return static_cast<uint32_t>(engine() % below);
    };
    ChunkSchedule schedule(1 + random(40));
    std::set<uint32_t> there;
    std::vector<uint32_t> flying;
    UnixMillis now = 0;
    for (int step = 0; step < 2'000 && !schedule.finished(); ++step) {
      now += random(500);
      const uint32_t dice = step < 1'000 ? random(10) : 9;  // then the line is good
      if (dice == 0) {
        flying.clear();
        schedule.LinkLost();
      } else if (dice == 1 && !flying.empty()) {
        schedule.Again(flying.back(), now + 1'000);
        flying.pop_back();
      } else if (dice == 2 && !flying.empty()) {
        flying.pop_back();  // lost, and nobody says so
      } else if (dice < 6 && !flying.empty()) {
        there.insert(flying.front());
        schedule.Done(flying.front(), now);
        flying.erase(flying.begin());
      } else if (schedule.under_way() < limits::kChunkWindowMax) {
        if (const auto next = schedule.Next(now)) {
          flying.push_back(*next);
        }
      }
      if (dice == 9) {
        schedule.Tick(now);
        for (const uint32_t index : std::exchange(flying, {})) {
          there.insert(index);
          schedule.Done(index, now);
        }
      }
      ASSERT_LE(schedule.under_way(), limits::kChunkWindowMax) << "seed " << seed;
    }
    ASSERT_TRUE(schedule.finished()) << "seed " << seed;
    ASSERT_EQ(there.size(), schedule.chunks()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rujukan::link
