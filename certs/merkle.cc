#include "certs/merkle.h"

#include "base/check.h"
#include "certs/hash.h"

namespace rujukan::certs {
namespace {

using Level = std::vector<Digest>;

// The level above: pairs are hashed, a last one without a pair rises unchanged. That builds the
// tree of RFC 6962 (split at the largest power of two) from the bottom, without recursion.
Level Rise(std::span<const Digest> below) {
  Level above;
  above.reserve((below.size() + 1) / 2);
  for (size_t i = 0; i + 1 < below.size(); i += 2) {
    above.push_back(NodeHash(below[i], below[i + 1]));
  }
  if (below.size() % 2 == 1) {
    above.push_back(below.back());
  }
  return above;
}

}  // namespace

Digest LeafHash(std::string_view entry) {
  return Sha256({std::string_view("\0", 1), entry});
}

Digest NodeHash(const Digest& left, const Digest& right) {
  return Sha256({std::string_view("\1", 1), left.view(), right.view()});
}

Digest EmptyRoot() {
  return Sha256(std::string_view());
}

MerkleTree::MerkleTree(std::span<const Digest> leaves) : size_(leaves.size()) {
  levels_.emplace_back(leaves.begin(), leaves.end());
  while (levels_.back().size() > 1) {
    levels_.push_back(Rise(levels_.back()));
  }
}

Digest MerkleTree::Root() const {
  return size_ == 0 ? EmptyRoot() : levels_.back().front();
}

std::vector<Digest> MerkleTree::Path(uint64_t index) const {
  CHECK(index < size_);
  std::vector<Digest> path;
  for (const Level& level : levels_) {
    const uint64_t sibling = index ^ 1;
    if (sibling < level.size()) {
      path.push_back(level[sibling]);
    }
    index /= 2;
  }
  return path;
}

Digest MerkleRoot(std::span<const Digest> leaves) {
  if (leaves.empty()) {
    return EmptyRoot();
  }
  Level level(leaves.begin(), leaves.end());
  while (level.size() > 1) {
    level = Rise(level);
  }
  return level.front();
}

std::vector<Digest> MerklePath(std::span<const Digest> leaves, uint64_t index) {
  return MerkleTree(leaves).Path(index);
}

std::vector<std::vector<Digest>> MerklePaths(std::span<const Digest> leaves) {
  const MerkleTree tree(leaves);
  std::vector<std::vector<Digest>> paths;
  paths.reserve(leaves.size());
  for (uint64_t index = 0; index < leaves.size(); ++index) {
    paths.push_back(tree.Path(index));
  }
  return paths;
}

Result<Digest> RootFromPath(const Digest& leaf,
                            uint64_t index,
                            uint64_t size,
                            std::span<const Digest> path) {
  if (index >= size) {
    return Fail(Errc::kInvalid, "a path for a leaf beyond the end of its tree");
  }
  Digest root = leaf;
  uint64_t node = index;     // fn of RFC 9162 s2.1.3.2
  uint64_t last = size - 1;  // sn
  for (const Digest& sibling : path) {
    if (last == 0) {
      return Fail(Errc::kInvalid, "the inclusion path is too long for its place in the tree");
    }
    if (node % 2 == 1 || node == last) {
      root = NodeHash(sibling, root);
      while (node % 2 == 0 && node != 0) {  // skip the levels where this node had no pair
        node /= 2;
        last /= 2;
      }
    } else {
      root = NodeHash(root, sibling);
    }
    node /= 2;
    last /= 2;
  }
  if (last != 0) {
    return Fail(Errc::kInvalid, "the inclusion path is too short for its place in the tree");
  }
  return root;
}

}  // namespace rujukan::certs
