// A tile store in memory: one row a (level, number), overwritten as the tile grows, as the
// broker's.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/tree.h"

namespace rujukan::ledger {

class MemoryTiles : public TileReader {
 public:
  Result<std::string> ReadTile(const TileId& id) const override {
    ++reads;
    const auto row = rows.find({id.level, id.number});
    if (row == rows.end() || row->second.size() < id.width * Digest::kSize) {
      return Fail(Errc::kNotFound, "no tile " + TilePath(id));
    }
    return row->second;
  }

  void Store(std::vector<std::pair<TileId, std::string>> tiles) {
    for (auto& [id, bytes] : tiles) {
      rows[{id.level, id.number}] = std::move(bytes);
    }
  }

  std::map<std::pair<uint32_t, uint64_t>, std::string> rows;
  mutable int reads = 0;
};

}  // namespace rujukan::ledger
