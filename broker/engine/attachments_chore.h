// The chore that lets attachments go which nobody fetches: those whose LAMPIRAN never came, those
// past their life, and those of a leg whose content a party asked to erase. What was fetched is
// gone already, at its receiver's word.
//
// The ledger knows nothing of chunks, so nothing is put on record; it is the LAMPIRAN's root that
// proves what was there. Test: tests/unit/broker_engine/attachments_chore_test.cc.
#pragma once

#include <memory>

#include "broker/core/chunk_store.h"
#include "broker/core/journal.h"
#include "broker/engine/housekeeper.h"
#include "broker/engine/metrics.h"

namespace rujukan::broker {

// All outlive it.
std::unique_ptr<Chore> MakeAttachmentsChore(ChunkStore& chunks,
                                            const Store& store,
                                            Metrics& metrics);

}  // namespace rujukan::broker
