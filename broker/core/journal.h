// The seam between the core and what keeps its bytes. One implementation per machine today
// (RocksDB, broker/store); a replicated engine can take its place without the core noticing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/archive_range.h"
#include "ledger/tile.h"
#include "ledger/tree.h"
#include "ledger/view.h"

namespace rujukan::broker {

// A ciphertext, kept beside the entry that accepted its message.
struct Content {
  LogIndex index = 0;  // of that entry
  MessageId id;
  std::string bytes;
};

// Everything one group commit makes durable, all or nothing.
struct CommitBatch {
  LogIndex first_index = 0;
  std::vector<std::string> entries;                           // serialised Entry, in order
  std::vector<std::pair<ledger::TileId, std::string>> tiles;  // tiles that changed
  ledger::Overlay::Writes view;                               // the fold's writes
  std::vector<Content> contents;                              // of accepted messages, in order
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
  // At most `max` entries from `from`; fewer at the end. kNotFound: one of them is in the archive
  // (ArchiveHolding says in which file).
  virtual Result<std::vector<std::string>> ReadEntries(LogIndex from, size_t max) const = 0;
  // The smallest kept checkpoint that covers `size` entries; nullopt: none yet.
  struct KeptCheckpoint {
    TreeSize size = 0;
    std::string note;
  };
  virtual Result<std::optional<KeptCheckpoint>> CheckpointCovering(TreeSize size) const = 0;
  virtual Result<std::optional<KeptCheckpoint>> LatestCheckpoint() const = 0;

  // Keeps a checkpoint with the cosignatures of others, in place of the one before: only the newest
  // matters. A second writer may call it beside the committer: it is a row of its own that nothing
  // else writes. Survives kill -9; lost in a power cut, others are asked again.
  virtual Result<void> PutCosigned(Epoch epoch, TreeSize size, const std::string& note) = 0;
  virtual Result<std::optional<KeptCheckpoint>> LatestCosigned() const = 0;

  // Ciphertext of an accepted message. kNotFound: removed after its delivery, or never accepted.
  virtual Result<std::string> ReadContent(const MessageId& id) const = 0;

  // --- Retention: what leaves the store again, never what is in the tree ---
  // A second writer may call these beside the committer: they only take away what Append never
  // touches again, each call is atomic in itself, and a repeated one changes nothing.

  struct ContentPlace {
    LogIndex index = 0;
    MessageId id;
    uint64_t bytes = 0;
  };
  // At most `max` of the ciphertexts that are kept, from entry `from` on, in order.
  virtual Result<std::vector<ContentPlace>> ListContents(LogIndex from, size_t max) const = 0;
  struct ContentTotals {
    uint64_t count = 0;
    uint64_t bytes = 0;
    uint64_t removed_bytes = 0;  // since the last Reclaim: forgotten, but still on disk
  };
  virtual ContentTotals Contents() const = 0;
  // Forgets ciphertexts; one that is gone already is fine. Durable on return; their bytes leave the
  // disk with Reclaim. kDenied: another broker has taken over. kFatal: as Append.
  virtual Result<void> RemoveContents(Epoch epoch, const std::vector<ContentPlace>& places) = 0;

  // Forgets the entries of a range that an archive file holds, and what is left of ranges before
  // it, but for the indexes in `staying` (ascending). The range begins where the last one ended
  // (kConflict otherwise). The tree stays. Durable on return; a crash half way leaves entries that
  // the next call takes.
  virtual Result<void> Trim(Epoch epoch,
                            const ledger::ArchiveRange& range,
                            const std::vector<LogIndex>& staying) = 0;
  // Where the archive ends: every entry below is in an archive file.
  virtual Result<TreeSize> ArchivedSize() const = 0;
  // The archive file that holds this entry; nullopt: none, it is in the store.
  virtual Result<std::optional<ledger::ArchiveRange>> ArchiveHolding(LogIndex index) const = 0;

  // Gives the disk back what was removed and trimmed: on return no file of the store holds those
  // bytes any more. Costs a rewrite of what is kept beside them, seconds a gigabyte.
  virtual Result<void> Reclaim() = 0;
};

// The words for kNotFound of ReadContent, the same from every store.
inline constexpr std::string_view kContentGone =
    "no ciphertext of that message: it was removed after its delivery, or never accepted here";

// Whether `range` continues an archive that ends at `archived`, in a ledger of `size`. kConflict.
Result<void> CheckTrim(const ledger::ArchiveRange& range, TreeSize archived, TreeSize size);

// What the broker needs of its store: the journal, the fold's view and the tiles, all one database.
// Reads are safe from any thread; Fence, Append and PutCheckpoint belong to the committer thread,
// PutCosigned, RemoveContents, Trim and Reclaim to the housekeeper.
class Store : public Journal, public ledger::View, public ledger::TileReader {};

}  // namespace rujukan::broker
