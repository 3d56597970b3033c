// Goal: roots and paths are RFC 6962's.
// Method: the certificate-transparency reference inputs and roots; then, for all sizes to 65, a
// short recursive reference written straight from the RFC; then every way to bend a path.
#include "certs/merkle.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

// google/certificate-transparency, merkletree test vectors.
const std::vector<std::string> kInputs = {"",
                                          "00",
                                          "10",
                                          "2021",
                                          "3031",
                                          "40414243",
                                          "5051525354555657",
                                          "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

using Leaves = std::vector<Digest>;

Leaves NumberedLeaves(size_t count) {
  Leaves leaves;
  for (size_t i = 0; i < count; ++i) {
    leaves.push_back(LeafHash("entry " + std::to_string(i)));
  }
  return leaves;
}

size_t Split(size_t size) {
  size_t split = 1;
  while (split * 2 < size) {
    split *= 2;
  }
  return split;
}

// RFC 6962 s2.1, word for word.
Digest ReferenceRoot(std::span<const Digest> leaves) {  // NOLINT(misc-no-recursion): the point
  if (leaves.size() == 1) {
    return leaves[0];
  }
  const size_t k = Split(leaves.size());
  return NodeHash(ReferenceRoot(leaves.first(k)), ReferenceRoot(leaves.subspan(k)));
}

// RFC 6962 s2.1.1.
Leaves ReferencePath(std::span<const Digest> leaves, size_t index) {  // NOLINT(misc-no-recursion)
  if (leaves.size() == 1) {
    return {};
  }
  const size_t k = Split(leaves.size());
  const bool left = index < k;
  Leaves path =
      left ? ReferencePath(leaves.first(k), index) : ReferencePath(leaves.subspan(k), index - k);
  path.push_back(ReferenceRoot(left ? leaves.subspan(k) : leaves.first(k)));
  return path;
}

TEST(Merkle, RootsOfZeroToEightLeavesAreThePublishedOnes) {
  Leaves leaves;
  EXPECT_EQ(ToHex(EmptyRoot().view()), kRoots[0]);
  for (size_t size = 0; size < kRoots.size(); ++size) {
    EXPECT_EQ(ToHex(MerkleRoot(leaves).view()), kRoots[size]) << size;
    if (size < kInputs.size()) {
      leaves.push_back(LeafHash(FromHex(kInputs[size]).value()));
    }
  }
}

TEST(Merkle, EverySizeAgreesWithTheRecursiveReference) {
  for (size_t size = 1; size <= 65; ++size) {
    const Leaves leaves = NumberedLeaves(size);
    const Digest root = ReferenceRoot(leaves);
    ASSERT_EQ(MerkleRoot(leaves), root) << size;
    const auto paths = MerklePaths(leaves);
    ASSERT_EQ(paths.size(), size);
    for (size_t index = 0; index < size; ++index) {
      ASSERT_EQ(paths[index], ReferencePath(leaves, index)) << index << " of " << size;
      ASSERT_EQ(paths[index], MerklePath(leaves, index));
      ASSERT_EQ(RootFromPath(leaves[index], index, size, paths[index]).value(), root);
    }
  }
}

TEST(Merkle, APathOfTheWrongLengthIsInvalidEverywhere) {
  for (size_t size = 1; size <= 20; ++size) {
    const Leaves leaves = NumberedLeaves(size);
    for (size_t index = 0; index < size; ++index) {
      Leaves path = MerklePath(leaves, index);
      path.push_back(leaves[0]);
      EXPECT_EQ(RootFromPath(leaves[index], index, size, path).error().code, Errc::kInvalid);
      path.pop_back();
      if (!path.empty()) {
        path.pop_back();
        EXPECT_EQ(RootFromPath(leaves[index], index, size, path).error().code, Errc::kInvalid);
      }
    }
  }
}

TEST(Merkle, APathProvesOnlyItsOwnLeafAndPlace) {
  const Leaves leaves = NumberedLeaves(8);
  const Digest root = MerkleRoot(leaves);
  const Leaves path = MerklePath(leaves, 5);
  EXPECT_NE(RootFromPath(leaves[4], 5, 8, path).value(), root);
  EXPECT_NE(RootFromPath(leaves[5], 4, 8, path).value(), root);
  Leaves bent = path;
  bent[1].data()[0] ^= 1;
  EXPECT_NE(RootFromPath(leaves[5], 5, 8, bent).value(), root);
}

TEST(Merkle, APlaceBeyondTheTreeIsInvalid) {
  EXPECT_EQ(RootFromPath(LeafHash("a"), 1, 1, {}).error().code, Errc::kInvalid);
  EXPECT_EQ(RootFromPath(LeafHash("a"), 0, 0, {}).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::certs
