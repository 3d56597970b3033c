// `rujukan-broker check`: the proof that the store is what the ledger says. Replays every entry
// with the same fold the broker runs, verifies every signature, and compares what comes out with
// every row of the view, every tile and every checkpoint that is kept.
//
// Memory: the view of the whole ledger, so about what an auditor's replay takes. Reads only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/app/config.h"
#include "broker/core/journal.h"
#include "ledger/note.h"

namespace rujukan::broker {

struct CheckReport {
  uint64_t entries = 0;
  uint64_t rows = 0;
  uint64_t tiles = 0;
  uint64_t checkpoints = 0;
  uint64_t contents = 0;  // ciphertexts that wait in mailboxes
  std::vector<std::string>
      mismatches;  // sentences that name the entry, table and key; at most a few

  bool Ok() const { return mismatches.empty(); }
};

// The 256 entries of a bundle that the archive file of a range holds. kNotFound, kCorrupt: which
// file is missing or damaged.
using ArchivedBundle = std::function<Result<std::vector<std::string>>(
    const ledger::ArchiveRange& range, uint64_t number)>;

// `progress(done, all)` is called every few thousand entries. An error is one of reading the store
// or its archive; what contradicts itself is in the report.
Result<CheckReport> CheckStore(const Store& store,
                               const ledger::NoteVerifier& log,
                               const ArchivedBundle& archived,
                               const std::function<void(uint64_t, uint64_t)>& progress);

// The command: opens the store, checks, prints to stdout. kExitNotVerified on mismatches,
// kExitUnavailable while a broker runs on it.
ExitCode Check(const CheckConfig& config);

}  // namespace rujukan::broker
