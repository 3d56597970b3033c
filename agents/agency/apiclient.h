// The command line's side of the API: one request over the daemon's unix socket. Thread: the
// caller's.
#pragma once

#include <iosfwd>
#include <string>

#include "agents/agency/api.h"

namespace rujukan::agency {

struct ApiCall {
  std::string method = "GET";
  std::string path;  // with its query
  std::string body;
  long timeout_s = 90;
  std::string content_type = "application/json";
  // A body too large for memory, of `upload_bytes`; POST only. Both streams outlive the call.
  std::istream* upload = nullptr;
  size_t upload_bytes = 0;
  // Takes the body of a good answer as it comes; the body of a refusal is in the reply as ever.
  std::ostream* download = nullptr;
};

// kUnavailable: no daemon answers at `socket_path`; the text says how to start one.
Result<ApiReply> CallApi(const std::string& socket_path, const ApiCall& call);

}  // namespace rujukan::agency
