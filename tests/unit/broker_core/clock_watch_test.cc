// Goal: a leap forward is told from time that passes. Method: both clocks by hand.

#include "broker/core/clock_watch.h"

#include <gtest/gtest.h>

namespace rujukan::broker {
namespace {

constexpr UnixMillis kStart = 1'700'000'000'000;
constexpr int64_t kSkew = limits::kClockSkewMsMax;

TEST(ClockWatch, TimeThatPassesOnBothClocksIsNoLeap) {
  ClockWatch watch;
  ASSERT_TRUE(watch.Look(kStart, 0, kStart).has_value());
  EXPECT_TRUE(watch.Look(kStart + 100 * kSkew, 100 * kSkew, kStart).has_value());
}

TEST(ClockWatch, ALeapAtTheLimitPassesAndOneMillisecondMoreIsFatal) {
  ClockWatch at;
  ASSERT_TRUE(at.Look(kStart, 0, kStart).has_value());
  EXPECT_TRUE(at.Look(kStart + kSkew, 0, kStart).has_value());
  ClockWatch past;
  ASSERT_TRUE(past.Look(kStart, 0, kStart).has_value());
  EXPECT_EQ(Errc::kFatal, past.Look(kStart + kSkew + 1, 0, kStart).error().code);
}

TEST(ClockWatch, AClockThatComesBackFromThePastIsNoLeapBeyondTheLedger) {
  ClockWatch watch;
  ASSERT_TRUE(watch.Look(kStart, 0, kStart).has_value());
  EXPECT_TRUE(watch.Look(kStart - 10 * kSkew, 1, kStart).has_value());
  EXPECT_TRUE(watch.Look(kStart + 2, 2, kStart).has_value());
}

}  // namespace
}  // namespace rujukan::broker
