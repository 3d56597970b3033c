#include "ledger/tile.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"

namespace rujukan::ledger {
namespace {

constexpr std::string_view kRoot = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr uint32_t kLevelMax = 63;
constexpr uint32_t kLengthBytes = 2;

// Groups of three digits, all but the last behind an 'x': 1234067 is x001/x234/067.
std::string NumberPath(uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string path;
  for (size_t i = 0; i < digits.size(); i += 3) {
    const bool last = i + 3 == digits.size();
    path.append(last ? "" : "x").append(digits, i, 3).append(last ? "" : "/");
  }
  return path;
}

std::string PathIn(std::string_view folder, const TileId& id) {
  std::string path(kRoot);
  path.append(folder).append("/").append(NumberPath(id.number));
  if (id.width != kTileWidth) {
    path.append(".p/").append(std::to_string(id.width));
  }
  return path;
}

tl::unexpected<Error> NotATilePath() {
  return Fail(Errc::kInvalid, "not the path of a tile; see c2sp.org/tlog-tiles for the form");
}

// Reads loosely (any grouping that spells a number); the caller compares with the one true
// spelling.
Result<uint64_t> ReadNumber(std::string_view path) {
  std::string digits;
  for (const char c : path) {
    if (c >= '0' && c <= '9') {
      digits.push_back(c);
    } else if (c != 'x' && c != '/') {
      return NotATilePath();
    }
  }
  const size_t first = std::min(digits.find_first_not_of('0'), digits.size());
  return digits.empty() ? Result<uint64_t>(NotATilePath())
                        : ParseDecimal(first == digits.size() ? "0" : digits.substr(first));
}

Result<uint32_t> ReadSmall(std::string_view text, uint32_t min, uint32_t max) {
  ASSIGN_OR_RETURN(const uint64_t value, ParseDecimal(text));
  if (value < min || value > max) {
    return NotATilePath();
  }
  return static_cast<uint32_t>(value);
}

uint64_t HashesAt(uint32_t level, TreeSize size) {
  return level * kTileHeight >= 64 ? 0 : size >> (level * kTileHeight);
}

void AppendTilesOfLevel(uint32_t level, TreeSize size, std::vector<TileId>& tiles) {
  const uint64_t hashes = HashesAt(level, size);
  for (uint64_t number = 0; number < hashes / kTileWidth; ++number) {
    tiles.push_back({level, number, kTileWidth});
  }
  if (hashes % kTileWidth != 0) {
    tiles.push_back({level, hashes / kTileWidth, static_cast<uint32_t>(hashes % kTileWidth)});
  }
}

}  // namespace

std::string TilePath(const TileId& id) {
  return PathIn(std::to_string(id.level), id);
}

std::string EntriesPath(const TileId& id) {
  return PathIn(kEntries, id);
}

Result<ParsedTilePath> ParseTilePath(std::string_view path) {
  if (path.substr(0, kRoot.size()) != kRoot) {
    return NotATilePath();
  }
  std::string_view rest = path.substr(kRoot.size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view folder = rest.substr(0, slash);
  rest.remove_prefix(std::min(slash + 1, rest.size()));
  ParsedTilePath parsed{folder == kEntries ? TileKind::kEntries : TileKind::kHashes, {}};
  if (parsed.kind == TileKind::kHashes) {
    ASSIGN_OR_RETURN(parsed.id.level, ReadSmall(folder, 0, kLevelMax));
  }
  const size_t partial = rest.find(".p/");
  if (partial != std::string_view::npos) {
    ASSIGN_OR_RETURN(parsed.id.width, ReadSmall(rest.substr(partial + 3), 1, kTileWidth - 1));
  }
  ASSIGN_OR_RETURN(parsed.id.number, ReadNumber(rest.substr(0, partial)));
  const bool entries = parsed.kind == TileKind::kEntries;
  if ((entries ? EntriesPath(parsed.id) : TilePath(parsed.id)) != path) {
    return NotATilePath();  // right number, wrong spelling: one tile has one path
  }
  return parsed;
}

uint32_t TileWidthAt(uint32_t level, uint64_t number, TreeSize size) {
  const uint64_t hashes = HashesAt(level, size);
  if (number > hashes / kTileWidth) {
    return 0;
  }
  return static_cast<uint32_t>(std::min(kTileWidth, hashes - number * kTileWidth));
}

std::vector<TileId> AllTiles(TreeSize size) {
  std::vector<TileId> tiles;
  for (uint32_t level = 0; HashesAt(level, size) > 0; ++level) {
    AppendTilesOfLevel(level, size, tiles);
  }
  return tiles;
}

std::vector<TileId> AllBundles(TreeSize size) {
  std::vector<TileId> bundles;
  AppendTilesOfLevel(0, size, bundles);
  return bundles;
}

void AppendToBundle(std::string_view entry, std::string& bundle) {
  CHECK(entry.size() <= limits::kEntryBytesMax);
  AppendBigEndian16(static_cast<uint16_t>(entry.size()), bundle);
  bundle.append(entry);
}

Result<std::vector<std::string>> ParseBundle(std::string_view bundle, uint32_t width) {
  std::vector<std::string> entries;
  entries.reserve(std::min<size_t>(width, bundle.size() / kLengthBytes));
  for (uint32_t i = 0; i < width; ++i) {
    const size_t length = bundle.size() < kLengthBytes ? 0 : ReadBigEndian16(bundle);
    if (bundle.size() < kLengthBytes + length) {
      return Fail(Errc::kCorrupt,
                  "the entry bundle ends inside entry " + std::to_string(i) + " of " +
                      std::to_string(width));
    }
    entries.emplace_back(bundle.substr(kLengthBytes, length));
    bundle.remove_prefix(kLengthBytes + length);
  }
  if (!bundle.empty()) {
    return Fail(Errc::kCorrupt,
                "the entry bundle goes on after its " + std::to_string(width) + " entries");
  }
  return entries;
}

}  // namespace rujukan::ledger
