// Entry 0: the birth of a domain's ledger. Pure but for the store it writes.
#pragma once

#include <string>

#include "base/result.h"
#include "broker/core/journal.h"

namespace rujukan::broker {

// Writes the genesis entry (GenesisRecorded bytes, made and signed by rujukan-admin init) into an
// empty store. Durable on return. kConflict: the store has entries. kInvalid: the genesis does not
// parse, is not signed by its own root key, or contradicts itself. Other errors: the store's.
Result<void> SeedGenesis(Store& store, const std::string& genesis_recorded_bytes);

}  // namespace rujukan::broker
