// The ledger's Merkle tree (RFC 6962 s2.1): appending, roots and proofs. Pure: stored hashes come
// from a TileReader, new hashes leave as tiles to be stored. docs/formats/tree.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "certs/merkle.h"
#include "ledger/tile.h"

namespace rujukan::ledger {

using certs::EmptyRoot;
using certs::LeafHash;
using certs::NodeHash;

// Where full and partial tiles are read from. Returns the tile's bytes: at least `width` hashes of
// 32 bytes (a wider tile serves a narrower request). kNotFound when absent, kFatal on I/O errors.
class TileReader {
 public:
  virtual ~TileReader() = default;
  virtual Result<std::string> ReadTile(const TileId& id) const = 0;
};

// An append-only tree that keeps only its right edge in memory: of each level the last tiles with
// their inner nodes (16 KiB each), at level 0 as many as one group commit can touch. What was
// appended since TakeChangedTiles is kept until taken, so whoever appends without storing must
// take, too. Thread: one owner; const functions fill a memo, so they too belong to the owner.
class Tree {
 public:
  Tree();  // empty
  ~Tree();
  Tree(Tree&&) noexcept;
  Tree& operator=(Tree&&) noexcept;

  // Recovers the right edge of a tree of `size` from stored tiles. kCorrupt when tiles contradict
  // each other or are too short; errors of the reader as they are.
  static Result<Tree> Load(TreeSize size, const TileReader& tiles);

  void Append(const Digest& leaf);
  TreeSize size() const;
  Digest Root() const;

  // The tiles whose content changed since the last call, each with all the hashes it now has,
  // ordered by level and number (partial tiles are named by their width; a store may keep one row a
  // tile and overwrite it as it grows). The caller persists them in the same batch as the entries.
  std::vector<std::pair<TileId, std::string>> TakeChangedTiles();

  // Proof that `index` is in the tree of the present size. Uses the edge in memory and `tiles` for
  // what has left it; right after appending up to limits::kCommitEntriesMax leaves it costs no read
  // and, but for the first proof of a size, no hashing. kInvalid when index is not below the size.
  Result<std::vector<Digest>> InclusionProof(LogIndex index, const TileReader& tiles) const;

 private:
  struct Edge;
  std::unique_ptr<Edge> edge_;
};

// Proofs from stored tiles alone, for any size the ledger has had.
Result<Digest> RootAt(TreeSize size, const TileReader& tiles);
Result<std::vector<Digest>> InclusionProof(LogIndex index, TreeSize size, const TileReader& tiles);
// m -> n with 0 < m <= n (kInvalid otherwise): RFC 6962 s2.1.2.
Result<std::vector<Digest>> ConsistencyProof(TreeSize old_size,
                                             TreeSize new_size,
                                             const TileReader& tiles);

// Verifiers: RFC 9162 s2.1.3.2 and s2.1.4.2. kCorrupt when the proof does not lead to the root,
// kInvalid when it has the wrong shape. Consistency from size 0 is kInvalid: it proves nothing.
Result<void> VerifyInclusion(const Digest& leaf,
                             LogIndex index,
                             TreeSize size,
                             const std::vector<Digest>& proof,
                             const Digest& root);
Result<void> VerifyConsistency(TreeSize old_size,
                               const Digest& old_root,
                               TreeSize new_size,
                               const Digest& new_root,
                               const std::vector<Digest>& proof);

}  // namespace rujukan::ledger
