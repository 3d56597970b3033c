// The two commands that are not requests to a running agent: join and run. Thread: main.
#pragma once

#include <string>

#include "agents/agency/commands.h"

namespace rujukan::agency {

struct JoinOptions {
  std::string invitation;
  bool wait = false;  // the default; said aloud in scripts
  bool no_wait = false;
  int64_t timeout_s = 3600;
  std::string certificate;  // of an outside CA, PEM file; "": the domain's own
  std::string key;
  std::string chain;
};
int RunJoin(const CommonOptions& common, const JoinOptions& options);

// Until SIGINT or SIGTERM.
int RunDaemon(const CommonOptions& common, const std::string& api);

}  // namespace rujukan::agency
