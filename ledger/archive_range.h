// Which entries one archive file holds, and how it is named. docs/formats/archive.md.
//
// A range is one complete subtree of the ledger's tree: 2^8 to 2^16 entries, aligned to its own
// length. So a file has one root of its own, it never overlaps another half way, and its place in
// the tree is one path. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace rujukan::ledger {

struct ArchiveRange {
  LogIndex first = 0;
  TreeSize end = 0;  // behind the last

  uint64_t size() const { return end - first; }
  bool Holds(LogIndex index) const { return index >= first && index < end; }
  uint32_t Height() const;  // of its node in the tree: 8 to 16. Requires: CheckRange

  auto operator<=>(const ArchiveRange&) const = default;
};

// kInvalid: not a range an archive file may hold.
Result<void> CheckRange(const ArchiveRange& range);

// "entries-000000065536-000000131071.rujukan-archive": first and last, so that a listing is in
// order.
std::string ArchiveName(const ArchiveRange& range);
// Strict inverse. kInvalid for anything else.
Result<ArchiveRange> ParseArchiveName(std::string_view name);
// For people: "entries 65536-131071".
std::string RangeText(const ArchiveRange& range);

// The next range behind `from` (a multiple of 256) that ends at or before `to`: the largest that
// alignment allows. It has fewer than `entries_min` (a power of two) only where alignment forces
// it; size 0: there is none yet.
ArchiveRange NextArchiveRange(TreeSize from, TreeSize to, uint64_t entries_min);

}  // namespace rujukan::ledger
