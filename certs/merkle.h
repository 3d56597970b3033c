// RFC 6962 s2.1 hashing, shared by batch signatures (here) and the ledger's tree (above).
//   leaf = SHA-256(0x00 || entry)    node = SHA-256(0x01 || left || right)    empty = SHA-256("")
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace rujukan::certs {

Digest LeafHash(std::string_view entry);
Digest NodeHash(const Digest& left, const Digest& right);
Digest EmptyRoot();

// A tree over a list of leaf hashes, held in memory with its inner nodes (64 bytes a leaf).
// Building hashes each node once, a path costs no hash at all.
class MerkleTree {
 public:
  explicit MerkleTree(std::span<const Digest> leaves);

  uint64_t size() const { return size_; }
  Digest Root() const;
  std::vector<Digest> Path(uint64_t index) const;  // CHECK index < size

 private:
  uint64_t size_ = 0;
  std::vector<std::vector<Digest>> levels_;  // leaves first; the root's is the last
};

// Root and inclusion path over a list of leaf hashes held in memory (a batch). O(n).
Digest MerkleRoot(std::span<const Digest> leaves);
std::vector<Digest> MerklePath(std::span<const Digest> leaves,
                               uint64_t index);  // CHECK index < size
// All paths of a batch at once, O(n log n).
std::vector<std::vector<Digest>> MerklePaths(std::span<const Digest> leaves);

// The root that `leaf` at `index` in a tree of `size` has under `path`: RFC 9162 s2.1.3.2. kInvalid
// when the path has the wrong length for that place. Compare the result with a root you trust.
Result<Digest> RootFromPath(const Digest& leaf,
                            uint64_t index,
                            uint64_t size,
                            std::span<const Digest> path);

}  // namespace rujukan::certs
