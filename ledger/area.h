// Where an agency works, and how two agencies' areas relate: a Kemendagri code (PP.KK.CC.DDDD) as
// numbers. Value type, pure, any thread. BPS codes use the same digits for other places, so a
// record is only believed with its scheme; an area that cannot be read is unknown and relates to
// nothing. Whether the place exists is not asked: what was decided once must be decided alike for
// ever, and the table of places changes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rujukan::ledger {

// The tier of an office follows from the depth of its region. Districts and villages are served by
// the office of their kabupaten or kota, so they count as kRegency.
enum class Tier : uint8_t { kUnknown, kNational, kProvince, kRegency };

class Area {
 public:
  Area() = default;  // unknown

  // "" or "00" (the nation), "18", "18.71", "18.71.01" or "18.71.01.2001"; nullopt otherwise.
  static std::optional<Area> Parse(std::string_view code);
  // As the directory keeps it, "kemendagri:18.71"; any other scheme or form is unknown.
  static Area OfRecord(std::string_view tagged);

  Tier tier() const;
  uint16_t province() const { return depth_ == 0 ? uint16_t{0} : codes_[0]; }  // 0: none
  // `other` is this region or lies in it. The nation covers every known region.
  bool Covers(const Area& other) const;
  // Served by the same office: both national, the same province, or the same kabupaten or kota.
  bool SameOfficeAs(const Area& other) const;
  bool SameProvinceAs(const Area& other) const;  // false for the nation
  // `above` is one tier up and covers this: the province of a kabupaten, the nation of a province.
  bool HasParent(const Area& above) const;

  bool operator==(const Area&) const = default;

 private:
  static constexpr size_t kDepthMax = 4;  // province, kabupaten or kota, kecamatan, desa

  bool SharesFirst(size_t depth, const Area& other) const;

  bool known_ = false;
  uint8_t depth_ = 0;
  std::array<uint16_t, kDepthMax> codes_{};
};

}  // namespace rujukan::ledger
