#include "ledger/nodes.h"

#include <bit>

#include "base/check.h"

namespace rujukan::ledger {

NodePlace PlaceOfNode(uint32_t height, uint64_t index) {
  const uint32_t inner = height % kTileHeight;
  const uint32_t per_tile_bits = kTileHeight - inner;  // a tile has 2^this nodes of that height
  return {height / kTileHeight,
          index >> per_tile_bits,
          inner,
          index & ((uint64_t{1} << per_tile_bits) - 1)};
}

Result<Digest> StoredNodes::Node(uint32_t height, uint64_t index) {
  const NodePlace place = PlaceOfNode(height, index);
  ASSIGN_OR_RETURN(const TilePyramid* tile, Tile(place.level, place.number));
  return tile->Node(place.height, place.index);
}

Result<const TilePyramid*> StoredNodes::Tile(uint32_t level, uint64_t number) {
  const auto known = read_.find({level, number});
  if (known != read_.end()) {
    return &known->second;
  }
  const uint32_t width = TileWidthAt(level, number, size_);
  CHECK(width > 0);
  ASSIGN_OR_RETURN(const std::string bytes, tiles_.ReadTile({level, number, width}));
  ASSIGN_OR_RETURN(TilePyramid tile, TilePyramid::FromBytes(number, width, bytes));
  const auto placed = read_.emplace(std::pair(level, number), std::move(tile));
  return &placed.first->second;
}

Result<Frontier> MakeFrontier(TreeSize size, NodeSource& nodes) {
  CHECK(size > 0);
  Frontier frontier;
  frontier.size = size;
  ASSIGN_OR_RETURN(frontier.edge[0], nodes.Node(0, size - 1));
  for (uint32_t height = 0; height < 64; ++height) {
    const uint64_t last = (size - 1) >> height;
    frontier.edge[height + 1] = frontier.edge[height];
    if (last % 2 == 1) {
      ASSIGN_OR_RETURN(frontier.left[height], nodes.Node(height, last - 1));
      frontier.edge[height + 1] = NodeHash(frontier.left[height], frontier.edge[height]);
    }
  }
  return frontier;
}

Result<std::vector<Digest>> SiblingsFrom(uint32_t height,
                                         uint64_t index,
                                         const Frontier& frontier,
                                         NodeSource& nodes) {
  const uint64_t last = (frontier.size - 1) >> height;
  CHECK(index <= last);
  // Below `meet` the node's ancestors differ from the last leaf's; from there on they are the same.
  const auto meet = height + static_cast<uint32_t>(std::bit_width(index ^ last));
  std::vector<Digest> siblings;
  siblings.reserve(static_cast<size_t>(std::bit_width(last)));
  for (uint32_t h = height; h + 1 < meet; ++h) {
    // Everything left of where the ways meet is complete.
    ASSIGN_OR_RETURN(const Digest sibling, nodes.Node(h, (index >> (h - height)) ^ 1));
    siblings.push_back(sibling);
  }
  if (meet > height) {
    siblings.push_back(frontier.edge[meet - 1]);
  }
  for (uint32_t h = meet; h < 64; ++h) {
    if (((frontier.size - 1) >> h) % 2 == 1) {
      siblings.push_back(frontier.left[h]);
    }
  }
  return siblings;
}

}  // namespace rujukan::ledger
