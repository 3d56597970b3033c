// The chore that lets ciphertexts go: the broker is a carrier, not an archive of what it cannot
// read. After the grace that follows the last delivery receipt, or at once when a party of the leg
// asked for erasure, and never while somebody waits for it.
//
// Order: ContentsRemoved is on record and durable before the first ciphertext it speaks of goes, so
// the ledger never promises more than was announced; after a crash the next run finds in the view
// what is still to go. Test: tests/unit/broker_engine/contents_chore_test.cc.
#pragma once

#include <memory>

#include "broker/core/journal.h"
#include "broker/engine/housekeeper.h"
#include "broker/engine/metrics.h"

namespace rujukan::broker {

// `store` and `metrics` outlive it; `epoch` is the engine's.
std::unique_ptr<Chore> MakeContentsChore(
    Store& store, Epoch epoch, Recorder recorder, Metrics& metrics, int64_t grace_ms);

}  // namespace rujukan::broker
