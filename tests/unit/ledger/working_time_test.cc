// Goal: working time ends when an office of that zone has worked so long: over breaks, nights,
// weekends, holidays and years. Method: moments worked out by hand on the calendar of 2026, and a
// naive count minute by minute beside the real one.
#include "ledger/working_time.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/ledger/clocks_support.h"

namespace rujukan::ledger {
namespace {

using testing::At;
using testing::Text;

constexpr int64_t kHourMs = 3'600'000;
constexpr int64_t kMinuteMs = 60'000;

// 2026: Thursday 26 November is an ordinary day; Christmas and the leave before it are the next
// days without work.
const Calendar& Office() {
  return DefaultClocks().calendar();
}

std::string Worked(const std::string& from, int64_t milliseconds, Zone zone = Zone::kWib) {
  return Text(Office().AddWork(At(from, zone), milliseconds, zone), zone);
}
std::string Days(const std::string& from, int64_t days, Zone zone = Zone::kWib) {
  return Text(Office().AddWorkingDays(At(from, zone), days, zone), zone);
}

TEST(WorkingTime, ADateIsOneThatExists) {
  EXPECT_EQ(ParseDate("1970-01-01"), 0);
  EXPECT_EQ(ParseDate("2000-03-01"), 11'017);
  EXPECT_EQ(DateText(*ParseDate("2028-02-29")), "2028-02-29");
  for (const char* wrong : {"2027-02-29",
                            "2026-13-01",
                            "2026-00-10",
                            "2026-1-1",
                            "2026/01/01",
                            "",
                            "2026-01-0x",
                            "26-01-2026",
                            "2026-01-011"}) {
    EXPECT_FALSE(ParseDate(wrong).has_value()) << wrong;
  }
  EXPECT_TRUE(ParseDate("2000-02-29").has_value());
  EXPECT_FALSE(ParseDate("1900-02-29").has_value());
  EXPECT_EQ(DateText(*ParseDate("0001-01-01")), "0001-01-01");
  for (Day day = *ParseDate("1999-12-25"); day < *ParseDate("2030-01-10"); ++day) {
    ASSERT_EQ(ParseDate(DateText(day)), day);
  }
  EXPECT_EQ(WeekdayOf(*ParseDate("2026-11-26")), 3) << "a Thursday";
  EXPECT_EQ(WeekdayOf(*ParseDate("1969-12-29")), 0) << "a Monday before the epoch";
}

TEST(WorkingTime, MidnightIsThatOfTheZone) {
  const UnixMillis moment = At("2026-11-26 23:30", Zone::kWib);
  EXPECT_EQ(DateText(DayAt(moment, Zone::kWib)), "2026-11-26");
  EXPECT_EQ(DateText(DayAt(moment, Zone::kWita)), "2026-11-27");
  EXPECT_EQ(DateText(DayAt(moment, Zone::kWit)), "2026-11-27");
  EXPECT_EQ(Midnight(DayAt(-1, Zone::kWib), Zone::kWib), -7 * kHourMs);
  EXPECT_EQ(At("2026-11-26 08:00", Zone::kWit), At("2026-11-26 06:00", Zone::kWib));
}

TEST(WorkingTime, AShiftEndsAndTheNextBegins) {
  EXPECT_EQ(Worked("2026-11-26 09:00", kHourMs), "2026-11-26 10:00");
  EXPECT_EQ(Worked("2026-11-26 11:30", kHourMs), "2026-11-26 13:30") << "over the break";
  EXPECT_EQ(Worked("2026-11-26 12:30", kHourMs), "2026-11-26 14:00") << "from within it";
  EXPECT_EQ(Worked("2026-11-26 15:00", kHourMs), "2026-11-26 16:00") << "not the next morning";
  EXPECT_EQ(Worked("2026-11-26 15:30", kHourMs), "2026-11-27 08:00") << "over the night";
  EXPECT_EQ(Worked("2026-11-26 23:59", 1), "2026-11-27 07:30");
  EXPECT_EQ(Worked("2026-11-26 00:00", 0), "2026-11-26 07:30");
}

TEST(WorkingTime, NobodyWorksAtTheWeekend) {
  EXPECT_EQ(Worked("2026-11-27 15:30", 4 * kHourMs), "2026-11-30 10:30") << "Friday to Monday";
  EXPECT_EQ(Worked("2026-11-28 10:00", 4 * kHourMs), "2026-11-30 11:30") << "from a Saturday";
}

TEST(WorkingTime, HolidaysAndCollectiveLeaveAreLeftOut) {
  // Wednesday before Christmas; Thursday is leave, Friday Christmas, then a weekend.
  EXPECT_EQ(Worked("2026-12-23 15:00", 2 * kHourMs), "2026-12-28 08:30");
  // Idul Fitri: from Tuesday 17 March over leave, Nyepi, leave, a weekend and leave.
  EXPECT_EQ(Worked("2026-03-17 15:30", kHourMs), "2026-03-25 08:00");
  EXPECT_TRUE(Office().IsHoliday(*ParseDate("2026-08-17")));
  EXPECT_FALSE(Office().IsWorkingDay(*ParseDate("2026-11-29")));
  EXPECT_TRUE(Office().IsWorkingDay(*ParseDate("2026-11-26")));
}

TEST(WorkingTime, TheSameMomentIsAnotherHourInEachZone) {
  // 15:30 WIB on a Thursday: half an hour of work left in Lampung, none in Makassar and Jayapura.
  const UnixMillis moment = At("2026-11-26 15:30", Zone::kWib);
  EXPECT_EQ(Text(Office().AddWork(moment, kHourMs, Zone::kWib), Zone::kWib), "2026-11-27 08:00");
  EXPECT_EQ(Text(Office().AddWork(moment, kHourMs, Zone::kWita), Zone::kWita), "2026-11-27 08:30");
  EXPECT_EQ(Text(Office().AddWork(moment, kHourMs, Zone::kWit), Zone::kWit), "2026-11-27 08:30");
  // 06:00 WIB is 08:00 WIT: at work in Papua before anybody in Java.
  EXPECT_EQ(Office().NextWork(At("2026-11-26 06:00"), Zone::kWit), At("2026-11-26 06:00"));
  EXPECT_EQ(Office().NextWork(At("2026-11-26 06:00"), Zone::kWib), At("2026-11-26 07:30"));
}

TEST(WorkingTime, AWorkingDayLaterIsTheSameTimeOfDay) {
  EXPECT_EQ(Days("2026-11-26 10:00", 1), "2026-11-27 10:00");
  EXPECT_EQ(Days("2026-11-27 14:00", 1), "2026-11-30 14:00") << "over a weekend";
  EXPECT_EQ(Days("2026-11-27 16:20", 1), "2026-11-30 16:00") << "Mondays end earlier";
  EXPECT_EQ(Days("2026-11-28 03:00", 1), "2026-12-01 07:30") << "a Saturday counts from Monday on";
  EXPECT_EQ(Days("2026-11-26 20:00", 3), "2026-12-02 07:30");
  EXPECT_EQ(Days("2026-12-22 09:00", 3), "2026-12-29 09:00") << "over Christmas";
  EXPECT_EQ(Days("2026-12-31 09:00", 1), "2027-01-04 09:00") << "over New Year";
}

TEST(WorkingTime, ACountMinuteByMinuteComesToTheSame) {
  std::mt19937_64 random(20'261'126);
  for (int round = 0; round < 60; ++round) {
    const UnixMillis from =
        At("2026-12-20 00:00") + static_cast<int64_t>(random() % (9 * 24 * 60)) * kMinuteMs;
    const int64_t wanted = 1 + static_cast<int64_t>(random() % 1200);
    const Zone zone = static_cast<Zone>(random() % 3);
    UnixMillis at = from;
    for (int64_t left = wanted; left > 0; at += kMinuteMs) {
      left -= Office().NextWork(at, zone) == at ? 1 : 0;
    }
    EXPECT_EQ(Office().AddWork(from, wanted * kMinuteMs, zone), at) << Text(from) << " " << wanted;
    EXPECT_EQ(Office().WorkBetween(from, at, zone), wanted * kMinuteMs);
  }
}

TEST(WorkingTime, NothingIsWorkedBackwards) {
  EXPECT_EQ(Office().WorkBetween(At("2026-11-26 10:00"), At("2026-11-26 09:00"), Zone::kWib), 0);
  EXPECT_EQ(Office().WorkBetween(At("2026-11-28 00:00"), At("2026-11-29 23:00"), Zone::kWib), 0);
  EXPECT_EQ(Office().WorkBetween(At("2026-11-26 11:00"), At("2026-11-26 14:00"), Zone::kWib),
            2 * kHourMs);
}

TEST(WorkingTime, ACalendarWithoutWorkEndsSomewhere) {
  const Calendar idle{Calendar::Parts{}};
  const UnixMillis start = At("2026-11-26 10:00");
  const UnixMillis end = Midnight(DayAt(start, Zone::kWib) + Calendar::kWalkDaysMax, Zone::kWib);
  EXPECT_EQ(idle.NextWork(start, Zone::kWib), end);
  EXPECT_EQ(idle.AddWork(start, kHourMs, Zone::kWib), end);
  EXPECT_GE(idle.AddWorkingDays(start, 1, Zone::kWib), end);
}

TEST(WorkingTime, WhatHoldsFromADateOnHoldsFromItsMidnight) {
  const Clocks clocks = testing::MustParseClocks(
      testing::LeastClocks("hours Mon, Tue 10:00-12:00 from 2026-12-01\n"));
  const Calendar& calendar = clocks.calendar();
  EXPECT_EQ(Text(calendar.NextWork(At("2026-11-30 07:00"), Zone::kWib)), "2026-11-30 08:00");
  EXPECT_EQ(Text(calendar.NextWork(At("2026-12-01 07:00"), Zone::kWib)), "2026-12-01 10:00");
  EXPECT_EQ(Text(calendar.NextWork(At("2026-12-02 07:00"), Zone::kWib)), "2026-12-02 08:00");
}

}  // namespace
}  // namespace rujukan::ledger
