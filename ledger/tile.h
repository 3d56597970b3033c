// C2SP tlog-tiles: names and bytes of tiles and entry bundles. docs/formats/tree.md.
//   tile/<L>/<N>[.p/<W>]        hashes, 32 bytes each, 256 a full tile
//   tile/entries/<N>[.p/<W>]    entries, each behind a big-endian u16 length
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace rujukan::ledger {

inline constexpr uint64_t kTileWidth = 256;
inline constexpr uint32_t kTileHeight = 8;

struct TileId {
  uint32_t level = 0;  // 0..63, of hash tiles
  uint64_t number = 0;
  uint32_t width = kTileWidth;  // 1..256; 256: full

  auto operator<=>(const TileId&) const = default;
};

std::string TilePath(const TileId& id);     // "tile/0/x001/x234/067" or "tile/0/273.p/112"
std::string EntriesPath(const TileId& id);  // level ignored: "tile/entries/273.p/112"

enum class TileKind { kHashes, kEntries };
struct ParsedTilePath {
  TileKind kind;
  TileId id;
};
// Strict inverse of the two above. kInvalid for anything else (leading zeros, W of 0 or 256, level
// over 63).
Result<ParsedTilePath> ParseTilePath(std::string_view path);

// How wide tile `number` of `level` is in a tree of `size`: 0 (absent) to 256.
uint32_t TileWidthAt(uint32_t level, uint64_t number, TreeSize size);
// Every hash tile of a tree of `size`, partial ones included, lowest level first.
std::vector<TileId> AllTiles(TreeSize size);
// Every entry bundle of a tree of `size` (level is 0).
std::vector<TileId> AllBundles(TreeSize size);

void AppendToBundle(std::string_view entry, std::string& bundle);  // CHECK entry fits 65,535 bytes
// kCorrupt when lengths do not add up to exactly `width` entries.
Result<std::vector<std::string>> ParseBundle(std::string_view bundle, uint32_t width);

}  // namespace rujukan::ledger
