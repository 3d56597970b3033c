// Working time: when an office of a zone is at work, and when a stretch of working time that begins
// at a moment is over. The calendar is given (ledger/clocks_text.h reads it out of the document in
// force); nothing here knows a year. Pure, immutable after construction, any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace rujukan::ledger {

// Indonesia has three zones and no summer time (Keppres 41/1987).
enum class Zone : uint8_t { kWib, kWita, kWit };
std::optional<Zone> ZoneNamed(std::string_view name);  // "WIB", "WITA", "WIT"
std::string_view ZoneName(Zone zone);
int OffsetMinutes(Zone zone);  // 420, 480, 540

// A date as the number of days since 1970-01-01.
using Day = int32_t;
inline constexpr int64_t kDayMs = 24LL * 3600 * 1000;
std::optional<Day> ParseDate(std::string_view text);  // "2026-08-17", a date that exists
std::string DateText(Day day);
int WeekdayOf(Day day);                   // 0: Monday, 6: Sunday
Day DayAt(UnixMillis time, Zone zone);    // the date there
UnixMillis Midnight(Day day, Zone zone);  // when it begins there

// What holds from a date on, in order of date. Before the first date the first one holds.
template <class T>
using Dated = std::vector<std::pair<Day, T>>;
template <class T>
const T* InForce(const Dated<T>& dated, Day day) {  // nullptr: nothing is said at all
  const T* found = dated.empty() ? nullptr : &dated.front().second;
  for (const auto& [from, value] : dated) {
    if (from <= day) {
      found = &value;
    }
  }
  return found;
}

// Part of a day, in ms since its midnight; it ends before `until`.
struct Shift {
  int64_t from = 0;
  int64_t until = 0;
  bool operator==(const Shift&) const = default;
};
using Shifts = std::vector<Shift>;  // in order, apart; empty: no work

class Calendar {
 public:
  struct Parts {
    std::array<Dated<Shifts>, 7> hours;  // by weekday
    std::vector<Day> holidays;           // public holidays and collective leave, ascending
  };

  explicit Calendar(Parts parts) : parts_(std::move(parts)) {}

  bool IsWorkingDay(Day day) const;
  bool IsHoliday(Day day) const;
  // `time` itself when somebody is at work then, else when work begins again. A calendar without
  // any work in kWalkDaysMax days answers with the end of them.
  UnixMillis NextWork(UnixMillis time, Zone zone) const;
  // When `milliseconds` of working time have gone by since `time`; the end of a shift, not the
  // beginning of the next, when both are right. 0: NextWork.
  UnixMillis AddWork(UnixMillis time, int64_t milliseconds, Zone zone) const;
  // The same time of day `days` working days later, counted from NextWork(time); no later than the
  // end of work on that day. A Friday afternoon and one day: Monday afternoon.
  UnixMillis AddWorkingDays(UnixMillis time, int64_t days, Zone zone) const;
  // Working time between two moments; 0 when `until` is not after `from`.
  int64_t WorkBetween(UnixMillis from, UnixMillis until, Zone zone) const;

  static constexpr Day kWalkDaysMax = 4000;

 private:
  const Shifts& ShiftsOn(Day day) const;  // empty on a holiday

  Parts parts_;
};

}  // namespace rujukan::ledger
