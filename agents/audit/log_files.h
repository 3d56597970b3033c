// The files of a tlog-tiles log over a Source: tiles and entry bundles with the fallback to the
// full tile that the specification asks of clients (c2sp.org/tlog-tiles, "Partial Tiles"). Where a
// reader may not see every entry of a bundle, the source has a scoped bundle in its place
// (ledger/scoped_bundle.h). Thread: one owner; the source must outlive it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/audit/source.h"
#include "ledger/checkpoint.h"
#include "ledger/scoped_bundle.h"
#include "ledger/tree.h"

namespace rujukan::audit {

// A bundle as its source has it.
struct BundleFile {
  std::string path;     // where it was found
  bool scoped = false;  // which of the two forms its bytes have
  std::string bytes;
};

class LogFiles : public ledger::TileReader {
 public:
  explicit LogFiles(Source& source) : source_(source) {}

  // Exactly `id.width` hashes. kCorrupt: the file has another length than its name says.
  Result<std::string> ReadTile(const ledger::TileId& id) const override;

  // The bundle, whole or scoped; a full one may answer for a partial one, cut to its width then.
  // kDenied: neither is given to this reader. kNotFound: neither is there.
  Result<BundleFile> ReadBundleFile(const ledger::TileId& id) const;
  // Exactly `id.width` leaves, some of them perhaps withheld. kCorrupt: lengths do not add up (see
  // SalvageLeaves).
  Result<std::vector<ledger::GivenLeaf>> ReadLeaves(const ledger::TileId& id) const;
  // Exactly `id.width` entries, for who needs every one. kDenied: some are withheld.
  Result<std::vector<std::string>> ReadBundle(const ledger::TileId& id) const;

  Result<std::string> ReadCheckpoint() const;

  Source& source() const { return source_; }

 private:
  Result<BundleFile> ReadForm(const ledger::TileId& id, bool scoped) const;

  Source& source_;
  // Which form to ask for first: the one that was found last, as a reader's scope seldom changes.
  mutable bool scoped_first_ = false;
};

Result<std::vector<ledger::GivenLeaf>> ParseLeaves(const BundleFile& file, uint32_t width);
// The bytes of either form; the plain one when nothing is withheld.
std::string BundleOf(const std::vector<ledger::GivenLeaf>& leaves);
// As many whole leaves as a damaged bundle still holds, at most `width`.
std::vector<ledger::GivenLeaf> SalvageLeaves(const BundleFile& file, uint32_t width);

// Every leaf of a log of `size` in order, until `visit` returns false or fails.
using LeafVisitor = std::function<Result<bool>(LogIndex index, const ledger::GivenLeaf& leaf)>;
Result<void> ForEachLeaf(const LogFiles& files, TreeSize size, const LeafVisitor& visit);

// The same of the entries alone: withheld ones are passed over.
using EntryVisitor = std::function<Result<bool>(LogIndex index, const std::string& entry)>;
Result<void> ForEachEntry(const LogFiles& files, TreeSize size, const EntryVisitor& visit);

// Name for people: "tile/entries/000.p/37".
std::string BundleName(uint64_t number, TreeSize size);
ledger::TileId BundleAt(uint64_t number, TreeSize size);

// Tiles as wide as the ledger now has them: the narrower ones of an older size need not be there
// any more.
class PresentTiles : public ledger::TileReader {
 public:
  PresentTiles(const LogFiles& files, TreeSize size) : files_(files), size_(size) {}
  Result<std::string> ReadTile(const ledger::TileId& id) const override {
    ledger::TileId present = id;
    present.width = ledger::TileWidthAt(id.level, id.number, size_);
    return files_.ReadTile(present);
  }

 private:
  const LogFiles& files_;
  const TreeSize size_;
};

}  // namespace rujukan::audit
