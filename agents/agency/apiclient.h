// The command line's side of the API: one request over the daemon's unix socket. Thread: the
// caller's.
#pragma once

#include <string>

#include "agents/agency/api.h"

namespace rujukan::agency {

struct ApiCall {
  std::string method = "GET";
  std::string path;  // with its query
  std::string body;
  long timeout_s = 90;
};

// kUnavailable: no daemon answers at `socket_path`; the text says how to start one.
Result<ApiReply> CallApi(const std::string& socket_path, const ApiCall& call);

}  // namespace rujukan::agency
