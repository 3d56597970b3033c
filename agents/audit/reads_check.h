// An agency's read trail against the ledger: whether the leaves it hands over are those it
// anchored, all of them, and whether everything it has received was logged as opened. Leaves that
// are missing or were changed are named. Never stops at a fault. Pure but for reading the source.
#pragma once

#include <string>
#include <vector>

#include "agents/audit/source.h"
#include "base/clock.h"
#include "base/ids.h"
#include "ledger/reads_file.h"

namespace rujukan::audit {

struct ReadsFinding {
  std::string where;  // "leaf 7", "leaves 4-9", "line 12", "entry 1201"
  std::string problem;
};

struct ReadsReport {
  std::string agency;
  uint64_t leaves = 0;        // in the file
  uint64_t anchored = 0;      // of them, by the newest anchor
  uint64_t anchors = 0;       // in the ledger
  LogIndex newest_entry = 0;  // of the newest anchor
  UnixMillis newest_at = 0;
  uint64_t deliveries = 0;  // messages that the agency's machine took, by the ledger
  // Logged, and not anchored yet: how many, and since when the first of them waits.
  uint64_t waiting = 0;
  UnixMillis waiting_since = 0;
  std::vector<ReadsFinding> findings;

  bool holds() const { return findings.empty(); }
};

// What the checkpoint signs is believed; that each anchor is signed by the agency is for `verify`
// to say. kDenied, kCorrupt: the ledger itself does not hold. kNotFound: the agency has anchored
// nothing and received nothing there.
Result<ReadsReport> CheckReads(Source& source,
                               const std::string& vkey,
                               const ledger::ReadsFile& file);

std::string ReadsAsText(const ReadsReport& report, UnixMillis now);
std::string ReadsAsJson(const ReadsReport& report, UnixMillis now);

}  // namespace rujukan::audit
