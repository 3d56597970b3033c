// What a watch shows of itself: JSON for /status and --once, Prometheus text for /metrics. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "agents/audit/watched_log.h"

namespace rujukan::audit {

struct WatchStatus {
  std::string name;  // of the witness
  std::string vkey;  // of the witness
  std::vector<WatchView> ledgers;
  std::map<std::string, uint64_t> alerts_raised;  // since start, by kind's name
  std::map<int, uint64_t> witness_answers;        // by HTTP status
  uint64_t commands_failed = 0;
  uint64_t rounds_failed = 0;
  UnixMillis now_ms = 0;
};

std::string StatusAsJson(const WatchStatus& status);
std::string StatusAsText(const WatchStatus& status);  // for --once
std::string StatusAsMetrics(const WatchStatus& status);

}  // namespace rujukan::audit
