// The registrar's numbers in Prometheus' text format, for a file that node_exporter's textfile
// collector reads. Addresses are in it, as in the directory; nothing secret. Pure.
#pragma once

#include <string>
#include <vector>

#include "agents/admin/registrar.h"

namespace rujukan::admin {

struct RoundNumbers {
  UnixMillis now = 0;
  bool ok = false;             // the round reached its end
  uint64_t failed_rounds = 0;  // since the start
  size_t not_due = 0;
  size_t deferred = 0;
};

std::string MetricsText(const RoundNumbers& round,
                        const RegistrarState& state,
                        const std::vector<Ending>& endings);

}  // namespace rujukan::admin
