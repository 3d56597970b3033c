#include "ledger/tree.h"

#include <algorithm>
#include <deque>
#include <optional>

#include "base/check.h"
#include "base/limits.h"
#include "ledger/nodes.h"
#include "ledger/pyramid.h"

namespace rujukan::ledger {
namespace {

// The tiles a group commit can touch at level 0 (it may start and end inside a tile), plus one.
// Higher levels grow 256 times slower: their present tile and the one before it.
constexpr size_t kTilesKeptLevel0 = limits::kCommitEntriesMax / kTileWidth + 2;
constexpr size_t kTilesKeptAbove = 2;

using ChangedTile = std::pair<TileId, std::string>;

struct Level {
  std::deque<TilePyramid>
      tiles;             // the last tiles of the level in order; only back() may be partial
  bool changed = false;  // back() grew since the last TakeChangedTiles and is partial

  const TilePyramid* Find(uint64_t number) const {
    if (tiles.empty() || number < tiles.front().number() || number > tiles.back().number()) {
      return nullptr;
    }
    return &tiles[number - tiles.front().number()];
  }
};

Result<TilePyramid> LoadTile(const TileId& id, const TileReader& tiles) {
  ASSIGN_OR_RETURN(const std::string bytes, tiles.ReadTile(id));
  return TilePyramid::FromBytes(id.number, id.width, bytes);
}

// The last tile of a level that holds `hashes` hashes, and the full one before it.
Result<Level> LoadLevel(uint32_t level, uint64_t hashes, const TileReader& tiles) {
  const uint64_t last = (hashes - 1) / kTileWidth;
  Level loaded;
  if (last > 0) {
    ASSIGN_OR_RETURN(TilePyramid before, LoadTile({level, last - 1, kTileWidth}, tiles));
    loaded.tiles.push_back(std::move(before));
  }
  const auto width = static_cast<uint32_t>(hashes - last * kTileWidth);
  ASSIGN_OR_RETURN(TilePyramid tile, LoadTile({level, last, width}, tiles));
  loaded.tiles.push_back(std::move(tile));
  return loaded;
}

}  // namespace

struct Tree::Edge {
  TreeSize size = 0;
  std::vector<Level> levels;
  std::vector<ChangedTile> completed;  // tiles that became full since the last TakeChangedTiles
  std::optional<Frontier> frontier;    // memo of Frontier at `size`; reset by Append

  const TilePyramid* Find(uint32_t level, uint64_t number) const {
    return level < levels.size() ? levels[level].Find(number) : nullptr;
  }
  void Push(uint32_t level, const Digest& hash);
  const Frontier& FrontierNow();
};

namespace {

// Nodes from the edge in memory, and from stored tiles for what has left it. A null `tiles` is a
// promise that nothing has.
template <class Edge>
class EdgeNodes : public NodeSource {
 public:
  EdgeNodes(const Edge& edge, const TileReader* tiles) : edge_(edge) {
    if (tiles != nullptr) {
      stored_.emplace(edge.size, *tiles);
    }
  }
  Result<Digest> Node(uint32_t height, uint64_t index) override {
    const NodePlace place = PlaceOfNode(height, index);
    if (const TilePyramid* tile = edge_.Find(place.level, place.number)) {
      return tile->Node(place.height, place.index);
    }
    CHECK(stored_.has_value());
    return stored_->Node(height, index);
  }

 private:
  const Edge& edge_;
  std::optional<StoredNodes> stored_;
};

}  // namespace

void Tree::Edge::Push(uint32_t level, const Digest& hash) {
  if (level == levels.size()) {
    levels.emplace_back();
  }
  Level& at = levels[level];
  if (at.tiles.empty() || at.tiles.back().IsFull()) {
    at.tiles.emplace_back(at.tiles.empty() ? 0 : at.tiles.back().number() + 1);
    if (at.tiles.size() > (level == 0 ? kTilesKeptLevel0 : kTilesKeptAbove)) {
      at.tiles.pop_front();
    }
  }
  TilePyramid& tile = at.tiles.back();
  tile.Append(hash);
  at.changed = !tile.IsFull();
  if (tile.IsFull()) {
    completed.emplace_back(TileId{level, tile.number(), kTileWidth}, tile.Bytes());
  }
}

const Frontier& Tree::Edge::FrontierNow() {
  if (!frontier.has_value()) {
    // The path from the last leaf lies in the last tile of each level: always in memory.
    EdgeNodes<Edge> nodes(*this, nullptr);
    auto made = MakeFrontier(size, nodes);
    CHECK(made.has_value());
    frontier = *made;
  }
  return *frontier;
}

Tree::Tree() : edge_(std::make_unique<Edge>()) {}
Tree::~Tree() = default;
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(Tree&&) noexcept = default;

Result<Tree> Tree::Load(TreeSize size, const TileReader& tiles) {
  Tree tree;
  tree.edge_->size = size;
  std::vector<Level>& levels = tree.edge_->levels;
  for (uint64_t hashes = size; hashes > 0; hashes /= kTileWidth) {
    const auto level = static_cast<uint32_t>(levels.size());
    ASSIGN_OR_RETURN(Level loaded, LoadLevel(level, hashes, tiles));
    levels.push_back(std::move(loaded));
    if (level == 0) {
      continue;
    }
    // The last hash of a level is the root of the last full tile below it.
    const TilePyramid* below = levels[level - 1].Find(hashes - 1);
    const TilePyramid& here = levels[level].tiles.back();
    if (below->Node(kTileHeight, 0) != here.Node(0, here.width() - 1)) {
      return Fail(Errc::kCorrupt,
                  "the stored tile " + TilePath({level, here.number(), here.width()}) +
                      " does not hold the root of the tile below it; restore the tiles from a "
                      "backup or rebuild them from the entries");
    }
  }
  return tree;
}

void Tree::Append(const Digest& leaf) {
  edge_->frontier.reset();
  edge_->size += 1;
  Digest hash = leaf;
  for (uint32_t level = 0;; ++level) {
    edge_->Push(level, hash);
    const TilePyramid& tile = edge_->levels[level].tiles.back();
    if (!tile.IsFull()) {
      return;
    }
    hash = tile.Node(kTileHeight, 0);
  }
}

TreeSize Tree::size() const {
  return edge_->size;
}

Digest Tree::Root() const {
  return size() == 0 ? EmptyRoot() : edge_->FrontierNow().Root();
}

std::vector<ChangedTile> Tree::TakeChangedTiles() {
  std::vector<ChangedTile> taken = std::exchange(edge_->completed, {});
  for (uint32_t level = 0; level < edge_->levels.size(); ++level) {
    Level& at = edge_->levels[level];
    if (at.changed) {
      const TilePyramid& tile = at.tiles.back();
      taken.emplace_back(TileId{level, tile.number(), tile.width()}, tile.Bytes());
      at.changed = false;
    }
  }
  std::sort(taken.begin(), taken.end(), [](const ChangedTile& a, const ChangedTile& b) {
    return a.first < b.first;
  });
  return taken;
}

Result<std::vector<Digest>> Tree::InclusionProof(LogIndex index, const TileReader& tiles) const {
  if (index >= size()) {
    return Fail(Errc::kInvalid,
                "entry " + std::to_string(index) + " is not in a ledger of " +
                    std::to_string(size()) + " entries");
  }
  EdgeNodes<Edge> nodes(*edge_, &tiles);
  return SiblingsFrom(0, index, edge_->FrontierNow(), nodes);
}

}  // namespace rujukan::ledger
