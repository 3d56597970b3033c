#include "tests/support/cutting_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "base/check.h"

namespace rujukan::testing {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int ConnectTo(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  if (fd >= 0 && connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

}  // namespace

CuttingProxy::CuttingProxy(int target_port) : target_port_(target_port) {
  listen_fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  CHECK(listen_fd_ >= 0);
  CHECK(bind(listen_fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  CHECK(listen(listen_fd_, 16) == 0);
  CHECK(getsockname(listen_fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

CuttingProxy::~CuttingProxy() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  shutdown(listen_fd_, SHUT_RDWR);
  accepting_.join();
  close(listen_fd_);
  CutAll();
  for (Line& line : lines_) {
    line.up.join();
    line.down.join();
  }
}

void CuttingProxy::CutEvery(uint64_t bytes, int times) {
  const std::lock_guard<std::mutex> lock(mutex_);
  every_ = bytes;
  next_cut_ = bytes_ + bytes;
  cuts_left_ = times;
}

void CuttingProxy::Accept() {
  while (true) {
    const int near = accept4(listen_fd_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (near < 0 || stopping_) {
      if (near >= 0) {
        close(near);
      }
      return;
    }
    const int far = ConnectTo(target_port_);
    if (far < 0) {
      close(near);
      continue;
    }
    Line& line = lines_.emplace_back();
    line.near = near;
    line.far = far;
    line.up = std::thread([this, &line] { Forward(line, line.near, line.far); });
    line.down = std::thread([this, &line] { Forward(line, line.far, line.near); });
  }
}

void CuttingProxy::Forward(Line& line, int from, int to) {
  std::array<char, 64 * 1024> buffer{};
  while (true) {
    const ssize_t got = recv(from, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      break;
    }
    ssize_t sent = 0;
    while (sent < got) {
      const ssize_t part =
          send(to, buffer.data() + sent, static_cast<size_t>(got - sent), MSG_NOSIGNAL);
      if (part <= 0) {
        break;
      }
      sent += part;
    }
    if (sent < got) {
      break;
    }
    Passed(static_cast<uint64_t>(got));
  }
  shutdown(from, SHUT_RDWR);
  shutdown(to, SHUT_RDWR);
  if (line.open_ends.fetch_sub(1) == 1) {
    const std::lock_guard<std::mutex> lock(mutex_);
    close(line.near);
    close(line.far);
    line.near = -1;
    line.far = -1;
  }
}

void CuttingProxy::Passed(uint64_t bytes) {
  const uint64_t now = bytes_ += bytes;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (cuts_left_ == 0 || now < next_cut_) {
      return;
    }
    --cuts_left_;
    next_cut_ = now + every_;
  }
  ++cuts_;
  CutAll();
}

// What the kernels still held is lost, as on a line that breaks.
void CuttingProxy::CutAll() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const Line& line : lines_) {
    for (const int fd : {line.near, line.far}) {
      if (fd >= 0) {
        shutdown(fd, SHUT_RDWR);
      }
    }
  }
}

}  // namespace rujukan::testing
