// The read trail: leaves, the tiles of the tree over them, and what the ledger has of it.
#include "agents/agency/tables.h"
#include "ledger/tree.h"

namespace rujukan::agency {
namespace {

// A row a (level, number), overwritten as the tile grows.
class StoredTiles : public ledger::TileReader {
 public:
  explicit StoredTiles(Database& database) : database_(database) {}

  Result<std::string> ReadTile(const ledger::TileId& id) const override {
    std::string hashes;
    RETURN_IF_ERROR(database_.Query("SELECT hashes FROM read_tiles WHERE level=? AND number=?",
                                    {int64_t{id.level}, static_cast<int64_t>(id.number)},
                                    [&](const Row& row) {
                                      hashes = row.Bytes(0);
                                      return false;
                                    }));
    if (hashes.size() < id.width * Digest::kSize) {
      return Fail(Errc::kCorrupt, "the read trail's tree lacks " + ledger::TilePath(id));
    }
    return hashes;
  }

 private:
  Database& database_;
};

std::string LeafPlace(uint64_t number) {
  return "reads/leaf/" + std::to_string(number);
}

}  // namespace

Result<TreeSize> Tables::CountReads() {
  int64_t count = 0;
  RETURN_IF_ERROR(
      database_->Query("SELECT ifnull(max(number)+1,0) FROM reads", {}, [&](const Row& row) {
        count = row.Int(0);
        return false;
      }));
  return static_cast<TreeSize>(count);
}

Result<void> Tables::AppendReads(const std::vector<std::string>& leaves) {
  if (leaves.empty()) {
    return {};
  }
  const StoredTiles tiles(*database_);
  ASSIGN_OR_RETURN(const TreeSize size, CountReads());
  ASSIGN_OR_RETURN(ledger::Tree tree, ledger::Tree::Load(size, tiles));
  for (const std::string& leaf : leaves) {
    const uint64_t number = tree.size();
    RETURN_IF_ERROR(
        database_->Run("INSERT INTO reads(number,leaf) VALUES(?,?)",
                       {static_cast<int64_t>(number), Blob{key_.Seal(leaf, LeafPlace(number))}}));
    tree.Append(ledger::LeafHash(leaf));
  }
  for (const auto& [id, hashes] : tree.TakeChangedTiles()) {
    RETURN_IF_ERROR(
        database_->Run("INSERT OR REPLACE INTO read_tiles(level,number,hashes) VALUES(?,?,?)",
                       {int64_t{id.level}, static_cast<int64_t>(id.number), Blob{hashes}}));
  }
  return {};
}

Result<std::vector<ledger::ReadLeaf>> Tables::ListReads(uint64_t from, size_t max) {
  std::vector<ledger::ReadLeaf> leaves;
  RETURN_IF_ERROR(
      database_->Query("SELECT number,leaf FROM reads WHERE number>=? ORDER BY number LIMIT ?",
                       {static_cast<int64_t>(from), static_cast<int64_t>(max)},
                       [&](const Row& row) {
                         ledger::ReadLeaf leaf;
                         leaf.number = static_cast<uint64_t>(row.Int(0));
                         leaf.event = row.Bytes(1);
                         leaves.push_back(std::move(leaf));
                         return true;
                       }));
  ASSIGN_OR_RETURN(const TreeSize size, CountReads());
  const StoredTiles tiles(*database_);
  for (ledger::ReadLeaf& leaf : leaves) {
    ASSIGN_OR_RETURN(leaf.event, key_.Open(leaf.event, LeafPlace(leaf.number)));
    const uint64_t tile = leaf.number / ledger::kTileWidth;
    ASSIGN_OR_RETURN(const std::string hashes,
                     tiles.ReadTile({0, tile, ledger::TileWidthAt(0, tile, size)}));
    const size_t at = (leaf.number % ledger::kTileWidth) * Digest::kSize;
    ASSIGN_OR_RETURN(leaf.hash, Digest::FromBytes(hashes.substr(at, Digest::kSize)));
  }
  return leaves;
}

Result<Digest> Tables::ReadsRoot(TreeSize size) {
  return ledger::RootAt(size, StoredTiles(*database_));
}

Result<std::vector<Digest>> Tables::ReadsConsistency(TreeSize from, TreeSize to) {
  if (from == 0) {
    return std::vector<Digest>();
  }
  return ledger::ConsistencyProof(from, to, StoredTiles(*database_));
}

Result<void> Tables::PutReadAnchor(const ReadAnchorRow& row) {
  return database_->Run(
      "INSERT OR REPLACE INTO "
      "read_anchors(size,root,anchored_ms,entry_index,entry_size,entry,proof)"
      " VALUES(?,?,?,?,?,?,?)",
      {static_cast<int64_t>(row.size),
       Blob{row.root.view()},
       row.anchored_at,
       static_cast<int64_t>(row.evidence.index),
       static_cast<int64_t>(row.evidence.size),
       Blob{row.evidence.entry},
       Blob{row.evidence.proof}});
}

Result<ReadAnchorRow> Tables::LastReadAnchor() {
  ReadAnchorRow anchor;
  std::string root;
  RETURN_IF_ERROR(database_->Query(
      "SELECT size,root,anchored_ms,entry_index,entry_size,entry,proof FROM read_anchors"
      " ORDER BY size DESC LIMIT 1",
      {},
      [&](const Row& row) {
        anchor.size = static_cast<TreeSize>(row.Int(0));
        root = row.Bytes(1);
        anchor.anchored_at = row.Int(2);
        anchor.evidence = Evidence{static_cast<LogIndex>(row.Int(3)),
                                   static_cast<TreeSize>(row.Int(4)),
                                   row.Bytes(5),
                                   row.Bytes(6)};
        return false;
      }));
  if (!root.empty()) {
    ASSIGN_OR_RETURN(anchor.root, Digest::FromBytes(root));
  }
  return anchor;
}

}  // namespace rujukan::agency
