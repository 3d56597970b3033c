// Region codes with their scheme. Kemendagri (the ministry of home affairs) and BPS (the statistics
// office) number the same places differently with the same digits: 31.72 is Jakarta Utara for one
// and Jakarta Timur for the other. So a code always says whose it is, `kemendagri:31.72`, and what
// is refused is refused with the names of both readings, for a person to see which was meant.
//
// Source: Kepmendagri 300.2.2-2430/2025 (codes PP.KK.CC.DDDD, names); base/regions.tsv has the
// rows. Thread: all functions are safe from any thread; the table is read once and never changes.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan {

// A place of the table. The views live as long as the program.
struct Region {
  std::string_view code;  // Kemendagri: "18" or "18.71"
  std::string_view bps;   // BPS: "1871"; where BPS renumbered the place, "9501,9401", new one first
  std::string_view former;  // Kemendagri until the split of Papua in 2022: "91.01"; mostly empty
  std::string_view name;    // "Kota Bandar Lampung"
};

// Every province, kabupaten and kota, ascending by code.
std::span<const Region> AllRegions();

// A province ("18") or a kabupaten or kota ("18.71"). nullopt: no such place.
std::optional<Region> FindRegion(std::string_view kemendagri_code);
// By the four digits (province: two) of BPS, today's or the ones before 2022.
std::optional<Region> FindByBps(std::string_view digits);
// By the Kemendagri code that the place had until 2022 (FindRegion knows today's only).
std::optional<Region> FindByFormerCode(std::string_view kemendagri_code);

// What a code without a scheme could mean: "3172", "31.72", "18". All empty: it names nothing.
struct RegionReadings {
  std::string dotted;  // "31.72"; "" when the text is not a code at all
  std::string digits;  // "3172"
  std::optional<Region> kemendagri;
  std::optional<Region> bps;
  std::optional<Region> former;  // only where kemendagri is empty

  bool SamePlace() const { return kemendagri && bps && kemendagri->code == bps->code; }
};
RegionReadings ReadRegionDigits(std::string_view text);

enum class RegionLevel { kNational, kProvince, kRegency, kDistrict, kVillage };

class RegionCode {
 public:
  // `kemendagri:00` (national: a ministry's centre), `kemendagri:PP`, `kemendagri:PP.KK` of a place
  // that exists; `PP.KK.CC` and `PP.KK.CC.DDDD` of any number below a kabupaten or kota that
  // exists. kInvalid: untagged, `bps:`, undotted, or of no place; the text names what the digits
  // mean in either scheme and says what to write. It repeats nothing but digits.
  static Result<RegionCode> Parse(std::string_view tagged);

  const std::string& text() const { return text_; }  // "kemendagri:18.71"
  std::string_view code() const;                     // "18.71"
  RegionLevel level() const;
  std::string_view province() const { return code().substr(0, 2); }  // "18"; "00" of the national
  // Of the place; below a kabupaten or kota its name, as the table goes no deeper. "Nasional".
  std::string_view name() const { return name_; }
  // True for itself and for all that lies in it; the national level covers everything.
  bool Covers(const RegionCode& other) const;

  auto operator<=>(const RegionCode& other) const { return text_ <=> other.text_; }
  bool operator==(const RegionCode& other) const { return text_ == other.text_; }

 private:
  RegionCode(std::string text, std::string_view name) : text_(std::move(text)), name_(name) {}

  std::string text_;
  std::string_view name_;
};

}  // namespace rujukan
