// Goal: times are RFC 3339 with milliseconds, in any zone, before and after the epoch.
// Method: known instants, checked against date(1).
#include "base/clock.h"

#include <gtest/gtest.h>

namespace rujukan {
namespace {

TEST(FormatTime, WritesMillisecondsAndOffset) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00.000+00:00");
  EXPECT_EQ(FormatTime(1'763'769'600'123), "2025-11-22T00:00:00.123+00:00");
}

TEST(FormatTime, IndonesiaHasThreeZones) {
  constexpr UnixMillis kTime = 1'763'746'684'000;
  EXPECT_EQ(FormatTime(kTime, 7 * 60), "2025-11-22T00:38:04.000+07:00");
  EXPECT_EQ(FormatTime(kTime, 8 * 60), "2025-11-22T01:38:04.000+08:00");
  EXPECT_EQ(FormatTime(kTime, 9 * 60), "2025-11-22T02:38:04.000+09:00");
}

TEST(FormatTime, WestAndBeforeTheEpochRoundDownwards) {
  EXPECT_EQ(FormatTime(0, -210), "1969-12-31T20:30:00.000-03:30");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999+00:00");
}

TEST(SystemClock, TellsAPresentInMilliseconds) {
  const UnixMillis now = SystemClock().Now();
  EXPECT_GT(now, 1'700'000'000'000);  // 2023
  EXPECT_LT(now, 4'102'444'800'000);  // 2100
}

}  // namespace
}  // namespace rujukan
