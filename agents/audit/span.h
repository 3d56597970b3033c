// Times as auditors type them, and a span of them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace rujukan::audit {

// Both ends belong to it; 0: open there.
struct Span {
  UnixMillis from = 0;
  UnixMillis to = 0;

  bool Holds(UnixMillis time) const {
    return (from == 0 || time >= from) && (to == 0 || time <= to);
  }
};

// "2026-11-21", "2026-11-21T23:58", "2026-11-21T23:58:04[.123]", each with "Z", "+07:00" or
// nothing, which is UTC. `end`: a time without seconds (minutes, hours) means the last millisecond
// of what it names. kInvalid.
Result<UnixMillis> ParseTime(std::string_view text, bool end);

// "" leaves an end open. kInvalid, also when `to` lies before `from`.
Result<Span> ParseSpan(const std::string& from, const std::string& to);

// "2026-11-21 23:58:04 +07:00": to the second, for people.
std::string ShortTime(UnixMillis time, int offset_minutes);

// "3 d 4 h", "12 min", "0 s": the two largest units of a length of time.
std::string LengthOfTime(int64_t ms);

}  // namespace rujukan::audit
