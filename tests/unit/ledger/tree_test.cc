// Goal: roots and proofs are those of RFC 6962, however the tree came about (appended, recovered
// from tiles, read from tiles alone), and right after a batch a proof reads no tile. Method:
// published roots and proofs, a recursive reference for all sizes to 300, incremental against
// stored for all to 600.
#include "ledger/tree.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "tests/unit/ledger/memory_tiles.h"
#include "tests/unit/ledger/reference_tree.h"
#include "tests/unit/ledger/vectors.h"

namespace rujukan::ledger {
namespace {

// A tree and the store its tiles go to, as in the broker.
struct Stored {
  Tree tree;
  MemoryTiles tiles;

  void Append(std::span<const Digest> leaves) {
    for (const Digest& leaf : leaves) {
      tree.Append(leaf);
    }
    tiles.Store(tree.TakeChangedTiles());
  }
};

std::vector<Digest> PublishedLeaves() {
  std::vector<Digest> leaves;
  for (const auto& words : vectors::Words("rfc6962/leaves.txt")) {
    leaves.push_back(LeafHash(words[0] == "-" ? "" : *FromHex(words[0])));
  }
  return leaves;
}

std::vector<Digest> HashesFrom(const std::vector<std::string>& words, size_t first) {
  std::vector<Digest> hashes;
  for (size_t i = first; i < words.size(); ++i) {
    hashes.push_back(*Digest::FromBytes(*FromHex(words[i])));
  }
  return hashes;
}

TEST(Tree, PublishedRootsOfZeroToEightLeaves) {
  const std::vector<Digest> leaves = PublishedLeaves();
  const auto roots = vectors::Words("rfc6962/roots.txt");
  ASSERT_EQ(roots.size(), 9U);
  Tree tree;
  for (size_t size = 0; size <= 8; ++size) {
    EXPECT_EQ(ToHex(tree.Root().view()), roots[size][0]) << "size " << size;
    if (size < 8) {
      tree.Append(leaves[size]);
    }
  }
}

TEST(Tree, PublishedInclusionProofs) {
  Stored stored;
  const std::vector<Digest> leaves = PublishedLeaves();
  stored.Append(leaves);
  for (const auto& words : vectors::Words("rfc6962/inclusion.txt")) {
    const uint64_t index = std::stoull(words[0]);
    const uint64_t size = std::stoull(words[1]);
    const std::vector<Digest> expected = HashesFrom(words, 2);
    EXPECT_EQ(*InclusionProof(index, size, stored.tiles), expected) << index << " in " << size;
    const Digest root = *RootAt(size, stored.tiles);
    EXPECT_TRUE(VerifyInclusion(leaves[index], index, size, expected, root).has_value());
  }
}

TEST(Tree, PublishedConsistencyProofs) {
  Stored stored;
  stored.Append(PublishedLeaves());
  for (const auto& words : vectors::Words("rfc6962/consistency.txt")) {
    const uint64_t from = std::stoull(words[0]);
    const uint64_t to = std::stoull(words[1]);
    const std::vector<Digest> expected = HashesFrom(words, 2);
    EXPECT_EQ(*ConsistencyProof(from, to, stored.tiles), expected) << from << " to " << to;
    const Digest old_root = *RootAt(from, stored.tiles);
    const Digest new_root = *RootAt(to, stored.tiles);
    EXPECT_TRUE(VerifyConsistency(from, old_root, to, new_root, expected).has_value());
  }
}

TEST(Tree, EveryInclusionProofTo300EqualsTheReference) {
  const std::vector<Digest> leaves = NumberedLeaves(300);
  ReferenceTree reference(leaves);
  Stored stored;
  for (size_t size = 1; size <= leaves.size(); ++size) {
    stored.Append(std::span(leaves).subspan(size - 1, 1));
    const Digest root = reference.Root(size);
    ASSERT_EQ(stored.tree.Root(), root);
    ASSERT_EQ(*RootAt(size, stored.tiles), root);
    for (size_t index = 0; index < size; ++index) {
      const std::vector<Digest> path = reference.Path(index, size);
      ASSERT_EQ(*stored.tree.InclusionProof(index, stored.tiles), path) << index << "/" << size;
      ASSERT_TRUE(VerifyInclusion(leaves[index], index, size, path, root).has_value());
    }
  }
}

TEST(Tree, ProofsFromTilesAloneEqualTheReferenceAtAllSizesTo300) {
  const std::vector<Digest> leaves = NumberedLeaves(300);
  ReferenceTree reference(leaves);
  Stored stored;  // the tiles of 300 entries answer for every smaller ledger, too
  stored.Append(leaves);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    ASSERT_EQ(*RootAt(size, stored.tiles), reference.Root(size));
    for (size_t index = size % 11; index < size; index += 11) {
      ASSERT_EQ(*InclusionProof(index, size, stored.tiles), reference.Path(index, size));
    }
  }
}

TEST(Tree, EveryConsistencyProofTo300EqualsTheReference) {
  const std::vector<Digest> leaves = NumberedLeaves(300);
  ReferenceTree reference(leaves);
  Stored stored;
  stored.Append(leaves);
  for (size_t to = 1; to <= leaves.size(); ++to) {
    const Digest root = reference.Root(to);
    for (size_t from = 1; from <= to; ++from) {
      const std::vector<Digest> proof = reference.Consistency(from, to);
      ASSERT_TRUE(VerifyConsistency(from, reference.Root(from), to, root, proof).has_value());
      ASSERT_FALSE(VerifyConsistency(from, reference.Root(from - 1), to, root, proof).has_value());
      if (to <= 64 || from % 11 == to % 11) {  // each costs hashing a tile of 256
        ASSERT_EQ(*ConsistencyProof(from, to, stored.tiles), proof) << from << " to " << to;
      }
    }
  }
}

TEST(Tree, RecoveredFromTilesEqualsTheOneThatWasAppendedAtAllSizesTo600) {
  const std::vector<Digest> leaves = NumberedLeaves(601);
  Stored stored;
  for (size_t size = 0; size < leaves.size(); ++size) {
    auto loaded = Tree::Load(size, stored.tiles);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().ToString();
    ASSERT_EQ(loaded->size(), size);
    ASSERT_EQ(loaded->Root(), stored.tree.Root()) << "size " << size;
    ASSERT_TRUE(loaded->TakeChangedTiles().empty());
    stored.tree.Append(leaves[size]);
    loaded->Append(leaves[size]);
    const auto changed = stored.tree.TakeChangedTiles();
    ASSERT_EQ(loaded->TakeChangedTiles(), changed) << "size " << size;
    stored.tiles.Store(changed);
  }
}

TEST(Tree, RecoveredFromTilesEqualsTheOneThatWasAppendedAroundTwoFullLevels) {
  const std::vector<Digest> leaves = NumberedLeaves(66'000);
  ReferenceTree reference(leaves);
  Stored stored;
  size_t size = 0;
  for (const size_t next : {65'279U, 65'280U, 65'535U, 65'536U, 65'537U, 65'792U, 66'000U}) {
    stored.Append(std::span(leaves).subspan(size, next - size));
    size = next;
    auto loaded = Tree::Load(size, stored.tiles);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().ToString();
    const Digest root = reference.Root(size);
    EXPECT_EQ(stored.tree.Root(), root);
    EXPECT_EQ(loaded->Root(), root);
    for (const size_t index :
         {size_t{0}, size_t{255}, size_t{256}, size / 2, size - 257, size - 1}) {
      const auto proof = loaded->InclusionProof(index, stored.tiles);
      ASSERT_TRUE(proof.has_value());
      EXPECT_EQ(*proof, *stored.tree.InclusionProof(index, stored.tiles));
      EXPECT_EQ(*proof, *InclusionProof(index, size, stored.tiles));
      EXPECT_TRUE(VerifyInclusion(leaves[index], index, size, *proof, root).has_value());
    }
  }
}

TEST(Tree, ProofsRightAfterALargeCommitReadNoTile) {
  const std::vector<Digest> leaves = NumberedLeaves(70'000);
  const MemoryTiles none;
  Tree tree;
  size_t size = 0;
  for (const size_t batch : {1U, 300U, 65'000U, 1024U, 1024U, 1U, 1024U}) {
    for (size_t i = 0; i < batch; ++i) {
      tree.Append(leaves[size++]);
    }
    const size_t recent = std::min<size_t>(batch, limits::kCommitEntriesMax);
    for (size_t index = size - recent; index < size; ++index) {
      const auto proof = tree.InclusionProof(index, none);
      ASSERT_TRUE(proof.has_value()) << proof.error().ToString();
      ASSERT_TRUE(VerifyInclusion(leaves[index], index, size, *proof, tree.Root()).has_value());
    }
  }
  EXPECT_EQ(none.reads, 0);
}

TEST(Tree, ChangedTilesAreExactlyTheOnesThatGrew) {
  const std::vector<Digest> leaves = NumberedLeaves(260);
  Tree tree;
  for (size_t i = 0; i < 255; ++i) {
    tree.Append(leaves[i]);
  }
  auto changed = tree.TakeChangedTiles();
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].first, (TileId{0, 0, 255}));
  EXPECT_EQ(changed[0].second.size(), 255U * 32);
  EXPECT_TRUE(tree.TakeChangedTiles().empty());

  tree.Append(leaves[255]);
  tree.Append(leaves[256]);
  changed = tree.TakeChangedTiles();
  ASSERT_EQ(changed.size(), 3U);
  EXPECT_EQ(changed[0].first, (TileId{0, 0, 256}));
  EXPECT_EQ(changed[1].first, (TileId{0, 1, 1}));
  EXPECT_EQ(changed[1].second, leaves[256].view());
  EXPECT_EQ(changed[2].first, (TileId{1, 0, 1}));
  EXPECT_EQ(changed[2].second, ReferenceTree(leaves).Root(256).view());
}

TEST(Tree, TilesOfOneLargeAppendAreAllKeptUntilTaken) {
  const size_t size = 70'000;
  Stored stored;
  stored.Append(NumberedLeaves(size));
  for (const TileId& id : AllTiles(size)) {
    const auto row = stored.tiles.rows.find({id.level, id.number});
    ASSERT_NE(row, stored.tiles.rows.end()) << TilePath(id);
    EXPECT_EQ(row->second.size(), id.width * 32U) << TilePath(id);
  }
  EXPECT_EQ(stored.tiles.rows.size(), AllTiles(size).size());
}

}  // namespace
}  // namespace rujukan::ledger
