// The auditor's replay of long ledgers: how fast, against the machine's own verifications, and in
// how much memory.
#pragma once

#include <cstdint>
#include <string>

#include "tests/bench/report.h"

namespace rujukan::bench {

// Ledgers of `entries` with single signatures and with batches of 64, under `directory`.
// `verify_all_cores`: raw P-256 verifications a second, measured in the same run.
void MeasureReplay(Report& report,
                   uint64_t entries,
                   double verify_all_cores,
                   const std::string& directory);

}  // namespace rujukan::bench
