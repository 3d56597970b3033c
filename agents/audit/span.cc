#include "agents/audit/span.h"

#include <array>
#include <charconv>
#include <optional>

namespace rujukan::audit {
namespace {

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

// Takes pieces off the front of a text.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  // Exactly `digits` digits.
  std::optional<int64_t> Number(size_t digits) {
    if (rest_.size() < digits) {
      return std::nullopt;
    }
    int64_t number = 0;
    const char* end = rest_.data() + digits;
    const auto parsed = std::from_chars(rest_.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || rest_[0] == '-') {
      return std::nullopt;
    }
    rest_.remove_prefix(digits);
    return number;
  }

  // The same behind `mark`, between 0 and `max`.
  std::optional<int64_t> After(char mark, size_t digits, int64_t max) {
    if (!Take(mark)) {
      return std::nullopt;
    }
    const auto number = Number(digits);
    return number && *number <= max ? number : std::nullopt;
  }

  bool Take(char mark) {
    if (rest_.empty() || rest_[0] != mark) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }
  bool Sees(char mark) const { return !rest_.empty() && rest_[0] == mark; }
  bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Days since 1970-01-01 of a date of the Gregorian calendar (Hinnant, "chrono-Compatible Low-Level
// Date Algorithms", days_from_civil).
int64_t DaysOf(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719'468;
}

bool IsDate(int64_t year, int64_t month, int64_t day) {
  constexpr std::array<int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return year >= 1970 && month >= 1 && month <= 12 && day >= 1 &&
         day <= kDays[static_cast<size_t>(month - 1)] + (leap && month == 2 ? 1 : 0);
}

std::optional<int64_t> ReadDate(Reader& reader) {
  const auto year = reader.Number(4);
  const auto month = year ? reader.After('-', 2, 12) : std::nullopt;
  const auto day = month ? reader.After('-', 2, 31) : std::nullopt;
  if (!day || !IsDate(*year, *month, *day)) {
    return std::nullopt;
  }
  return DaysOf(*year, *month, *day) * kDay;
}

struct OfDay {
  int64_t ms = 0;
  int64_t left_open = kDay;  // what the text does not say: all of the day, the minute, the second
};

std::optional<OfDay> ReadTimeOfDay(Reader& reader) {
  if (!reader.Sees('T') && !reader.Sees(' ')) {
    return OfDay{};
  }
  const auto hour = reader.After(reader.Sees('T') ? 'T' : ' ', 2, 23);
  const auto minute = hour ? reader.After(':', 2, 59) : std::nullopt;
  if (!minute) {
    return std::nullopt;
  }
  OfDay read{*hour * kHour + *minute * kMinute, kMinute};
  if (!reader.Sees(':')) {
    return read;
  }
  const auto second = reader.After(':', 2, 59);
  if (!second) {
    return std::nullopt;
  }
  read = {read.ms + *second * kSecond, kSecond};
  if (!reader.Sees('.')) {
    return read;
  }
  const auto fraction = reader.After('.', 3, 999);
  return fraction ? std::optional<OfDay>({read.ms + *fraction, 1}) : std::nullopt;
}

// What to take off for UTC.
std::optional<int64_t> ReadZone(Reader& reader) {
  if (reader.done() || reader.Take('Z')) {
    return 0;
  }
  const bool east = reader.Sees('+');
  const auto hours = reader.After(east ? '+' : '-', 2, 14);
  const auto minutes = hours ? reader.After(':', 2, 59) : std::nullopt;
  if (!minutes) {
    return std::nullopt;
  }
  return (east ? 1 : -1) * (*hours * kHour + *minutes * kMinute);
}

}  // namespace

Result<UnixMillis> ParseTime(std::string_view text, bool end) {
  Reader reader(text);
  const auto date = ReadDate(reader);
  const auto time = date ? ReadTimeOfDay(reader) : std::nullopt;
  const auto zone = time ? ReadZone(reader) : std::nullopt;
  if (!zone || !reader.done()) {
    return Fail(Errc::kInvalid,
                "a time is 2026-11-21, 2026-11-21T23:58 or 2026-11-21T23:58:04, with Z or +07:00 "
                "behind it (nothing: UTC)");
  }
  return *date + time->ms - *zone + (end ? time->left_open - 1 : 0);
}

Result<Span> ParseSpan(const std::string& from, const std::string& to) {
  Span span;
  if (!from.empty()) {
    ASSIGN_OR_RETURN(span.from, ParseTime(from, /*end=*/false));
  }
  if (!to.empty()) {
    ASSIGN_OR_RETURN(span.to, ParseTime(to, /*end=*/true));
  }
  if (span.to != 0 && span.to < span.from) {
    return Fail(Errc::kInvalid, "--to lies before --from");
  }
  return span;
}

std::string ShortTime(UnixMillis time, int offset_minutes) {
  const std::string text = FormatTime(time, offset_minutes);
  constexpr size_t kSecondsEnd = 19;
  constexpr size_t kMillisEnd = 23;
  if (text.size() < kMillisEnd) {
    return text;
  }
  return text.substr(0, 10) + " " + text.substr(11, kSecondsEnd - 11) + " " +
         text.substr(kMillisEnd);
}

std::string LengthOfTime(int64_t ms) {
  struct Unit {
    int64_t ms;
    const char* name;
  };
  constexpr std::array<Unit, 4> kUnits = {
      {{kDay, "d"}, {kHour, "h"}, {kMinute, "min"}, {kSecond, "s"}}};
  std::string text;
  for (size_t i = 0; i < kUnits.size(); ++i) {
    if (ms < kUnits[i].ms) {
      continue;
    }
    text = std::to_string(ms / kUnits[i].ms) + " " + kUnits[i].name;
    const int64_t rest = ms % kUnits[i].ms;
    if (i + 1 < kUnits.size() && rest >= kUnits[i + 1].ms) {
      text += " " + std::to_string(rest / kUnits[i + 1].ms) + " " + kUnits[i + 1].name;
    }
    return text;
  }
  return "0 s";
}

}  // namespace rujukan::audit
