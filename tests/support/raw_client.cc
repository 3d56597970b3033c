#include "tests/support/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace rujukan::testing {
namespace {

constexpr time_t kPatienceSeconds = 20;

}  // namespace

RawClient::RawClient(const std::string& endpoint) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
  const auto port = ParseDecimal(endpoint.substr(endpoint.rfind(':') + 1));
  CHECK(fd_ >= 0 && port);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(*port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  CHECK(connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawClient::~RawClient() {
  close(fd_);
}

bool RawClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

size_t RawClient::Flood(size_t total) {
  const std::string piece(64 * 1024, 'x');
  size_t taken = 0;
  while (taken < total && Send(std::string_view(piece).substr(0, total - taken))) {
    taken += piece.size();
  }
  return std::min(taken, total);
}

std::string RawClient::ReadToEnd() {
  std::string all;
  std::array<char, 4096> piece{};
  ssize_t got = 0;
  while ((got = recv(fd_, piece.data(), piece.size(), 0)) > 0) {
    all.append(piece.data(), static_cast<size_t>(got));
  }
  return all;
}

std::string CurveGreeting() {
  std::string greeting("\xff\0\0\0\0\0\0\0\1\x7f", 10);  // signature
  greeting += std::string("\3\0", 2);                    // version 3.0
  greeting += "CURVE" + std::string(15, '\0');           // mechanism
  greeting += std::string(32, '\0');                     // as-server: no; filler
  return greeting;
}

std::string LongCommandHead(size_t size) {
  std::string head("\x06", 1);  // flags: command, long
  AppendBigEndian64(size, head);
  return head;
}

}  // namespace rujukan::testing
