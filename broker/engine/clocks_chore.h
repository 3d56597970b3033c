// The chore that puts missed deadlines on record, and closes what was finished and never answered.
// What is due is in the ledger's own view, so nothing is lost by a stop: after three days off, or
// with a clock that stood still, what fell due meanwhile is put on record in the next rounds, with
// its own date beside that of the entry. ledger/due_entries.h says what is due, the fold decides
// again. Test: tests/unit/broker_engine/clocks_chore_test.cc.
#pragma once

#include <memory>

#include "broker/core/journal.h"
#include "broker/engine/housekeeper.h"

namespace rujukan::broker {

// `store` outlives it.
std::unique_ptr<Chore> MakeClocksChore(const Store& store, Recorder recorder);

}  // namespace rujukan::broker
