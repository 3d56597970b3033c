#include "ledger/clocks_span.h"

#include <array>

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::ledger {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kYearDays = limits::kDueAheadMsMax / kDayMs;

struct NamedUnit {
  std::string_view name;
  Unit unit;
  int64_t worth;
};
constexpr auto kUnits = std::to_array<NamedUnit>({
    {"s", Unit::kTime, 1'000},
    {"min", Unit::kTime, kMinuteMs},
    {"h", Unit::kTime, kHourMs},
    {"d", Unit::kTime, kDayMs},
    {"working-min", Unit::kWorkingTime, kMinuteMs},
    {"working-h", Unit::kWorkingTime, kHourMs},
    {"working-d", Unit::kWorkingDays, 1},
});

const NamedUnit* UnitNamed(std::string_view name) {
  for (const NamedUnit& unit : kUnits) {
    if (unit.name == name) {
      return &unit;
    }
  }
  return nullptr;
}

// "07:30"; "24:00" is the end of the day.
std::optional<int64_t> TimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') {
    return std::nullopt;
  }
  for (const size_t place : {0U, 1U, 3U, 4U}) {
    if (text[place] < '0' || text[place] > '9') {
      return std::nullopt;
    }
  }
  const int64_t hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int64_t minutes = (text[3] - '0') * 10 + (text[4] - '0');
  const int64_t time = hours * kHourMs + minutes * kMinuteMs;
  return minutes > 59 || time > kDayMs ? std::nullopt : std::optional(time);
}

std::optional<Shift> ShiftOf(std::string_view word) {
  const size_t dash = word.find('-');
  if (dash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto from = TimeOfDay(word.substr(0, dash));
  const auto until = TimeOfDay(word.substr(dash + 1));
  if (!from || !until || *until <= *from) {
    return std::nullopt;
  }
  return Shift{*from, *until};
}

}  // namespace

Result<Span> TakeSpan(DocumentLine& line) {
  const auto number = ParseDecimal(line.Next());
  const NamedUnit* unit = UnitNamed(line.Next());
  if (!number || *number == 0 || unit == nullptr) {
    return line.Wrong(
        "here stands a length of time, like `30 min`, `24 h`, `14 d`, `4 working-h` or "
        "`3 working-d`");
  }
  const auto most = static_cast<uint64_t>(
      unit->unit == Unit::kWorkingDays ? kYearDays : kYearDays * (kDayMs / unit->worth));
  if (*number > most) {
    return line.Wrong("a length of time is at most 366 days");
  }
  Span span;
  span.unit = unit->unit;
  span.amount = static_cast<int64_t>(*number) * unit->worth;
  if (line.Take("next-work")) {
    if (span.unit != Unit::kTime) {
      return line.Wrong("working time ends in working time: take `next-work` out");
    }
    span.to_work = true;
  }
  return span;
}

Result<Shifts> TakeShifts(DocumentLine& line) {
  if (line.Take("none")) {
    return Shifts();
  }
  ASSIGN_OR_RETURN(const std::vector<std::string_view> words, line.TakeList("07:30-16:00"));
  Shifts shifts;
  for (const std::string_view word : words) {
    const auto shift = ShiftOf(word);
    if (!shift || (!shifts.empty() && shift->from <= shifts.back().until)) {
      return line.Wrong(Quoted(word) +
                        ": write hours as `07:30-12:00, 13:00-16:00`, in order and apart, or "
                        "`none`");
    }
    shifts.push_back(*shift);
  }
  return shifts;
}

Result<Day> TakeDate(DocumentLine& line) {
  const std::string_view word = line.Next();
  const auto day = ParseDate(word);
  if (!day) {
    return line.Wrong(Quoted(word) + " is no date: write it as 2026-08-17");
  }
  return *day;
}

Result<Day> TakeFrom(DocumentLine& line) {
  if (!line.Take("from")) {
    return kAlways;
  }
  return TakeDate(line);
}

}  // namespace rujukan::ledger
