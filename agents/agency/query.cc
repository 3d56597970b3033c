#include "agents/agency/query.h"

#include <algorithm>
#include <chrono>

#include "agents/agency/api.h"
#include "agents/agency/codes.h"
#include "base/bytes.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kWibMs = 7 * 60 * kMinuteMs;
constexpr size_t kSecondEnd = 19;  // of "2026-11-21T23:58:04"

// Digits that are known to be some; they may begin with zeros.
int NumberIn(const std::string& text, size_t start, size_t size) {
  int number = 0;
  for (const char c : text.substr(start, size)) {
    number = number * 10 + (c - '0');
  }
  return number;
}

// `text` is a date that exists.
UnixMillis DayOf(const std::string& text) {
  const std::chrono::year_month_day day{
      std::chrono::year(NumberIn(text, 0, 4)),
      std::chrono::month(static_cast<unsigned>(NumberIn(text, 5, 2))),
      std::chrono::day(static_cast<unsigned>(NumberIn(text, 8, 2)))};
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::sys_days(day).time_since_epoch())
      .count();
}

// `text` is RFC 3339 with an offset; fractions of a second are cut.
UnixMillis MomentOf(const std::string& text) {
  const int64_t seconds =
      NumberIn(text, 11, 2) * 3600 + NumberIn(text, 14, 2) * 60 + NumberIn(text, 17, 2);
  const size_t zone = text.find_first_of("Zz+-", kSecondEnd);
  const bool utc = text[zone] == 'Z' || text[zone] == 'z';
  const int64_t minutes = utc ? 0 : NumberIn(text, zone + 1, 2) * 60 + NumberIn(text, zone + 4, 2);
  return DayOf(text) + seconds * 1000 - (text[zone] == '-' ? -minutes : minutes) * kMinuteMs;
}

}  // namespace

bool Query::Has(const char* name) const {
  return request_.query.count(name) != 0;
}

std::string Query::Text(const char* name) const {
  const auto found = request_.query.find(name);
  return found == request_.query.end() ? "" : found->second;
}

void Query::Refuse(const char* name, const std::string& message) {
  findings_.push_back({name, message});
}

size_t Query::Number(const char* name, size_t max, size_t otherwise) {
  if (!Has(name)) {
    return otherwise;
  }
  const auto value = ParseDecimal(Text(name));
  if (!value || *value == 0) {
    Refuse(name, "bilangan dari 1 / a number from 1 on");
    return otherwise;
  }
  return std::min<uint64_t>(*value, max);
}

std::optional<int64_t> Query::CursorOf(const char* name, const std::string& text) {
  const auto value = ParseDecimal(text);
  if (!value || *value > static_cast<uint64_t>(INT64_MAX)) {
    Refuse(name, "kursor dari jawaban sebelumnya / the cursor of an earlier answer");
    return std::nullopt;
  }
  return static_cast<int64_t>(*value);
}

std::optional<int64_t> Query::Cursor(const char* name) {
  return Has(name) ? CursorOf(name, Text(name)) : std::nullopt;
}

std::optional<UnixMillis> Query::Time(const char* name) {
  if (!Has(name)) {
    return std::nullopt;
  }
  std::string text = Text(name);
  if (text.size() > kSecondEnd) {
    std::replace(text.begin(), text.end(), ' ', '+');  // what a plus becomes in a query
  }
  if (IsDate(text)) {
    return DayOf(text) - kWibMs;
  }
  if (!IsDateTime(text)) {
    Refuse(name,
           "waktu RFC 3339 atau tanggal / a time (2026-11-21T23:58:04+07:00) or a date "
           "(2026-11-21)");
    return std::nullopt;
  }
  return MomentOf(text);
}

EventFilter Query::Events(const char* name) {
  auto filter = EventFilter::Parse(Text(name));
  if (!filter) {
    Refuse(name, filter.error().context);
  }
  return filter.value_or(EventFilter());
}

}  // namespace rujukan::agency
