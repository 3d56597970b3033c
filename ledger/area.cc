#include "ledger/area.h"

#include <algorithm>

namespace rujukan::ledger {
namespace {

constexpr std::string_view kScheme = "kemendagri:";
constexpr std::array<size_t, 4> kWidths = {2, 2, 2, 4};  // digits of each part

// Exactly `width` digits that are not all zero.
std::optional<uint16_t> ParsePart(std::string_view part, size_t width) {
  if (part.size() != width) {
    return std::nullopt;
  }
  uint16_t value = 0;
  for (const char c : part) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = static_cast<uint16_t>(value * 10 + (c - '0'));
  }
  return value == 0 ? std::nullopt : std::optional(value);
}

}  // namespace

std::optional<Area> Area::Parse(std::string_view code) {
  Area area;
  area.known_ = true;
  if (code.empty() || code == "00") {
    return area;
  }
  while (true) {
    const size_t dot = code.find('.');
    if (area.depth_ == kDepthMax) {
      return std::nullopt;
    }
    const auto part = ParsePart(code.substr(0, dot), kWidths.at(area.depth_));
    if (!part.has_value()) {
      return std::nullopt;
    }
    area.codes_.at(area.depth_) = *part;
    ++area.depth_;
    if (dot == std::string_view::npos) {
      return area;
    }
    code.remove_prefix(dot + 1);
  }
}

Area Area::OfRecord(std::string_view tagged) {
  if (!tagged.starts_with(kScheme)) {
    return Area();
  }
  return Parse(tagged.substr(kScheme.size())).value_or(Area());
}

Tier Area::tier() const {
  if (!known_) {
    return Tier::kUnknown;
  }
  if (depth_ == 0) {
    return Tier::kNational;
  }
  return depth_ == 1 ? Tier::kProvince : Tier::kRegency;
}

bool Area::SharesFirst(size_t depth, const Area& other) const {
  return std::equal(codes_.begin(), codes_.begin() + depth, other.codes_.begin());
}

bool Area::Covers(const Area& other) const {
  return known_ && other.known_ && depth_ <= other.depth_ && SharesFirst(depth_, other);
}

bool Area::SameOfficeAs(const Area& other) const {
  return known_ && tier() == other.tier() && SharesFirst(std::min<size_t>(depth_, 2), other);
}

bool Area::SameProvinceAs(const Area& other) const {
  return depth_ >= 1 && other.depth_ >= 1 && SharesFirst(1, other);
}

bool Area::HasParent(const Area& above) const {
  const bool one_up = (tier() == Tier::kRegency && above.tier() == Tier::kProvince) ||
                      (tier() == Tier::kProvince && above.tier() == Tier::kNational);
  return one_up && above.Covers(*this);
}

}  // namespace rujukan::ledger
