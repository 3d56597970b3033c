// Hands out the answers a batch owes: finds the entry and receipt of each, builds the frame, frees
// the places in the senders' windows. No state of its own; any thread.
#pragma once

#include <vector>

#include "broker/core/batch.h"
#include "broker/engine/shared.h"

namespace rujukan::broker {

// Answers of a durable batch. An answer that names an earlier entry gets that entry's own receipt,
// the same bytes as ever. kFatal or kCorrupt: the store failed.
Result<void> HandOutAnswers(const CommittedBatch& batch, Shared& shared);

// Answers that no entry proves.
void HandOutRefusals(const std::vector<Answer>& answers, Shared& shared);

}  // namespace rujukan::broker
