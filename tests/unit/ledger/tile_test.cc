// Goal: tiles and bundles have the names, widths and bytes of C2SP tlog-tiles, and nothing else
// passes for one. Method: the worked examples of the specification, paths good and bad, round
// trips.
#include "ledger/tile.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/ledger/vectors.h"

namespace rujukan::ledger {
namespace {

size_t CountOfLevel(const std::vector<TileId>& tiles, uint32_t level) {
  size_t count = 0;
  for (const TileId& tile : tiles) {
    count += tile.level == level ? 1U : 0U;
  }
  return count;
}

TileId LastOfLevel(const std::vector<TileId>& tiles, uint32_t level) {
  TileId last;
  for (const TileId& tile : tiles) {
    last = tile.level == level ? tile : last;
  }
  return last;
}

TEST(Tile, WorkedExamplesOfTheSpecification) {
  TreeSize size = 0;
  uint32_t level = 0;
  for (const auto& words : vectors::Words("c2sp-tlog-tiles/worked.txt")) {
    SCOPED_TRACE(words[0] + " " + words[1] + " in a tree of " + std::to_string(size));
    const std::vector<TileId> tiles = AllTiles(size);
    if (words[0] == "tiles") {
      EXPECT_EQ(CountOfLevel(tiles, level), std::stoull(words[1]));
      EXPECT_EQ(TilePath(LastOfLevel(tiles, level)), words[2]);
      ++level;
    } else if (words[0] == "bundles") {
      EXPECT_EQ(CountOfLevel(tiles, level), 0U) << "a level that should be empty";
      const std::vector<TileId> bundles = AllBundles(size);
      ASSERT_EQ(bundles.size(), std::stoull(words[1]));
      EXPECT_EQ(bundles.empty() ? "-" : EntriesPath(bundles.back()), words[2]);
    } else {
      size = std::stoull(words[1]);
      level = 0;
    }
  }
}

TEST(Tile, GoodPathsParseAndAreWrittenTheSameBadOnesAreRefused) {
  for (const auto& words : vectors::Words("c2sp-tlog-tiles/paths.txt")) {
    SCOPED_TRACE(words[1]);
    const auto parsed = ParseTilePath(words[1]);
    if (words[0] == "bad") {
      ASSERT_FALSE(parsed.has_value());
      EXPECT_EQ(parsed.error().code, Errc::kInvalid);
      continue;
    }
    ASSERT_TRUE(parsed.has_value());
    const bool entries = parsed->kind == TileKind::kEntries;
    EXPECT_EQ(entries ? EntriesPath(parsed->id) : TilePath(parsed->id), words[1]);
  }
}

TEST(Tile, PathPartsArriveWhereTheyBelong) {
  const auto parsed = ParseTilePath("tile/2/x001/x234/067.p/8");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->kind, TileKind::kHashes);
  EXPECT_EQ(parsed->id, (TileId{2, 1'234'067, 8}));
}

TEST(Tile, WidthAgreesWithTheListOfAllTiles) {
  for (const TreeSize size : {0ULL, 1ULL, 255ULL, 256ULL, 257ULL, 65535ULL, 65536ULL, 70000ULL}) {
    uint64_t listed = 0;
    for (const TileId& tile : AllTiles(size)) {
      EXPECT_EQ(TileWidthAt(tile.level, tile.number, size), tile.width);
      listed += tile.level == 0 ? tile.width : 0;
    }
    EXPECT_EQ(listed, size);
    EXPECT_EQ(TileWidthAt(0, size / kTileWidth + 1, size), 0U);
  }
}

TEST(Tile, HighLevelsAndNumbersOfATreeThatDoesNotReachThemAreAbsent) {
  EXPECT_EQ(TileWidthAt(8, 0, ~0ULL), 0U);
  EXPECT_EQ(TileWidthAt(63, 0, ~0ULL), 0U);
  EXPECT_EQ(TileWidthAt(0, ~0ULL, ~0ULL), 0U);
  EXPECT_EQ(TileWidthAt(7, 0, ~0ULL), 255U);
}

TEST(Bundle, EntriesComeBackFromTheirBundle) {
  const std::vector<std::string> entries = {"", "a", std::string(limits::kEntryBytesMax, 'b')};
  std::string bundle;
  for (const std::string& entry : entries) {
    AppendToBundle(entry, bundle);
  }
  EXPECT_EQ(bundle.substr(0, 5), std::string("\0\0\0\1a", 5));
  const auto parsed = ParseBundle(bundle, 3);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(*parsed, entries);
}

TEST(Bundle, LengthsThatDoNotAddUpAreCorrupt) {
  std::string bundle;
  AppendToBundle("abc", bundle);
  AppendToBundle("de", bundle);
  EXPECT_EQ(ParseBundle(bundle, 1).error().code, Errc::kCorrupt) << "bytes left over";
  EXPECT_EQ(ParseBundle(bundle, 3).error().code, Errc::kCorrupt) << "an entry missing";
  EXPECT_EQ(ParseBundle(bundle.substr(0, 8), 2).error().code, Errc::kCorrupt) << "cut in an entry";
  EXPECT_EQ(ParseBundle(bundle.substr(0, 6), 2).error().code, Errc::kCorrupt) << "cut in a length";
  EXPECT_EQ(ParseBundle("", 0xffffffff).error().code, Errc::kCorrupt);
  EXPECT_TRUE(ParseBundle("", 0).has_value());
}

TEST(BundleDeathTest, AnEntryOverTheLimitIsAProgrammersError) {
  std::string bundle;
  EXPECT_DEATH(AppendToBundle(std::string(limits::kEntryBytesMax + 1, 'x'), bundle), "CHECK");
}

}  // namespace
}  // namespace rujukan::ledger
