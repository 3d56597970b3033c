// What an auditor's bearer token opens: the reading that its AuditRead entry began, within the
// scope that the directory gives the auditor now. Pure; read from the fold's view at every request,
// so a suspended or revoked auditor is out with the next entry, and a scope that was narrowed
// counts at once.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::broker {

enum class ReadingState {
  kUnknown,   // no entry has this token's digest
  kExpired,   // it lasted until an hour that has passed
  kInactive,  // its auditor is suspended, has left, or is no auditor any more
  kOpen,
};

struct Reading {
  ReadingState state = ReadingState::kUnknown;
  v1::Scope scope;     // of the auditor; empty: the whole domain
  LogIndex first = 0;  // of the entries that were asked for
  LogIndex end = 0;    // behind the last; 0: also what comes

  bool InRange(LogIndex index) const { return index >= first && (end == 0 || index < end); }
};

// The token is known by its SHA-256 alone. It is looked up as any row is, not in constant time: how
// long a look takes may tell how a stored digest begins, and that brings nobody nearer to the 32
// random bytes behind it. Errors: the view could not be read.
Result<Reading> FindReading(const ledger::View& view, const Digest& token_digest, UnixMillis now);

// The operator's own: everything.
Reading WholeReading();

// Whether nothing of [first, end) is withheld.
bool CoversAll(const Reading& reading, LogIndex first, LogIndex end);

// A scoped bundle (ledger/scoped_bundle.h) of the entries from `first` on. What directory entries
// say every member may read, so they are given whatever the range. `view` as of any time after
// these entries. kCorrupt: an entry is not one the view has seen.
Result<std::string> MakeScopedBundle(const Reading& reading,
                                     LogIndex first,
                                     const std::vector<std::string>& entries,
                                     const ledger::View& view);

}  // namespace rujukan::broker
