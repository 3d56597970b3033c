#include "ledger/archive_range.h"

#include <algorithm>
#include <bit>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "ledger/tile.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kPrefix = "entries-";
constexpr std::string_view kSuffix = ".rujukan-archive";
constexpr size_t kDigitsMin = 12;

std::string Padded(uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, kDigitsMin - std::min(kDigitsMin, digits.size()), '0');
  return digits;
}

tl::unexpected<Error> NotAName() {
  return Fail(Errc::kInvalid,
              "not the name of an archive file, as entries-000000000000-000000065535" +
                  std::string(kSuffix));
}

// With leading zeros, as in a name.
Result<uint64_t> ReadPadded(std::string_view digits) {
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  return first == digits.size() && !digits.empty() ? 0 : ParseDecimal(digits.substr(first));
}

}  // namespace

uint32_t ArchiveRange::Height() const {
  CHECK(std::has_single_bit(size()));
  return static_cast<uint32_t>(std::countr_zero(size()));
}

Result<void> CheckRange(const ArchiveRange& range) {
  if (range.end <= range.first || !std::has_single_bit(range.size()) || range.size() < kTileWidth ||
      range.size() > limits::kArchiveEntriesMax || range.first % range.size() != 0 ||
      range.end > limits::kAuditEntriesMax) {
    return Fail(Errc::kInvalid,
                "an archive file holds 256 to 65536 entries, a power of two, from a multiple of "
                "their number on; not " +
                    std::to_string(range.first) + " to " + std::to_string(range.end));
  }
  return {};
}

std::string ArchiveName(const ArchiveRange& range) {
  std::string name(kPrefix);
  name.append(Padded(range.first)).append("-").append(Padded(range.end - 1)).append(kSuffix);
  return name;
}

Result<ArchiveRange> ParseArchiveName(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix) ||
      name.size() < kPrefix.size() + kSuffix.size()) {
    return NotAName();
  }
  const std::string_view numbers =
      name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
  const size_t dash = numbers.find('-');
  if (dash == std::string_view::npos) {
    return NotAName();
  }
  const auto first = ReadPadded(numbers.substr(0, dash));
  const auto last = ReadPadded(numbers.substr(dash + 1));
  if (!first || !last || *last == UINT64_MAX) {
    return NotAName();
  }
  const ArchiveRange range{*first, *last + 1};
  if (!CheckRange(range) || ArchiveName(range) != name) {
    return NotAName();
  }
  return range;
}

std::string RangeText(const ArchiveRange& range) {
  return "entries " + std::to_string(range.first) + "-" + std::to_string(range.end - 1);
}

ArchiveRange NextArchiveRange(TreeSize from, TreeSize to, uint64_t entries_min) {
  CHECK(from % kTileWidth == 0);
  const uint64_t aligned =
      from == 0 ? limits::kArchiveEntriesMax
                : std::min(limits::kArchiveEntriesMax, uint64_t{1} << std::countr_zero(from));
  const uint64_t least = std::max(kTileWidth, std::min(entries_min, aligned));
  for (uint64_t size = aligned; size >= least; size /= 2) {
    if (from + size <= to) {
      return {from, from + size};
    }
  }
  return {from, from};
}

}  // namespace rujukan::ledger
