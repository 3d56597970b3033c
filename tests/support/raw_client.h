// A TCP client below ZeroMQ: sends what no library would, and counts what is taken.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rujukan::testing {

class RawClient {
 public:
  // `endpoint`: "tcp://127.0.0.1:7400" or "http://127.0.0.1:7402". CHECKs that it connects.
  explicit RawClient(const std::string& endpoint);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // Blocks until all is taken; false: the server closed the connection.
  bool Send(std::string_view bytes);
  // Sends `total` bytes in pieces until the server closes; how many were taken.
  size_t Flood(size_t total);
  // Everything until the server closes, or nothing comes for 20 s.
  std::string ReadToEnd();

 private:
  int fd_ = -1;
};

// ZMTP 3.0 greeting for CURVE (rfc.zeromq.org/spec/23), and the head of a command frame of this
// size.
std::string CurveGreeting();
std::string LongCommandHead(size_t size);

}  // namespace rujukan::testing
