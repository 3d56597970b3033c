// The command line's side of large files: a body streamed to the agent from a file, and one
// streamed from it into a file, over the daemon's unix socket. A chunk at a time is in memory.
// Thread: the caller's, which waits.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agents/agency/apiclient.h"

namespace rujukan::agency {

// Called as bytes go by; `total` 0: not known.
using TransferTold = std::function<void(uint64_t done, uint64_t total)>;

struct FileToSend {
  std::string path;                  // of the API
  std::vector<std::string> headers;  // "Name: value"
  std::string file;
};
// kNotFound: the file cannot be read. kUnavailable: no daemon answers.
Result<ApiReply> SendFile(const std::string& socket_path,
                          const FileToSend& send,
                          const TransferTold& told);

struct FileToFetch {
  std::string path;  // of the API
  std::string file;  // appended to from `start` on; made 0600
  uint64_t start = 0;
};
// The reply's body is in the file when its status is 200 or 206, else in the reply. kUnavailable:
// it ended early; what came is in the file.
Result<ApiReply> FetchFile(const std::string& socket_path,
                           const FileToFetch& fetch,
                           const TransferTold& told);

}  // namespace rujukan::agency
