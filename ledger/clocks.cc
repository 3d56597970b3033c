#include "ledger/clocks.h"

#include <array>

#include "base/check.h"

namespace rujukan::ledger {
namespace {

constexpr int64_t kSecondMs = 1'000;
constexpr int64_t kMinuteMs = 60 * kSecondMs;
constexpr int64_t kHourMs = 60 * kMinuteMs;

// The largest unit that says it without a rest.
std::string TimeText(int64_t milliseconds, std::string_view prefix, bool with_days) {
  struct Named {
    int64_t ms;
    std::string_view name;
  };
  constexpr std::array<Named, 4> kUnits = {
      {{kDayMs, "d"}, {kHourMs, "h"}, {kMinuteMs, "min"}, {kSecondMs, "s"}}};
  for (const Named& unit : kUnits) {
    if ((with_days || unit.ms != kDayMs) && milliseconds % unit.ms == 0) {
      return std::to_string(milliseconds / unit.ms) + " " + std::string(prefix) +
             std::string(unit.name);
    }
  }
  return std::to_string(milliseconds) + " " + std::string(prefix) + "ms";
}

template <class T>
const T* FromDate(const Dated<T>& dated, Day day) {  // nullptr before the first date
  return dated.empty() || day < dated.front().first ? nullptr : InForce(dated, day);
}

}  // namespace

std::string SpanText(const Span& span) {
  const std::string rolled = span.to_work ? " next-work" : "";
  switch (span.unit) {
    case Unit::kTime:
      return TimeText(span.amount, "", /*with_days=*/true) + rolled;
    case Unit::kWorkingTime:
      return TimeText(span.amount, "working-", /*with_days=*/false) + rolled;
    case Unit::kWorkingDays:
      break;
  }
  return std::to_string(span.amount) + " working-d" + rolled;
}

Span Halved(const Span& span) {
  Span half = span;
  half.amount = (span.amount + 1) / 2;
  return half;
}

Span Difference(const Span& longer, const Span& shorter) {
  CHECK(longer.unit == shorter.unit && longer.amount >= shorter.amount);
  Span rest = longer;
  rest.amount -= shorter.amount;
  return rest;
}

Zone Clocks::ZoneOf(std::string_view said, const Area& area) const {
  if (const auto zone = ZoneNamed(said)) {
    return *zone;
  }
  const auto found = parts_.zones.find(area.province());
  return found == parts_.zones.end() ? Zone::kWib : found->second;
}

UnixMillis Clocks::After(UnixMillis from, const Span& span, Zone zone) const {
  switch (span.unit) {
    case Unit::kTime:
      return span.to_work ? calendar_.NextWork(from + span.amount, zone) : from + span.amount;
    case Unit::kWorkingTime:
      return calendar_.AddWork(from, span.amount, zone);
    case Unit::kWorkingDays:
      break;
  }
  return calendar_.AddWorkingDays(from, span.amount, zone);
}

const Limit* Clocks::LimitFor(v1::ClockClass::Code clock_class,
                              v1::Deadline::Code deadline,
                              UnixMillis at,
                              Zone zone) const {
  const auto found = parts_.limits.find({clock_class, deadline});
  return found == parts_.limits.end() ? nullptr : InForce(found->second, DayAt(at, zone));
}

const Escalation& Clocks::EscalationFor(v1::ClockClass::Code clock_class,
                                        UnixMillis at,
                                        Zone zone) const {
  CHECK(!parts_.escalations.empty());  // the parser asks for each class
  const auto found = parts_.escalations.find(clock_class);
  const auto& dated =
      found == parts_.escalations.end() ? parts_.escalations.begin()->second : found->second;
  return *InForce(dated, DayAt(at, zone));
}

const StatutoryLimit* Clocks::TimerFor(v1::StatutoryTimer::Code timer,
                                       UnixMillis at,
                                       Zone zone) const {
  const auto found = parts_.timers.find(timer);
  return found == parts_.timers.end() ? nullptr : FromDate(found->second, DayAt(at, zone));
}

StatutoryDue Clocks::DueOf(const Span& span, UnixMillis from, Zone zone) const {
  const int64_t by_calendar = span.unit == Unit::kWorkingDays ? span.amount * kDayMs : span.amount;
  return {After(from, span, zone), from + by_calendar};
}

}  // namespace rujukan::ledger
