// The Merkle tree of RFC 6962 s2.1 as the RFC writes it: recursive and plain, with a memo of roots
// so that every proof of every size can be asked for. What the tree of the ledger is compared with.
// Hashing alone is shared with the code under test; published roots vouch for it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "certs/merkle.h"

namespace rujukan::ledger {

class ReferenceTree {
 public:
  explicit ReferenceTree(std::vector<Digest> leaves) : leaves_(std::move(leaves)) {}

  Digest Root(size_t size) { return size == 0 ? certs::EmptyRoot() : RootOf(0, size); }
  std::vector<Digest> Path(size_t index, size_t size) { return PathIn(index, 0, size); }
  std::vector<Digest> Consistency(size_t old_size, size_t size) {
    return SubProof(old_size, 0, size, /*whole=*/true);
  }

 private:
  // The middle of D[begin:end]: begin plus the largest power of two smaller than its length.
  static size_t Split(size_t begin, size_t end) {
    size_t split = 1;
    while (split * 2 < end - begin) {
      split *= 2;
    }
    return begin + split;
  }

  // MTH(D[begin:end]). NOLINTNEXTLINE(misc-no-recursion): the recursion is the definition.
  Digest RootOf(size_t begin, size_t end) {
    if (end - begin == 1) {
      return leaves_[begin];
    }
    const auto known = roots_.find({begin, end});
    if (known != roots_.end()) {
      return known->second;
    }
    const size_t split = Split(begin, end);
    const Digest root = certs::NodeHash(RootOf(begin, split), RootOf(split, end));
    roots_[{begin, end}] = root;
    return root;
  }

  // PATH(index, D[begin:end]) of s2.1.1. NOLINTNEXTLINE(misc-no-recursion)
  std::vector<Digest> PathIn(size_t index, size_t begin, size_t end) {
    if (end - begin == 1) {
      return {};
    }
    const size_t split = Split(begin, end);
    const bool left = index < split;
    auto path = left ? PathIn(index, begin, split) : PathIn(index, split, end);
    path.push_back(left ? RootOf(split, end) : RootOf(begin, split));
    return path;
  }

  // SUBPROOF(old_end - begin, D[begin:end], whole) of s2.1.2. NOLINTNEXTLINE(misc-no-recursion)
  std::vector<Digest> SubProof(size_t old_end, size_t begin, size_t end, bool whole) {
    if (old_end == end) {
      return whole ? std::vector<Digest>{} : std::vector<Digest>{RootOf(begin, end)};
    }
    const size_t split = Split(begin, end);
    const bool left = old_end <= split;
    auto proof = left ? SubProof(old_end, begin, split, whole)
                      : SubProof(old_end, split, end, /*whole=*/false);
    proof.push_back(left ? RootOf(split, end) : RootOf(begin, split));
    return proof;
  }

  std::vector<Digest> leaves_;
  std::map<std::pair<size_t, size_t>, Digest> roots_;
};

// Leaves 0..count-1: the hash of each number's decimal digits.
inline std::vector<Digest> NumberedLeaves(size_t count) {
  std::vector<Digest> leaves;
  leaves.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    leaves.push_back(certs::LeafHash(std::to_string(i)));
  }
  return leaves;
}

}  // namespace rujukan::ledger
