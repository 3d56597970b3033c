// Notices a clock that leaps forward. Entries never go back in time, so one entry made under a
// clock that is years ahead would keep every later one there: all messages expired, for good. Pure;
// one owner.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/limits.h"
#include "base/result.h"

namespace rujukan::broker {

class ClockWatch {
 public:
  // Before any entry is made at `wall`. `steady`: milliseconds of a clock that nobody sets. `head`:
  // time of the newest entry. kFatal: since the last look the clock has gone ahead of the steady
  // one by over limits::kClockSkewMsMax, and beyond `head` by as much; after a restart it is
  // believed, within limits::kHeadAgeMsMax.
  Result<void> Look(UnixMillis wall, int64_t steady, UnixMillis head) {
    const std::optional<int64_t> before = ahead_;
    ahead_ = wall - steady;
    if (before.has_value() && *ahead_ - *before > limits::kClockSkewMsMax &&
        wall - head > limits::kClockSkewMsMax) {
      return Fail(Errc::kFatal,
                  "the clock leapt forward by " + std::to_string((*ahead_ - *before) / 1000) +
                      " s; set it right before starting again");
    }
    return {};
  }

 private:
  std::optional<int64_t> ahead_;  // of the steady clock, at the last look
};

}  // namespace rujukan::broker
