// The legs of this agency's database as worklist.h wants them.
#pragma once

#include <vector>

#include "agents/agency/tables.h"
#include "agents/agency/worklist.h"
#include "ledger/clocks.h"

namespace rujukan::agency {

// More than this many legs are not looked at: the newest are.
inline constexpr size_t kWorkLegsMax = 100'000;

// All legs, newest first, with their statutory timers. Inside Store::Read.
Result<std::vector<WorkLeg>> ReadWorkLegs(Tables& tables,
                                          const ledger::Clocks& clocks,
                                          ledger::Zone zone);

}  // namespace rujukan::agency
