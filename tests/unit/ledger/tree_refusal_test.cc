// Goal: nothing false passes for a proof, and damaged tiles are noticed. Method: every proof of
// small trees with one thing changed; stores with a tile missing, cut or altered.
#include <gtest/gtest.h>

#include "ledger/tree.h"
#include "tests/unit/ledger/memory_tiles.h"
#include "tests/unit/ledger/reference_tree.h"

namespace rujukan::ledger {
namespace {

MemoryTiles TilesOf(std::span<const Digest> leaves) {
  Tree tree;
  for (const Digest& leaf : leaves) {
    tree.Append(leaf);
  }
  MemoryTiles tiles;
  tiles.Store(tree.TakeChangedTiles());
  return tiles;
}

Digest Altered(Digest digest) {
  digest.data()[31] ^= 1;
  return digest;
}

TEST(ProofRefusal, AnInclusionProofHoldsForNoOtherLeafIndexRootOrHash) {
  const std::vector<Digest> leaves = NumberedLeaves(20);
  ReferenceTree reference(leaves);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const Digest root = reference.Root(size);
    for (size_t index = 0; index < size; ++index) {
      auto proof = reference.Path(index, size);
      ASSERT_TRUE(VerifyInclusion(leaves[index], index, size, proof, root).has_value());
      EXPECT_EQ(VerifyInclusion(Altered(leaves[index]), index, size, proof, root).error().code,
                Errc::kCorrupt);
      EXPECT_EQ(VerifyInclusion(leaves[index], index, size, proof, Altered(root)).error().code,
                Errc::kCorrupt);
      for (size_t other = 0; other < size; ++other) {
        ASSERT_EQ(VerifyInclusion(leaves[index], other, size, proof, root).has_value(),
                  other == index);
      }
      for (Digest& hash : proof) {
        hash = Altered(hash);
        EXPECT_FALSE(VerifyInclusion(leaves[index], index, size, proof, root).has_value());
        hash = Altered(hash);
      }
    }
  }
}

TEST(ProofRefusal, AnInclusionProofOfTheWrongLengthIsInvalid) {
  const std::vector<Digest> leaves = NumberedLeaves(11);
  const Digest root = ReferenceTree(leaves).Root(leaves.size());
  auto proof = ReferenceTree(leaves).Path(4, leaves.size());
  proof.push_back(root);
  EXPECT_EQ(VerifyInclusion(leaves[4], 4, 11, proof, root).error().code, Errc::kInvalid);
  proof.resize(proof.size() - 2);
  EXPECT_EQ(VerifyInclusion(leaves[4], 4, 11, proof, root).error().code, Errc::kInvalid);
  EXPECT_EQ(VerifyInclusion(leaves[4], 11, 11, {}, root).error().code, Errc::kInvalid);
  EXPECT_EQ(VerifyInclusion(leaves[0], 0, 0, {}, EmptyRoot()).error().code, Errc::kInvalid);
}

TEST(ProofRefusal, ConsistencyFromSizeZeroProvesNothingAndIsInvalid) {
  const std::vector<Digest> leaves = NumberedLeaves(5);
  const Digest root = ReferenceTree(leaves).Root(leaves.size());
  const MemoryTiles tiles = TilesOf(leaves);
  EXPECT_EQ(ConsistencyProof(0, 5, tiles).error().code, Errc::kInvalid);
  EXPECT_EQ(ConsistencyProof(6, 5, tiles).error().code, Errc::kInvalid);
  EXPECT_EQ(VerifyConsistency(0, EmptyRoot(), 5, root, {}).error().code, Errc::kInvalid);
  EXPECT_EQ(VerifyConsistency(0, EmptyRoot(), 0, EmptyRoot(), {}).error().code, Errc::kInvalid);
  EXPECT_EQ(VerifyConsistency(6, root, 5, root, {}).error().code, Errc::kInvalid);
}

TEST(ProofRefusal, EqualSizesNeedEqualRootsAndAnEmptyProof) {
  const std::vector<Digest> leaves = NumberedLeaves(6);
  const Digest root = ReferenceTree(leaves).Root(leaves.size());
  EXPECT_TRUE(VerifyConsistency(6, root, 6, root, {}).has_value());
  EXPECT_EQ(VerifyConsistency(6, root, 6, Altered(root), {}).error().code, Errc::kCorrupt);
  EXPECT_EQ(VerifyConsistency(6, root, 6, root, {root}).error().code, Errc::kInvalid);
  EXPECT_EQ(VerifyConsistency(5, root, 6, root, {}).error().code, Errc::kInvalid);
}

TEST(ProofRefusal, AConsistencyProofWithAnythingChangedFails) {
  const std::vector<Digest> leaves = NumberedLeaves(20);
  ReferenceTree reference(leaves);
  for (size_t to = 2; to <= leaves.size(); ++to) {
    for (size_t from = 1; from < to; ++from) {
      const Digest old_root = reference.Root(from);
      const Digest root = reference.Root(to);
      auto proof = reference.Consistency(from, to);
      for (Digest& hash : proof) {
        hash = Altered(hash);
        ASSERT_FALSE(VerifyConsistency(from, old_root, to, root, proof).has_value());
        hash = Altered(hash);
      }
      proof.push_back(root);
      ASSERT_EQ(VerifyConsistency(from, old_root, to, root, proof).error().code, Errc::kInvalid);
      proof.resize(proof.size() - 2);
      ASSERT_FALSE(VerifyConsistency(from, old_root, to, root, proof).has_value());
    }
  }
}

TEST(ProofRefusal, AnIndexOutsideTheTreeIsInvalid) {
  const MemoryTiles tiles = TilesOf(NumberedLeaves(5));
  EXPECT_EQ(InclusionProof(5, 5, tiles).error().code, Errc::kInvalid);
  EXPECT_EQ(InclusionProof(0, 0, tiles).error().code, Errc::kInvalid);
  EXPECT_EQ(Tree().InclusionProof(0, tiles).error().code, Errc::kInvalid);
}

TEST(DamagedTiles, AMissingTileIsReportedAsTheReaderSays) {
  MemoryTiles tiles = TilesOf(NumberedLeaves(600));
  tiles.rows.erase({1, 0});
  EXPECT_EQ(Tree::Load(600, tiles).error().code, Errc::kNotFound);
  EXPECT_EQ(RootAt(600, tiles).error().code, Errc::kNotFound);
  EXPECT_EQ(InclusionProof(3, 600, tiles).error().code, Errc::kNotFound);
}

TEST(DamagedTiles, AFullTileThatTheLevelAboveDoesNotNameIsCorrupt) {
  MemoryTiles tiles = TilesOf(NumberedLeaves(600));
  tiles.rows[{0, 1}][77] ^= 1;
  EXPECT_EQ(Tree::Load(600, tiles).error().code, Errc::kCorrupt);
}

// A reader that hands out one hash less than asked.
class ShortTiles : public TileReader {
 public:
  explicit ShortTiles(const MemoryTiles& tiles) : tiles_(tiles) {}
  Result<std::string> ReadTile(const TileId& id) const override {
    ASSIGN_OR_RETURN(const std::string bytes, tiles_.ReadTile(id));
    return bytes.substr(0, (id.width - 1) * Digest::kSize);
  }

 private:
  const MemoryTiles& tiles_;
};

TEST(DamagedTiles, ATileThatIsTooShortIsCorrupt) {
  const MemoryTiles tiles = TilesOf(NumberedLeaves(300));
  EXPECT_EQ(Tree::Load(300, ShortTiles(tiles)).error().code, Errc::kCorrupt);
  EXPECT_EQ(ConsistencyProof(7, 300, ShortTiles(tiles)).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace rujukan::ledger
