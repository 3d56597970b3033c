// A command that the agency has put into its configuration, run with a time limit. Thread: any;
// blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"

namespace rujukan::agency {

struct Hook {
  std::vector<std::string> argv;  // argv[0]: an absolute path
  int64_t timeout_ms = 0;
  std::function<bool()> stopping = [] { return false; };  // ends it early
};

// Its exit status. No input; otherwise as child.h says. kUnavailable: it cannot be started, was
// killed by a signal, took too long, or the agent stops.
Result<int> RunHook(const Hook& hook);

}  // namespace rujukan::agency
