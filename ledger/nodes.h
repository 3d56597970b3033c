// Nodes of the tree by place, and the two walks every root and proof is made of.
//
// Node (height h, index k) is the root over leaves [k * 2^h, (k + 1) * 2^h). Only complete nodes
// have a place; the incomplete ones of a tree of n leaves all lie above its last leaf: they are its
// frontier.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/pyramid.h"
#include "ledger/tree.h"

namespace rujukan::ledger {

class NodeSource {
 public:
  virtual ~NodeSource() = default;
  // Requires: the node is complete in the tree the source speaks for.
  virtual Result<Digest> Node(uint32_t height, uint64_t index) = 0;
};

// Where a node lies: which tile, and which node of that tile's pyramid.
struct NodePlace {
  uint32_t level;
  uint64_t number;
  uint32_t height;  // 0..7
  uint64_t index;
};
NodePlace PlaceOfNode(uint32_t height, uint64_t index);

// Nodes of a tree of `size` out of stored tiles; each tile is read and hashed once. `tiles` must
// outlive it. Errors are the reader's, and kCorrupt for a tile that is too short.
class StoredNodes : public NodeSource {
 public:
  StoredNodes(TreeSize size, const TileReader& tiles) : size_(size), tiles_(tiles) {}
  Result<Digest> Node(uint32_t height, uint64_t index) override;

 private:
  Result<const TilePyramid*> Tile(uint32_t level, uint64_t number);

  TreeSize size_;
  const TileReader& tiles_;
  std::map<std::pair<uint32_t, uint64_t>, TilePyramid> read_;
};

// The path from the last leaf to the root, for one size.
//   edge[h]: hash over the last leaves, from the h-node that holds the last leaf, complete or not
//   left[h]: its sibling to the left, where bit h of (size - 1) is set
// Every right-edge hash any proof of this size needs is in here.
struct Frontier {
  TreeSize size = 0;
  std::array<Digest, 65> edge;
  std::array<Digest, 64> left;

  const Digest& Root() const { return edge[64]; }
};
Result<Frontier> MakeFrontier(TreeSize size, NodeSource& nodes);  // CHECK size > 0

// Siblings from complete node (height, index) up to the root of the frontier's tree, lowest first:
// an inclusion proof when height is 0 (RFC 6962 s2.1.1), else the body of a consistency proof.
Result<std::vector<Digest>> SiblingsFrom(uint32_t height,
                                         uint64_t index,
                                         const Frontier& frontier,
                                         NodeSource& nodes);

}  // namespace rujukan::ledger
