// Goal: a scoped bundle says of every leaf whether it is an entry or a hash, and cannot be read in
// two ways. Method: bundles put together by hand; the shared fuzz property is in tests/fuzz.
#include "ledger/scoped_bundle.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/tree.h"

namespace rujukan::ledger {
namespace {

TEST(ScopedBundle, EntriesAndHashesComeBackInTheirPlaces) {
  std::string bundle;
  AppendToBundle("satu", bundle);
  AppendWithheld(LeafHash("dua"), bundle);
  AppendToBundle("tiga", bundle);
  const auto leaves = ParseScopedBundle(bundle, 3);
  ASSERT_TRUE(leaves) << leaves.error().ToString();
  EXPECT_EQ((*leaves)[0].entry, "satu");
  EXPECT_FALSE((*leaves)[0].withheld);
  EXPECT_EQ((*leaves)[1].entry, "");
  EXPECT_EQ((*leaves)[1].Hash(), LeafHash("dua"));
  EXPECT_EQ((*leaves)[2].Hash(), LeafHash("tiga"));
}

TEST(ScopedBundle, WithNothingWithheldItIsThePlainBundle) {
  std::string bundle;
  AppendToBundle("satu", bundle);
  AppendToBundle(std::string(limits::kEntryBytesMax, 'e'), bundle);
  const auto leaves = ParseScopedBundle(bundle, 2);
  ASSERT_TRUE(leaves);
  const auto entries = ParseBundle(bundle, 2);
  ASSERT_TRUE(entries);
  EXPECT_EQ((*leaves)[1].entry, (*entries)[1]);
}

TEST(ScopedBundle, AMissingByteOneTooManyOrAWrongWidthIsCorrupt) {
  std::string bundle;
  AppendToBundle("satu", bundle);
  AppendWithheld(LeafHash("dua"), bundle);
  EXPECT_EQ(ParseScopedBundle(bundle + "x", 2).error().code, Errc::kCorrupt);
  EXPECT_EQ(ParseScopedBundle(bundle, 1).error().code, Errc::kCorrupt);
  EXPECT_EQ(ParseScopedBundle(bundle, 3).error().code, Errc::kCorrupt);
  bundle.pop_back();
  EXPECT_EQ(ParseScopedBundle(bundle, 2).error().code, Errc::kCorrupt);
  EXPECT_EQ(SalvageScopedBundle(bundle, 2).size(), 1u);
  EXPECT_EQ(SalvageScopedBundle("", 2).size(), 0u);
}

TEST(ScopedBundle, OneBundleHasOnePath) {
  const TileId partial{0, 1234067, 112};
  EXPECT_EQ(ScopedEntriesPath(partial), "scoped/entries/x001/x234/067.p/112");
  const auto parsed = ParseScopedEntriesPath("scoped/entries/x001/x234/067.p/112");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, partial);
  for (const char* path : {"tile/entries/000",
                           "scoped/0/000",
                           "scoped/entries/0",
                           "scoped/entries/000.p/256",
                           "scoped/entries/../000",
                           "scoped/",
                           ""}) {
    EXPECT_EQ(ParseScopedEntriesPath(path).error().code, Errc::kInvalid) << path;
  }
}

}  // namespace
}  // namespace rujukan::ledger
