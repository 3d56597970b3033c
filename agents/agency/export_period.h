// The period of an export: calendar days in WIB, both ends included. Pure; thread: any.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace rujukan::agency {

struct ExportPeriod {
  std::string from;  // ISO 8601 dates; "": open
  std::string to;
  UnixMillis begin = 0;
  UnixMillis end = INT64_MAX;  // exclusive

  // kInvalid: no date, or the end before the beginning.
  static Result<ExportPeriod> Parse(const std::string& from, const std::string& to);
  // kInvalid unless it is whole months: counts of periods that differ by days would give single
  // children away by subtraction.
  Result<void> RequireWholeMonths() const;
};

}  // namespace rujukan::agency
