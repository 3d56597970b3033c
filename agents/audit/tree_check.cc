#include "agents/audit/tree_check.h"

#include "base/bytes.h"

namespace rujukan::audit {
namespace {

using ledger::kTileWidth;
using ledger::TileId;

// "" when the tile could not be read.
std::string_view HashAt(std::string_view tile, size_t i) {
  return tile.empty() ? tile : tile.substr(i * Digest::kSize, Digest::kSize);
}

}  // namespace

TreeCheck::TreeCheck(const LogFiles& files, TreeSize size, Report& report)
    : files_(files), size_(size), report_(report) {}

std::string TreeCheck::ReadTile(const TileId& id) {
  auto bytes = files_.ReadTile(id);
  if (bytes) {
    return std::move(*bytes);
  }
  report_.Fail({Check::kTiles, std::nullopt, ledger::TilePath(id), bytes.error().context});
  return "";
}

void TreeCheck::AppendBundle(uint64_t number, const std::vector<ledger::GivenLeaf>& leaves) {
  const TileId id = BundleAt(number, size_);
  const std::string tile = ReadTile(id);
  for (size_t i = 0; i < id.width && !broken_; ++i) {
    const LogIndex index = number * kTileWidth + i;
    if (i >= leaves.size()) {
      const auto leaf = Digest::FromBytes(HashAt(tile, i));
      if (!leaf) {
        broken_ = true;
        return;
      }
      tree_.Append(*leaf);
      continue;
    }
    const Digest leaf = leaves[i].Hash();
    tree_.Append(leaf);
    if (tile.empty()) {
      continue;
    }
    if (HashAt(tile, i) == leaf.view()) {
      report_.Pass(Check::kTiles);
    } else {
      report_.Fail({Check::kTiles,
                    index,
                    ledger::TilePath(id),
                    leaves[i].withheld
                        ? "the hash given in the place of this entry is not the one in the tree"
                        : "its bytes are not those the tree was built over: altered, moved or "
                          "replaced"});
    }
  }
  TakeUpperTiles();
}

// Full tiles are compared and forgotten at once, so memory holds one growing tile a level.
void TreeCheck::TakeUpperTiles() {
  for (auto& [id, bytes] : tree_.TakeChangedTiles()) {
    if (id.level == 0) {
      continue;  // compared leaf by leaf
    }
    if (id.width == kTileWidth) {
      CompareUpperTile(id, bytes);
      growing_.erase({id.level, id.number});
    } else {
      growing_[{id.level, id.number}] = std::move(bytes);
    }
  }
}

void TreeCheck::CompareUpperTile(const TileId& id, const std::string& computed) {
  const std::string stored = ReadTile(id);
  if (stored.empty()) {
    return;
  }
  for (size_t i = 0; i < id.width; ++i) {
    if (HashAt(stored, i) != HashAt(computed, i)) {
      report_.Fail({Check::kTiles,
                    std::nullopt,
                    ledger::TilePath(id),
                    "hash " + std::to_string(i) + " is not the one recomputed from the entries"});
    } else {
      report_.Pass(Check::kTiles);
    }
  }
}

void TreeCheck::Finish(const Digest& signed_root) {
  if (broken_ || tree_.size() != size_) {
    report_.Skip(Check::kTree, "entries are missing and so are their hashes");
    report_.Skip(Check::kTiles, "levels above the missing entries");
    return;
  }
  for (const auto& [place, bytes] : growing_) {
    TileId id;
    id.level = place.first;
    id.number = place.second;
    id.width = static_cast<uint32_t>(bytes.size() / Digest::kSize);
    CompareUpperTile(id, bytes);
  }
  const Digest root = tree_.Root();
  if (root == signed_root) {
    report_.Pass(Check::kTree);
    return;
  }
  report_.Fail({Check::kTree,
                std::nullopt,
                "checkpoint",
                "signs root " + ToBase64(signed_root.view()) + ", but the entries have root " +
                    ToBase64(root.view())});
}

}  // namespace rujukan::audit
