// Moving old entries to archive files: written durably, read back from the disk and verified, and
// only then pruned from the store. By the command on a stopped broker, and by a chore of a running
// one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "broker/app/config.h"
#include "broker/core/journal.h"
#include "broker/engine/housekeeper.h"
#include "ledger/note.h"

namespace rujukan::broker {

struct ArchiveRules {
  std::string directory;
  int64_t keep_ms = 0;        // younger entries stay
  uint64_t keep_entries = 0;  // so do as many at the end; at least one bundle always does
  uint64_t file_entries = 0;  // no smaller files, where alignment allows
  uint64_t file_bytes_max = 0;
};

struct ArchivedRange {
  ledger::ArchiveRange range;
  std::string path;
  uint64_t staying = 0;  // entries of all ranges so far that stay in the store as well
};

// Moves the next range, if one is due. nullopt: none is. A crash behind any step is mended by
// calling it again: a file that is there already is verified and used. kConflict: a file of that
// name is there and holds something else; look at it, move it away. kCorrupt: what was read back is
// not what was written, or the stored entries are not those of the stored tree: nothing was pruned.
Result<std::optional<ArchivedRange>> ArchiveNext(Store& store,
                                                 Epoch epoch,
                                                 const ledger::NoteVerifier& log,
                                                 const ArchiveRules& rules,
                                                 UnixMillis now);

// Moves what is due, hourly. `store` outlives it.
std::unique_ptr<Chore> MakeArchiveChore(Store& store,
                                        Epoch epoch,
                                        ledger::NoteVerifier log,
                                        ArchiveRules rules);

// The command: everything that is due, of a stopped broker's store. kExitUnavailable while a broker
// runs on it.
ExitCode ArchiveNow(const ArchiveConfig& config);

}  // namespace rujukan::broker
