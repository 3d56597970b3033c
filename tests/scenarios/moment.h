// When something happens in a scenario, as its author writes it: "Sab 23:58", "+72j", "lalu". Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace rujukan::scenarios {

struct Moment {
  enum class Kind {
    kSame,     // "lalu": at the time it is now
    kAfter,    // "+30m", "+3j", "+2h": so much later (menit, jam, hari)
    kWeekday,  // "Sab 23:58": the next such moment, or now
    kDate,     // "2026-11-21 23:58"
  };
  Kind kind = Kind::kSame;
  int64_t ms = 0;   // kAfter; of kDate the day's first moment as if in UTC
  int weekday = 0;  // 0: Sunday
  int minute = 0;   // of the day
};

// "WIB", "WITA" or "WIT" as minutes east of UTC.
Result<int> ParseZone(std::string_view name);

// "30m", "3j", "2h" in milliseconds.
Result<int64_t> ParseSpan(std::string_view text);

// The moment that `words` begin with; `used` says how many of them it took. kInvalid: none.
Result<Moment> ParseMoment(const std::vector<std::string>& words, size_t& used);

// The time it names when it is `now`, in a zone so many minutes east of UTC.
UnixMillis Resolve(const Moment& moment, UnixMillis now, int zone_minutes);

// "2026-11-22" at that place.
std::string FormatDate(UnixMillis time, int zone_minutes);

}  // namespace rujukan::scenarios
