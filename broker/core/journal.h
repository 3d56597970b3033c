// The seam between the core and what keeps its bytes. One implementation per machine today
// (RocksDB, broker/store); a replicated engine can take its place without the core noticing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/tile.h"
#include "ledger/tree.h"
#include "ledger/view.h"

namespace rujukan::broker {

// Everything one group commit makes durable, all or nothing.
struct CommitBatch {
  LogIndex first_index = 0;
  std::vector<std::string> entries;                           // serialised Entry, in order
  std::vector<std::pair<ledger::TileId, std::string>> tiles;  // tiles that changed
  ledger::Overlay::Writes view;                               // the fold's writes
  std::vector<std::pair<MessageId, std::string>> contents;    // ciphertexts of accepted messages
};

// Fencing: whoever holds the highest epoch may append; an older holder gets kDenied and must stop.
using Epoch = uint64_t;

class Journal {
 public:
  virtual ~Journal() = default;

  // Takes over: returns an epoch higher than every one before it. Durable on return.
  virtual Result<Epoch> Fence() = 0;

  // Appends at exactly batch.first_index (kConflict otherwise, nothing written). Returns only when
  // the batch is durable (synced). kFatal: the sync failed and durable state is unknown: stop the
  // process; a restart reads what is there. kUnavailable: no room on disk, nothing written: refuse
  // new submissions until there is.
  virtual Result<void> Append(Epoch epoch, const CommitBatch& batch) = 0;

  // Keeps a signed checkpoint; called after the entries it covers are durable and before anybody
  // sees it. Survives kill -9; after power loss a signed checkpoint may be missing, never its
  // entries, and signing again gives the same bytes (Ed25519 is deterministic).
  virtual Result<void> PutCheckpoint(Epoch epoch, TreeSize size, const std::string& note) = 0;

  virtual Result<TreeSize> Size() const = 0;
  // At most `max` entries from `from`; fewer at the end.
  virtual Result<std::vector<std::string>> ReadEntries(LogIndex from, size_t max) const = 0;
  // The smallest kept checkpoint that covers `size` entries; nullopt: none yet.
  struct KeptCheckpoint {
    TreeSize size = 0;
    std::string note;
  };
  virtual Result<std::optional<KeptCheckpoint>> CheckpointCovering(TreeSize size) const = 0;
  virtual Result<std::optional<KeptCheckpoint>> LatestCheckpoint() const = 0;

  // Ciphertext of an accepted message. kNotFound: never accepted here.
  virtual Result<std::string> ReadContent(const MessageId& id) const = 0;

  // Forgets entries below `index` that an archive holds. The tree stays.
  virtual Result<void> Trim(LogIndex index) = 0;
};

// What the broker needs of its store: the journal, the fold's view and the tiles, all one database.
// Reads are safe from any thread; Append and PutCheckpoint belong to the committer thread.
class Store : public Journal, public ledger::View, public ledger::TileReader {};

}  // namespace rujukan::broker
