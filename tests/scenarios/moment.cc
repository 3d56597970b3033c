#include "tests/scenarios/moment.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "base/bytes.h"

namespace rujukan::scenarios {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kHourMs = 60 * kMinuteMs;
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr std::array<std::string_view, 7> kDays = {"Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"};

// Exactly so many digits, with leading zeros.
std::optional<int> Digits(std::string_view text, size_t count) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return text.size() == count ? std::optional(value) : std::nullopt;
}

Result<int> ParseMinute(std::string_view text) {
  if (text.size() == 5 && text[2] == ':') {
    const auto hour = Digits(text.substr(0, 2), 2);
    const auto minute = Digits(text.substr(3), 2);
    if (hour && minute && *hour < 24 && *minute < 60) {
      return *hour * 60 + *minute;
    }
  }
  return Fail(Errc::kInvalid, "jam ditulis seperti 23:58 / a time of day is written like 23:58");
}

Result<int64_t> ParseDay(std::string_view text) {
  using namespace std::chrono;
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const auto year = Digits(text.substr(0, 4), 4);
    const auto month = Digits(text.substr(5, 2), 2);
    const auto day = Digits(text.substr(8), 2);
    if (year && month && day) {
      const year_month_day date{std::chrono::year(*year),
                                std::chrono::month(static_cast<unsigned>(*month)),
                                std::chrono::day(static_cast<unsigned>(*day))};
      if (date.ok()) {
        return int64_t{sys_days(date).time_since_epoch().count()} * kDayMs;
      }
    }
  }
  return Fail(Errc::kInvalid, "tanggal ditulis seperti 2026-11-21 / a date is like 2026-11-21");
}

int64_t FloorDay(int64_t ms) {
  const int64_t rest = ms % kDayMs;
  return ms - (rest < 0 ? rest + kDayMs : rest);
}

// 1970-01-01 was a Thursday.
int WeekdayOf(int64_t day_ms) {
  const int64_t days = day_ms / kDayMs;
  return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

}  // namespace

Result<int> ParseZone(std::string_view name) {
  if (name == "WIB") {
    return 7 * 60;
  }
  if (name == "WITA") {
    return 8 * 60;
  }
  if (name == "WIT") {
    return 9 * 60;
  }
  return Fail(Errc::kInvalid, "zona WIB, WITA atau WIT / the zone is WIB, WITA or WIT");
}

Result<int64_t> ParseSpan(std::string_view text) {
  const auto number = text.empty() ? Result<uint64_t>(Fail(Errc::kInvalid, ""))
                                   : ParseDecimal(text.substr(0, text.size() - 1));
  constexpr uint64_t kSpanMax = 10'000;
  if (number && *number <= kSpanMax) {
    const auto count = static_cast<int64_t>(*number);
    switch (text.back()) {
      case 'm':
        return count * kMinuteMs;
      case 'j':
        return count * kHourMs;
      case 'h':
        return count * kDayMs;
      default:
        break;
    }
  }
  return Fail(Errc::kInvalid,
              "jangka ditulis 30m, 3j atau 2h (menit, jam, hari) / a span is 30m, 3j or 2h: "
              "minutes, hours, days");
}

Result<Moment> ParseMoment(const std::vector<std::string>& words, size_t& used) {
  Moment moment;
  used = 1;
  const std::string first = words.empty() ? "" : words[0];
  if (first == "lalu") {
    return moment;
  }
  if (!first.empty() && first[0] == '+') {
    moment.kind = Moment::Kind::kAfter;
    ASSIGN_OR_RETURN(moment.ms, ParseSpan(std::string_view(first).substr(1)));
    return moment;
  }
  const auto day = std::find(kDays.begin(), kDays.end(), first);
  if (words.size() < 2 || (day == kDays.end() && first.find('-') == std::string::npos)) {
    return Fail(Errc::kInvalid,
                "baris dimulai dengan waktu: \"Sab 23:58\", \"2026-11-21 23:58\", \"+30m\" atau "
                "\"lalu\" / a step begins with a time");
  }
  used = 2;
  ASSIGN_OR_RETURN(moment.minute, ParseMinute(words[1]));
  if (day != kDays.end()) {
    moment.kind = Moment::Kind::kWeekday;
    moment.weekday = static_cast<int>(day - kDays.begin());
    return moment;
  }
  moment.kind = Moment::Kind::kDate;
  ASSIGN_OR_RETURN(moment.ms, ParseDay(first));
  return moment;
}

UnixMillis Resolve(const Moment& moment, UnixMillis now, int zone_minutes) {
  const int64_t zone = zone_minutes * kMinuteMs;
  switch (moment.kind) {
    case Moment::Kind::kSame:
      return now;
    case Moment::Kind::kAfter:
      return now + moment.ms;
    case Moment::Kind::kDate:
      return moment.ms + moment.minute * kMinuteMs - zone;
    case Moment::Kind::kWeekday:
      break;
  }
  const int64_t today = FloorDay(now + zone);
  const int ahead = (moment.weekday - WeekdayOf(today) + 7) % 7;
  // Whoever says "Sab 23:58" at a few seconds past it means this minute.
  const int64_t minute_now = (now / kMinuteMs) * kMinuteMs;
  const UnixMillis time = today + ahead * kDayMs + moment.minute * kMinuteMs - zone;
  return time < minute_now ? time + 7 * kDayMs : std::max(time, now);
}

std::string FormatDate(UnixMillis time, int zone_minutes) {
  return FormatTime(time, zone_minutes).substr(0, 10);
}

}  // namespace rujukan::scenarios
