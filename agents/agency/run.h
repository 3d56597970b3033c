// The two commands that are not requests to a running agent: join and run. Thread: main.
#pragma once

#include <string>

#include "agents/agency/commands.h"

namespace rujukan::agency {

struct JoinOptions {
  std::string invitation;
  bool no_wait = false;
  int64_t timeout_s = 3600;
};
int RunJoin(const CommonOptions& common, const JoinOptions& options);

// Until SIGINT or SIGTERM.
int RunDaemon(const CommonOptions& common, const std::string& api);

}  // namespace rujukan::agency
