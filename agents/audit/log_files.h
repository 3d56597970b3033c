// The files of a tlog-tiles log over a Source: tiles and entry bundles with the fallback to the
// full tile that the specification asks of clients (c2sp.org/tlog-tiles, "Partial Tiles"). Thread:
// one owner; the source must outlive it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/audit/source.h"
#include "ledger/checkpoint.h"
#include "ledger/tree.h"

namespace rujukan::audit {

class LogFiles : public ledger::TileReader {
 public:
  explicit LogFiles(Source& source) : source_(source) {}

  // Exactly `id.width` hashes. kCorrupt: the file has another length than its name says.
  Result<std::string> ReadTile(const ledger::TileId& id) const override;

  // Exactly `id.width` entries. kCorrupt: lengths do not add up (see SalvageBundle).
  Result<std::vector<std::string>> ReadBundle(const ledger::TileId& id) const;
  // The bundle's bytes as they are; a full bundle may answer for a partial one.
  Result<std::string> ReadBundleBytes(const ledger::TileId& id) const;

  Result<std::string> ReadCheckpoint() const;

  Source& source() const { return source_; }

 private:
  Source& source_;
};

// As many whole entries as a damaged bundle still holds, at most `width`.
std::vector<std::string> SalvageBundle(std::string_view bundle, uint32_t width);

// Every entry of a log of `size` in order, until `visit` returns false or fails.
using EntryVisitor = std::function<Result<bool>(LogIndex index, const std::string& entry)>;
Result<void> ForEachEntry(const LogFiles& files, TreeSize size, const EntryVisitor& visit);

// Name for people: "tile/entries/000.p/37".
std::string BundleName(uint64_t number, TreeSize size);
ledger::TileId BundleAt(uint64_t number, TreeSize size);

}  // namespace rujukan::audit
