#include "agents/agency/codes.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/region.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int64_t kDayMs = 24 * 60 * kMinuteMs;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// `pattern`: '9' stands for a digit, everything else for itself.
bool Matches(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() &&
         std::equal(text.begin(), text.end(), pattern.begin(), [](char c, char p) {
           return p == '9' ? IsDigit(c) : c == p;
         });
}

int Number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) {
    value = value * 10 + (c - '0');
  }
  return value;
}

constexpr auto kNeeds = std::to_array<std::string_view>({"DISABILITAS_FISIK",
                                                         "DISABILITAS_SENSORIK",
                                                         "DISABILITAS_INTELEKTUAL",
                                                         "DISABILITAS_MENTAL",
                                                         "KEHAMILAN",
                                                         "OBAT_RUTIN",
                                                         "GIZI_BURUK",
                                                         "BAYI_ASI",
                                                         "AGAMA",
                                                         "DIET"});

const std::string kRegionExample = "kemendagri:18.01";

std::string Named(std::string_view code, const Region& place) {
  return std::string(code) + " adalah " + std::string(place.name);
}

// What the digits of a refused code name, today's Kemendagri reading first.
std::string PlacesInIndonesian(const RegionReadings& read, bool bps_only) {
  std::string places;
  const auto add = [&places](const std::string& place) {
    places += (places.empty() ? ": " : ", ") + place;
  };
  if (read.kemendagri && !bps_only) {
    add(Named("kemendagri:" + read.dotted, *read.kemendagri));
  }
  if (read.former && !bps_only) {
    add(Named("kemendagri:" + read.dotted + " sampai 2022", *read.former) +
        " (kini kemendagri:" + std::string(read.former->code) + ")");
  }
  if (read.bps) {
    add(Named("bps:" + read.digits, *read.bps) + " (kemendagri:" + std::string(read.bps->code) +
        ")");
  }
  return places;
}

// The Indonesian half of a refusal; base/region.h says the same in English.
std::string RegionProblemInIndonesian(std::string_view text) {
  if (text.empty()) {
    return "wajib diisi, contoh " + kRegionExample;
  }
  const size_t colon = text.find(':');
  const std::string_view scheme = text.substr(0, colon == text.npos ? 0 : colon);
  const std::string_view code = text.substr(colon == text.npos ? 0 : colon + 1);
  std::string problem = "kode tanpa skema ditolak (BPS dan Kemendagri bertabrakan)";
  if (scheme == "bps") {
    problem = "kode BPS berbeda dari kode Kemendagri dan tidak dipakai di sini";
  } else if (scheme == "kemendagri") {
    problem = "tidak ada wilayah Kemendagri dengan kode ini";
  }
  return problem + PlacesInIndonesian(ReadRegionDigits(code), scheme == "bps") +
         "; tulis kode Kemendagri tempat yang dimaksud, contoh " + kRegionExample;
}

}  // namespace

bool IsCode(const google::protobuf::EnumDescriptor& list, int value) {
  return value != 0 && list.FindValueByNumber(value) != nullptr;
}

std::string CodesOf(const google::protobuf::EnumDescriptor& list) {
  std::string names;
  for (int i = 0; i < list.value_count(); ++i) {
    if (list.value(i)->number() != 0) {
      names += (names.empty() ? "" : ", ") + list.value(i)->name();
    }
  }
  return names;
}

std::string RegionTextOf(std::string_view refused) {
  const Result<RegionCode> region = RegionCode::Parse(refused);
  return region ? std::string()
                : RegionProblemInIndonesian(refused) + " / " + region.error().context;
}

std::string RegionProblem(std::string_view text) {
  const Result<RegionCode> region = RegionCode::Parse(text);
  if (!region) {
    return RegionTextOf(text);
  }
  if (region->level() != RegionLevel::kRegency) {
    return "harus PP.KK dengan titik (kabupaten/kota saja), contoh " + kRegionExample +
           " / must be PP.KK with a dot, regency or city only, for example " + kRegionExample;
  }
  return "";
}

bool IsDate(std::string_view text) {
  if (!Matches(text, "9999-99-99")) {
    return false;
  }
  const std::chrono::year_month_day date(
      std::chrono::year(Number(text.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(Number(text.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(Number(text.substr(8, 2)))));
  return date.ok();
}

bool IsDateTime(std::string_view text) {
  if (text.size() < 20 || !IsDate(text.substr(0, 10)) || text[10] != 'T' ||
      !Matches(text.substr(11, 8), "99:99:99") || Number(text.substr(11, 2)) > 23 ||
      Number(text.substr(14, 2)) > 59 || Number(text.substr(17, 2)) > 59) {
    return false;
  }
  std::string_view rest = text.substr(19);
  if (rest[0] == '.') {
    const size_t end = rest.find_first_not_of("0123456789", 1);
    if (end == std::string_view::npos || end == 1) {
      return false;
    }
    rest.remove_prefix(end);
  }
  return rest == "Z" || Matches(rest, "+99:99") || Matches(rest, "-99:99");
}

std::optional<UnixMillis> DayOfText(std::string_view text, int offset_minutes) {
  if (!IsDate(text)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date(
      std::chrono::year(Number(text.substr(0, 4))),
      std::chrono::month(static_cast<unsigned>(Number(text.substr(5, 2)))),
      std::chrono::day(static_cast<unsigned>(Number(text.substr(8, 2)))));
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kDayMs - offset_minutes * kMinuteMs;
}

std::optional<UnixMillis> TimeOfText(std::string_view text) {
  if (!IsDateTime(text)) {
    return std::nullopt;
  }
  int offset = 0;
  if (text.back() != 'Z') {
    const std::string_view zone = text.substr(text.size() - 6);  // "+07:00"
    offset =
        (Number(zone.substr(1, 2)) * 60 + Number(zone.substr(4, 2))) * (zone[0] == '-' ? -1 : 1);
  }
  const int64_t minutes = Number(text.substr(11, 2)) * 60 + Number(text.substr(14, 2));
  return *DayOfText(text.substr(0, 10), offset) + minutes * kMinuteMs +
         Number(text.substr(17, 2)) * int64_t{1000};
}

bool IsNeed(std::string_view text) {
  if (std::find(kNeeds.begin(), kNeeds.end(), text) != kNeeds.end()) {
    return true;
  }
  constexpr std::string_view kLanguage = "BAHASA:";  // BAHASA:<code>, for example BAHASA:jv
  return text.substr(0, kLanguage.size()) == kLanguage && text.size() >= kLanguage.size() + 2 &&
         text.size() <= kLanguage.size() + 8;
}

bool HasLongNumber(std::string_view text, size_t digits) {
  size_t run = 0;
  for (const char c : text) {
    run = IsDigit(c) ? run + 1 : 0;
    if (run >= digits) {
      return true;
    }
  }
  return false;
}

size_t CountCharacters(std::string_view utf8) {
  return static_cast<size_t>(std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace rujukan::agency
