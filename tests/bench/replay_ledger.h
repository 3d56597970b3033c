// A ledger of any length as files, made without a broker: referrals and their delivery receipts,
// each legal where it stands, signed one by one or in batches. Written as it is made, so memory
// stays flat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace rujukan::bench {

struct LedgerPlan {
  uint64_t entries = 0;  // at least; the founding entries and whole batches come on top
  size_t batch = 1;      // statements under one signature
};

// In the layout of an export, at `directory`. CHECKs that it can be written.
void MakeLedger(const LedgerPlan& plan, const std::string& directory);

}  // namespace rujukan::bench
