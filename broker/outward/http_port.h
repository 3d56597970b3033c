// What the chores need of HTTP: one POST to each of several, all at the same time, bounded. Tests
// put their own behind it.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"

namespace rujukan::broker {

struct HttpCall {
  std::string base;  // "https://host/prefix" or "unix:/path/of/socket"
  std::string path;  // put behind it: "/add-checkpoint"; "": the base alone
  std::string content_type;
  std::string body;
  size_t answer_bytes_max = 0;
};

struct PostAnswer {
  long status = 0;
  std::string content_type;
  std::string body;
};

class HttpPort {
 public:
  virtual ~HttpPort() = default;
  // An answer to each call, in their order, none later than limits::kOutboundTimeoutMs; earlier
  // once `stopping`. kUnavailable: no answer in time, or none at all. kLimit: it is over
  // answer_bytes_max. kInvalid: the address. Any status is an answer. Thread: one at a time.
  virtual std::vector<Result<PostAnswer>> Post(const std::vector<HttpCall>& calls,
                                               const std::atomic<bool>& stopping) = 0;
};

}  // namespace rujukan::broker
