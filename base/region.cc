#include "base/region.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/regions.tsv.h"

namespace rujukan {
namespace {

constexpr std::string_view kScheme = "kemendagri:";
constexpr std::string_view kBpsScheme = "bps:";
constexpr std::string_view kNational = "00";
constexpr std::string_view kExample = "kemendagri:18.01";
// The shapes of a code, by RegionLevel from kProvince on; 9 stands for a digit.
constexpr auto kShapes =
    std::to_array<std::string_view>({"99", "99.99", "99.99.99", "99.99.99.9999"});

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool HasShape(std::string_view text, std::string_view shape) {
  return text.size() == shape.size() &&
         std::equal(text.begin(), text.end(), shape.begin(), [](char c, char s) {
           return s == '9' ? IsDigit(c) : c == s;
         });
}

bool IsShaped(std::string_view code) {
  return std::any_of(kShapes.begin(), kShapes.end(), [code](std::string_view shape) {
    return HasShape(code, shape);
  });
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(separator, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

using Index = std::map<std::string_view, const Region*>;

struct Table {
  std::vector<Region> rows;
  Index by_bps;
  Index by_former;
};

std::vector<Region> ReadRows(std::string_view tsv) {
  std::vector<Region> rows;
  for (const std::string_view line : Split(tsv, '\n')) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    const std::vector<std::string_view> fields = Split(line, '\t');
    CHECK(fields.size() == 4);
    CHECK(rows.empty() || rows.back().code < fields[0]);
    rows.push_back({fields[0], fields[1], fields[2], fields[3]});
  }
  return rows;
}

void AddToIndex(Index& index, std::string_view codes, const Region& region) {
  for (const std::string_view code : Split(codes, ',')) {
    CHECK(code.empty() || index.emplace(code, &region).second);
  }
}

const Table& RegionTable() {
  static const Table kTable = [] {
    Table table{ReadRows(kRegionsTsv), {}, {}};
    for (const Region& region : table.rows) {
      AddToIndex(table.by_bps, region.bps, region);
      AddToIndex(table.by_former, region.former, region);
    }
    return table;
  }();
  return kTable;
}

std::optional<Region> Find(const Index& index, std::string_view code) {
  const auto found = index.find(code);
  return found == index.end() ? std::nullopt : std::optional(*found->second);
}

std::string Tagged(const Region& region) {
  return std::string(kScheme) + std::string(region.code);
}

// "bps:3172 is Kota Administrasi Jakarta Timur (kemendagri:31.75)"
std::string BpsReading(const RegionReadings& read) {
  return "bps:" + read.digits + " is " + std::string(read.bps->name) + " (" + Tagged(*read.bps) +
         ")";
}

std::string Example() {
  return "write the Kemendagri code, for example " + std::string(kExample);
}

// `head` is what is wrong with the code; what follows are the places it could mean.
Error AmbiguousError(std::string head, const RegionReadings& read) {
  if (read.SamePlace()) {
    head += "it is " + std::string(read.kemendagri->name) + " in both; write " +
            Tagged(*read.kemendagri);
  } else if (read.kemendagri && read.bps) {
    head += Tagged(*read.kemendagri) + " is " + std::string(read.kemendagri->name) + ", " +
            BpsReading(read) + "; write the Kemendagri code of the one you mean";
  } else if (read.kemendagri) {
    head += Tagged(*read.kemendagri) + " is " + std::string(read.kemendagri->name) +
            ", bps:" + read.digits + " is no place; write " + Tagged(*read.kemendagri);
  } else if (read.former) {
    head += std::string(kScheme) + read.dotted + " was " + std::string(read.former->name) +
            " until 2022, now " + Tagged(*read.former) + (read.bps ? "; " + BpsReading(read) : "") +
            "; write the code of today of the one you mean";
  } else if (read.bps) {
    head += std::string(kScheme) + read.dotted + " is no place, " + BpsReading(read) +
            "; if that is meant, write " + Tagged(*read.bps);
  } else {
    head += "neither Kemendagri nor BPS has it; " + Example();
  }
  return {Errc::kInvalid, std::move(head)};
}

Error BpsError(std::string_view code) {
  const RegionReadings read = ReadRegionDigits(code);
  if (!read.bps) {
    return {Errc::kInvalid,
            "BPS codes are not used here and this one names no place; " + Example()};
  }
  return {Errc::kInvalid,
          "BPS codes are not used here: bps:" + read.digits + " is " + std::string(read.bps->name) +
              "; write " + Tagged(*read.bps)};
}

Error UntaggedError(std::string_view text) {
  const RegionReadings read = ReadRegionDigits(text);
  if (read.dotted.empty()) {
    return {Errc::kInvalid, "this is not a region code; " + Example()};
  }
  return AmbiguousError(std::string(text) + " has no scheme: ", read);
}

Error TaggedError(std::string_view code) {
  const RegionReadings read = ReadRegionDigits(code);
  if (read.dotted.empty()) {
    return {Errc::kInvalid, "a region code is PP, PP.KK, PP.KK.CC or PP.KK.CC.DDDD; " + Example()};
  }
  const std::string tagged = std::string(kScheme) + std::string(code);
  return AmbiguousError(tagged + (HasShape(code, "9999") ? " has no dot: " : " names no place: "),
                        read);
}

}  // namespace

std::span<const Region> AllRegions() {
  return RegionTable().rows;
}

std::optional<Region> FindRegion(std::string_view kemendagri_code) {
  const auto& rows = RegionTable().rows;
  const auto at = std::lower_bound(
      rows.begin(), rows.end(), kemendagri_code, [](const Region& region, std::string_view code) {
        return region.code < code;
      });
  return at == rows.end() || at->code != kemendagri_code ? std::nullopt : std::optional(*at);
}

std::optional<Region> FindByBps(std::string_view digits) {
  return Find(RegionTable().by_bps, digits);
}

std::optional<Region> FindByFormerCode(std::string_view kemendagri_code) {
  return Find(RegionTable().by_former, kemendagri_code);
}

RegionReadings ReadRegionDigits(std::string_view text) {
  RegionReadings read;
  if (HasShape(text, "99")) {
    read.dotted = read.digits = text;
  } else if (HasShape(text, "9999")) {
    read.digits = text;
    read.dotted = read.digits.substr(0, 2) + "." + read.digits.substr(2);
  } else if (IsShaped(text)) {
    read.dotted = text.substr(0, 5);
    read.digits = read.dotted.substr(0, 2) + read.dotted.substr(3);
  } else {
    return read;
  }
  read.kemendagri = FindRegion(read.dotted);
  read.bps = FindByBps(read.digits);
  read.former = read.kemendagri ? std::nullopt : FindByFormerCode(read.dotted);
  return read;
}

Result<RegionCode> RegionCode::Parse(std::string_view tagged) {
  if (tagged.empty()) {
    return Fail(Errc::kInvalid, "the region code is missing; " + Example());
  }
  if (tagged.starts_with(kBpsScheme)) {
    return Fail(BpsError(tagged.substr(kBpsScheme.size())));
  }
  if (!tagged.starts_with(kScheme)) {
    return Fail(UntaggedError(tagged));
  }
  const std::string_view code = tagged.substr(kScheme.size());
  if (code == kNational) {
    return RegionCode(std::string(tagged), "Nasional");
  }
  const std::optional<Region> region = FindRegion(code.substr(0, 5));
  if (!IsShaped(code) || !region) {
    return Fail(TaggedError(code));
  }
  return RegionCode(std::string(tagged), region->name);
}

std::string_view RegionCode::code() const {
  return std::string_view(text_).substr(kScheme.size());
}

RegionLevel RegionCode::level() const {
  switch (code().size()) {
    case 2:
      return code() == kNational ? RegionLevel::kNational : RegionLevel::kProvince;
    case 5:
      return RegionLevel::kRegency;
    case 8:
      return RegionLevel::kDistrict;
    default:
      return RegionLevel::kVillage;
  }
}

bool RegionCode::Covers(const RegionCode& other) const {
  if (level() == RegionLevel::kNational) {
    return true;
  }
  const std::string_view mine = code();
  const std::string_view theirs = other.code();
  return theirs.starts_with(mine) && (theirs.size() == mine.size() || theirs[mine.size()] == '.');
}

}  // namespace rujukan
