#include "ledger/working_time.h"

#include <fmt/format.h>

#include <algorithm>

namespace rujukan::ledger {
namespace {

constexpr std::array<std::string_view, 3> kZoneNames = {"WIB", "WITA", "WIT"};
constexpr int kWibMinutes = 7 * 60;

// A division that rounds down, also before 1970.
Day FloorDays(int64_t milliseconds) {
  const int64_t whole = milliseconds / kDayMs;
  return static_cast<Day>(milliseconds % kDayMs < 0 ? whole - 1 : whole);
}

// The Gregorian calendar repeats itself every 400 years. A year is counted from March on here, so
// that the day a leap year has more is its last.
constexpr int kEraDays = 146'097;
constexpr int kEpoch = 719'468;  // from 0000-03-01 to 1970-01-01
struct Date {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;
};

int DaysBeforeMonth(int from_march) {  // 0: March
  return (153 * from_march + 2) / 5;
}

// Of years from 0 on, which is all that four digits can say.
Day DayOf(const Date& date) {
  const int year = date.month <= 2 ? date.year + 399 : date.year + 400;  // never below 0
  const int of_era = year % 400;
  const int of_year = DaysBeforeMonth((date.month + 9) % 12) + date.day - 1;
  return (year / 400 - 1) * kEraDays + of_era * 365 + of_era / 4 - of_era / 100 + of_year - kEpoch;
}

Date DateOf(Day day) {
  const int shifted = day + kEpoch;
  const int era = (shifted >= 0 ? shifted : shifted - (kEraDays - 1)) / kEraDays;
  const int of_era = shifted - era * kEraDays;
  const int year = (of_era - of_era / 1'460 + of_era / 36'524 - of_era / 146'096) / 365;
  const int of_year = of_era - (365 * year + year / 4 - year / 100);
  const int from_march = (5 * of_year + 2) / 153;
  const int month = from_march < 10 ? from_march + 3 : from_march - 9;
  return {
      year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - DaysBeforeMonth(from_march) + 1};
}

std::optional<int> Digits(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<Zone> ZoneNamed(std::string_view name) {
  const auto* const found = std::find(kZoneNames.begin(), kZoneNames.end(), name);
  if (found == kZoneNames.end()) {
    return std::nullopt;
  }
  return static_cast<Zone>(found - kZoneNames.begin());
}

std::string_view ZoneName(Zone zone) {
  return kZoneNames.at(static_cast<size_t>(zone));
}

int OffsetMinutes(Zone zone) {
  return kWibMinutes + 60 * static_cast<int>(zone);
}

std::optional<Day> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(5, 2));
  const auto day = Digits(text.substr(8, 2));
  if (!year || !month || !day) {
    return std::nullopt;
  }
  if (*month < 1 || *month > 12 || *day < 1) {
    return std::nullopt;
  }
  const Day counted = DayOf({*year, *month, *day});
  const Date back = DateOf(counted);  // another one: the month is not that long
  return back.month == *month && back.day == *day ? std::optional(counted) : std::nullopt;
}

std::string DateText(Day day) {
  const Date date = DateOf(day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

int WeekdayOf(Day day) {
  constexpr int kThursday = 3;  // 1970-01-01
  return ((day + kThursday) % 7 + 7) % 7;
}

Day DayAt(UnixMillis time, Zone zone) {
  return FloorDays(time + OffsetMinutes(zone) * 60'000LL);
}

UnixMillis Midnight(Day day, Zone zone) {
  return day * kDayMs - OffsetMinutes(zone) * 60'000LL;
}

const Shifts& Calendar::ShiftsOn(Day day) const {
  static const Shifts kNone;
  const Shifts* shifts = InForce(parts_.hours.at(static_cast<size_t>(WeekdayOf(day))), day);
  return shifts == nullptr || IsHoliday(day) ? kNone : *shifts;
}

bool Calendar::IsHoliday(Day day) const {
  return std::binary_search(parts_.holidays.begin(), parts_.holidays.end(), day);
}

bool Calendar::IsWorkingDay(Day day) const {
  return !ShiftsOn(day).empty();
}

UnixMillis Calendar::NextWork(UnixMillis time, Zone zone) const {
  const Day first = DayAt(time, zone);
  for (Day day = first; day < first + kWalkDaysMax; ++day) {
    const UnixMillis midnight = Midnight(day, zone);
    for (const Shift& shift : ShiftsOn(day)) {
      if (time < midnight + shift.until) {
        return std::max(time, midnight + shift.from);
      }
    }
  }
  return Midnight(first + kWalkDaysMax, zone);
}

UnixMillis Calendar::AddWork(UnixMillis time, int64_t milliseconds, Zone zone) const {
  if (milliseconds <= 0) {
    return NextWork(time, zone);
  }
  const Day first = DayAt(time, zone);
  for (Day day = first; day < first + kWalkDaysMax; ++day) {
    const UnixMillis midnight = Midnight(day, zone);
    for (const Shift& shift : ShiftsOn(day)) {
      const UnixMillis from = std::max(time, midnight + shift.from);
      const int64_t here = std::max<int64_t>(0, midnight + shift.until - from);
      if (milliseconds <= here) {
        return from + milliseconds;
      }
      milliseconds -= here;
    }
  }
  return Midnight(first + kWalkDaysMax, zone);
}

UnixMillis Calendar::AddWorkingDays(UnixMillis time, int64_t count, Zone zone) const {
  const UnixMillis start = NextWork(time, zone);
  const Day first = DayAt(start, zone);
  Day day = first;
  for (int64_t left = count; left > 0 && day < first + kWalkDaysMax;) {
    ++day;
    left -= IsWorkingDay(day) ? 1 : 0;
  }
  const Shifts& shifts = ShiftsOn(day);
  const int64_t time_of_day = start - Midnight(first, zone);
  const int64_t latest = shifts.empty() ? time_of_day : shifts.back().until;
  return Midnight(day, zone) + std::min(time_of_day, latest);
}

int64_t Calendar::WorkBetween(UnixMillis from, UnixMillis until, Zone zone) const {
  int64_t work = 0;
  const Day first = DayAt(from, zone);
  for (Day day = first; day < first + kWalkDaysMax && Midnight(day, zone) < until; ++day) {
    const UnixMillis midnight = Midnight(day, zone);
    for (const Shift& shift : ShiftsOn(day)) {
      work += std::max<int64_t>(
          0, std::min(until, midnight + shift.until) - std::max(from, midnight + shift.from));
    }
  }
  return work;
}

}  // namespace rujukan::ledger
