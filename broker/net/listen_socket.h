// A listening stream socket from its written address: loopback TCP or a unix socket.
#pragma once

#include <string>

#include "base/result.h"

namespace rujukan::broker {

struct ListenSocket {
  int fd = -1;              // the caller's to close
  std::string url;          // "http://127.0.0.1:7402" with the real port, or "unix:/path"
  std::string socket_path;  // unix: the file to unlink at the end
};

// "a.b.c.d:port", "[v6]:port" or "unix:/path"; port 0: the kernel chooses. kInvalid: not such an
// address. kUnavailable: taken, or not ours.
Result<ListenSocket> Listen(const std::string& address);

}  // namespace rujukan::broker
