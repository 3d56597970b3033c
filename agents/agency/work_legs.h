// The legs of this agency's database as worklist.h wants them.
#pragma once

#include <vector>

#include "agents/agency/tables.h"
#include "agents/agency/worklist.h"
#include "ledger/clocks.h"

namespace rujukan::agency {

// All legs, newest first, with their statutory timers. Inside Store::Read.
Result<std::vector<WorkLeg>> ReadWorkLegs(Tables& tables,
                                          const ledger::Clocks& clocks,
                                          ledger::Zone zone);

}  // namespace rujukan::agency
