// Queries: frames that ask and change nothing. Pure reads of committed state, as one connected peer
// may see it. Each function returns the ServerFrames to send, in order.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "broker/core/directory_snapshot.h"
#include "broker/core/journal.h"
#include "broker/core/submission.h"

namespace rujukan::broker {

// What queries are answered from. `checkpoint` is the newest signed one: nothing newer is shown, so
// every answer can be proven.
struct QueryContext {
  const Store& store;
  const DirectorySnapshot& directory;
  const Journal::KeptCheckpoint& checkpoint;
  UnixMillis now = 0;
  const Journal::KeptCheckpoint* cosigned = nullptr;  // the newest that witnesses cosigned, if any
};

// Hello, directory, status, leg notices, enrolments, enrolment status, ping. Credit is the delivery
// tracker's: no frames. kFatal or kCorrupt: the store failed.
Result<std::vector<std::string>> AnswerQuery(const Query& query, const QueryContext& context);

}  // namespace rujukan::broker
