#include "agents/agency/time_text.h"

#include <chrono>
#include <cstdio>

#include "agents/agency/directory_copy.h"
#include "agents/agency/home.h"
#include "base/bytes.h"
#include "ledger/clocks_text.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

constexpr size_t kApiTimeBytes = 29;  // 2026-11-21T23:58:04.000+07:00
constexpr int64_t kMinuteMs = 60'000;

// `width` digits at `at`, which moves past them; -1: there are not so many.
int64_t Digits(std::string_view text, size_t& at, size_t width) {
  int64_t value = 0;
  for (size_t i = 0; i < width; ++i, ++at) {
    if (at >= text.size() || text[at] < '0' || text[at] > '9') {
      return -1;
    }
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool Skip(std::string_view text, size_t& at, char wanted) {
  if (at >= text.size() || text[at] != wanted) {
    return false;
  }
  ++at;
  return true;
}

// ".250": milliseconds, further digits are dropped. -1: a point without digits.
int64_t Fraction(std::string_view text, size_t& at) {
  if (!Skip(text, at, '.')) {
    return 0;
  }
  int64_t value = 0;
  size_t count = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
    value = count < 3 ? value * 10 + (text[at] - '0') : value;
  }
  for (size_t i = count; i < 3; ++i) {
    value *= 10;
  }
  return count == 0 ? -1 : value;
}

// "Z" or "+07:00" to the end, in minutes; nullopt otherwise.
std::optional<int64_t> Offset(std::string_view text, size_t at) {
  if (text.substr(at) == "Z") {
    return 0;
  }
  const bool west = Skip(text, at, '-');
  if (!west && !Skip(text, at, '+')) {
    return std::nullopt;
  }
  const int64_t hours = Digits(text, at, 2);
  const bool colon = Skip(text, at, ':');
  const int64_t minutes = Digits(text, at, 2);
  if (hours < 0 || hours > 23 || !colon || minutes < 0 || minutes > 59 || at != text.size()) {
    return std::nullopt;
  }
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

bool IsApiTime(const std::string& text) {
  return text.size() == kApiTimeBytes && text[10] == 'T' && text[19] == '.';
}

}  // namespace

Result<UnixMillis> ParseMoment(std::string_view text) {
  const auto wrong = Fail(
      Errc::kInvalid, "waktu seperti 2026-11-22T08:00:00+07:00 / a time like this, with its zone");
  const auto day = ledger::ParseDate(text.substr(0, 10));
  size_t at = 10;
  if (!day || !Skip(text, at, 'T')) {
    return wrong;
  }
  const int64_t hours = Digits(text, at, 2);
  const bool first = Skip(text, at, ':');
  const int64_t minutes = Digits(text, at, 2);
  const bool second = Skip(text, at, ':');
  const int64_t seconds = Digits(text, at, 2);
  const int64_t fraction = Fraction(text, at);
  const auto offset = at <= text.size() ? Offset(text, at) : std::nullopt;
  if (!first || !second || hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 ||
      seconds > 59 || fraction < 0 || !offset) {
    return wrong;
  }
  return int64_t{*day} * ledger::kDayMs + ((hours * 60 + minutes - *offset) * 60 + seconds) * 1000 +
         fraction;
}

std::string MomentIn(ledger::Zone zone, UnixMillis time) {
  const std::string text = FormatTime(time, ledger::OffsetMinutes(zone));
  return text.substr(0, 10) + " " + text.substr(11, 8) + " " + std::string(ledger::ZoneName(zone));
}

std::string DurationText(int64_t milliseconds) {
  const int64_t minutes = milliseconds / kMinuteMs;
  const int64_t hours = minutes / 60;
  if (hours >= 24) {
    return std::to_string(hours / 24) + "d " + std::to_string(hours % 24) + "h";
  }
  return hours > 0 ? std::to_string(hours) + "h " + std::to_string(minutes % 60) + "m"
                   : std::to_string(minutes) + "m";
}

// Depth is bounded by ParseJson.
void MomentsIn(ledger::Zone zone, Json& json) {  // NOLINT(misc-no-recursion)
  for (auto& [name, value] : json.items()) {
    if (value.is_structured() && name != "isi") {
      MomentsIn(zone, value);
    } else if (value.is_string() && IsApiTime(value.get_ref<const std::string&>())) {
      const auto time = ParseMoment(value.get_ref<const std::string&>());
      value = time ? Json(MomentIn(zone, *time)) : value;
    }
  }
}

Result<ledger::Clocks> ClocksOf(const ledger::View& directory) {
  ASSIGN_OR_RETURN(const auto text, directory.Get(ledger::Table::kHead, "clocks-text"));
  return ledger::ParseClocks(text ? std::string_view(*text) : ledger::DefaultClocksText());
}

Result<ledger::Zone> ZoneOfAgency(const ledger::View& directory,
                                  const ledger::Clocks& clocks,
                                  const std::string& address) {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(directory, address));
  ASSIGN_OR_RETURN(const auto profile, ledger::ReadProfile(directory, address));
  const auto area = ledger::Area::OfRecord(agency ? agency->region() : "");
  return clocks.ZoneOf(profile ? profile->profile().zona_waktu() : "", area);
}

ledger::Zone ZoneOfHome(const std::string& home) {
  const Home files(home);
  const auto config = files.ReadConfig();
  const auto copy = DirectoryCopy::Open(files.database_path());
  const auto clocks = copy ? ClocksOf(**copy) : Result<ledger::Clocks>(Fail(copy.error()));
  const auto zone = config && clocks ? ZoneOfAgency(**copy, *clocks, config->address)
                                     : Result<ledger::Zone>(Fail(Errc::kNotFound, ""));
  return zone.value_or(ledger::Zone::kWib);
}

}  // namespace rujukan::agency
