// Goal: times are read as people type them, and as nothing else. Method: tables.
#include "agents/audit/span.h"

#include <gtest/gtest.h>

namespace rujukan::audit {
namespace {

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;

TEST(SpanTest, TimesAreReadToTheMillisecondAndTheEndMeansAllThatItNames) {
  constexpr UnixMillis kDay = 1'795'219'200'000;  // 2026-11-21T00:00Z
  EXPECT_EQ(*ParseTime("2026-11-21", false), kDay);
  EXPECT_EQ(*ParseTime("2026-11-21", true), kDay + 24 * kHour - 1);
  EXPECT_EQ(*ParseTime("2026-11-21T23:58", true), kDay + 23 * kHour + 59 * kMinute - 1);
  EXPECT_EQ(*ParseTime("2026-11-21T23:58:04Z", false), kDay + 23 * kHour + 58 * kMinute + 4000);
  EXPECT_EQ(*ParseTime("2026-11-21T07:00:00.250+07:00", true), kDay + 250);
  EXPECT_EQ(*ParseTime("2026-11-20 17:00-07:00", false), kDay);
  EXPECT_EQ(FormatTime(*ParseTime("2024-02-29", false)).substr(0, 10), "2024-02-29");
  for (const char* bad : {"",
                          "2026",
                          "2026-13-01",
                          "2026-02-29",
                          "2026-00-10",
                          "2026-11-21T24:00",
                          "2026-11-21T23:60",
                          "2026-11-21T23:58:60",
                          "2026-11-21T1:00",
                          "2026-11-21+7",
                          "2026-11-21T23:58Zx",
                          "-026-11-21",
                          "1969-12-31"}) {
    EXPECT_EQ(ParseTime(bad, false).error().code, Errc::kInvalid) << bad;
  }
  EXPECT_EQ(ParseSpan("2026-11-22", "2026-11-21").error().code, Errc::kInvalid);
  EXPECT_TRUE(ParseSpan("2026-11-21", "2026-11-21"));
  EXPECT_EQ(LengthOfTime(3 * 24 * kHour + 4 * kHour + kMinute), "3 d 4 h");
  EXPECT_EQ(LengthOfTime(999), "0 s");
  EXPECT_EQ(LengthOfTime(kHour), "1 h");
}

}  // namespace
}  // namespace rujukan::audit
