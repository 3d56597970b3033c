// Recomputes the Merkle tree from the entries and compares it with the log's own tiles, hash by
// hash: a changed entry is named by its index, a changed inner hash by its tile. Thread: one owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/audit/log_files.h"
#include "agents/audit/report.h"

namespace rujukan::audit {

class TreeCheck {
 public:
  // `files` and `report` must outlive this.
  TreeCheck(const LogFiles& files, TreeSize size, Report& report);

  // The leaves of bundle `number`, in order of bundles; fewer than the bundle's width when some
  // could not be read. Their hashes then come from the tile, so that the rest can still be checked.
  // Of a withheld entry the hash that was given in its place is checked.
  void AppendBundle(uint64_t number, const std::vector<ledger::GivenLeaf>& leaves);

  // Neither entry nor tile told a leaf: later entries cannot be placed in the tree any more.
  bool broken() const { return broken_; }

  // After the last bundle: compares the remaining tiles, and the root with the checkpoint's.
  void Finish(const Digest& signed_root);

 private:
  // The tile's bytes, or "" after reporting what is wrong with it.
  std::string ReadTile(const ledger::TileId& id);
  void CompareUpperTile(const ledger::TileId& id, const std::string& computed);
  void TakeUpperTiles();

  const LogFiles& files_;
  const TreeSize size_;
  Report& report_;
  ledger::Tree tree_;
  bool broken_ = false;  // a leaf is known from neither entry nor tile: there is no root any more
  // Not yet full: level and number to the latest hashes.
  std::map<std::pair<uint32_t, uint64_t>, std::string> growing_;
};

}  // namespace rujukan::audit
