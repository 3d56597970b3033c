// Receipts from what is durable: the entry's bytes with its tlog-proof. Pure reads of the store;
// any thread.
//
// The receipt of an entry is always made at the size of the smallest kept checkpoint that covers
// it. That is the checkpoint its own group commit was signed with, so a retry, years later and
// after any number of restarts, gets the same bytes as the first answer.
#pragma once

#include <map>
#include <string>

#include "base/ids.h"
#include "broker/core/batch.h"
#include "broker/core/journal.h"
#include "ledger/tile.h"
#include "ledger/tree.h"

namespace rujukan::broker {

struct Proven {
  std::string entry;
  std::string receipt;  // tlog-proof@v1
};

// kNotFound: no such entry, or no checkpoint covers it yet. kFatal: the store failed.
Result<Proven> ReadProven(const Store& store, LogIndex index);
// The same with the tiles read through `tiles`, for whoever proves many.
Result<Proven> ReadProven(const Store& store, const ledger::TileReader& tiles, LogIndex index);
// At a size of the caller's choice, for which it has a signed checkpoint.
Result<Proven> ReadProvenAt(const Journal& journal,
                            const ledger::TileReader& tiles,
                            LogIndex index,
                            const Journal::KeptCheckpoint& checkpoint);

// The receipts of a batch, from the paths the sequencer computed: no reads, no hashing.
std::vector<std::string> ReceiptsOf(const FormedBatch& batch, const std::string& checkpoint);

// Remembers the tiles it has read: a page of proofs reads the same few again and again. One owner.
class TileMemo : public ledger::TileReader {
 public:
  explicit TileMemo(const ledger::TileReader& tiles) : tiles_(tiles) {}
  Result<std::string> ReadTile(const ledger::TileId& id) const override;

 private:
  const ledger::TileReader& tiles_;
  mutable std::map<ledger::TileId, std::string> read_;
};

}  // namespace rujukan::broker
