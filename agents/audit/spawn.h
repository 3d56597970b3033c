// A program of the operator's, started without a shell. Thread: any; waits for its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace rujukan::audit {

// argv[0] is a path or a name in PATH. `input` (at most 4 KiB more than an alert's line) is its
// standard input. kUnavailable: it could not be started, ended with another code than 0, or was
// killed because it took longer than `timeout_ms`.
Result<void> RunCommand(const std::vector<std::string>& argv,
                        const std::string& input,
                        int64_t timeout_ms);

}  // namespace rujukan::audit
