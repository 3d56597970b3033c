#include "tests/harness/cuttable_link.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "base/check.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

constexpr int kLookEveryMs = 200;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// sockaddr_in as the socket calls want it.
sockaddr* Any(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

int Listen(int& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  CHECK(::bind(listener, Any(address), size) == 0);
  CHECK(::listen(listener, 64) == 0);
  CHECK(::getsockname(listener, Any(address), &size) == 0);
  port = ntohs(address.sin_port);
  return listener;
}

}  // namespace

CuttableLink::CuttableLink(int target_port) : target_port_(target_port) {
  listener_ = Listen(port_);
  CHECK(::pipe2(wake_, O_CLOEXEC) == 0);
  thread_ = std::thread([this] { Run(); });
}

CuttableLink::~CuttableLink() {
  stop_ = true;
  CHECK(::write(wake_[1], "x", 1) == 1);
  thread_.join();
  CloseAll();
  ::close(listener_);
  ::close(wake_[0]);
  ::close(wake_[1]);
}

void CuttableLink::Cut() {
  cut_ = true;
  CHECK(::write(wake_[1], "x", 1) == 1);
  CHECK(Eventually([this] { return is_cut_.load(); }));
}

void CuttableLink::Join() {
  cut_ = false;
  CHECK(::write(wake_[1], "x", 1) == 1);
}

void CuttableLink::CloseAll() {
  for (const Pair& pair : pairs_) {
    ::close(pair.agent);
    ::close(pair.broker);
  }
  pairs_.clear();
}

void CuttableLink::Take() {
  const int agent = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (agent < 0) {
    return;
  }
  const int broker = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(target_port_);
  if (cut_ || ::connect(broker, Any(address), sizeof(address)) != 0) {
    ::close(agent);
    ::close(broker);
    return;
  }
  ++connections_;
  pairs_.push_back({agent, broker});
}

// False: this side has ended.
bool CuttableLink::Pass(int from, int to) {
  char bytes[64 * 1024];
  const ssize_t read = ::recv(from, bytes, sizeof(bytes), 0);
  ssize_t written = 0;
  while (read > 0 && written < read) {
    const ssize_t sent =
        ::send(to, bytes + written, static_cast<size_t>(read - written), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    written += sent;
  }
  return read > 0;
}

void CuttableLink::Run() {
  while (!stop_) {
    std::vector<pollfd> polled = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      polled.push_back({pair.agent, POLLIN, 0});
      polled.push_back({pair.broker, POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), kLookEveryMs);
    if ((polled[0].revents & POLLIN) != 0) {
      char byte = 0;
      CHECK(::read(wake_[0], &byte, 1) == 1);
    }
    if (cut_) {
      CloseAll();
      is_cut_ = true;
    } else {
      is_cut_ = false;
      std::vector<Pair> alive;
      for (size_t i = 0; i < pairs_.size(); ++i) {
        const Pair& pair = pairs_[i];
        const bool up = polled[2 + 2 * i].revents == 0 || Pass(pair.agent, pair.broker);
        const bool down = polled[3 + 2 * i].revents == 0 || Pass(pair.broker, pair.agent);
        if (up && down) {
          alive.push_back(pair);
        } else {
          ::close(pair.agent);
          ::close(pair.broker);
        }
      }
      pairs_ = std::move(alive);
    }
    if ((polled[1].revents & POLLIN) != 0) {
      Take();
    }
  }
}

}  // namespace rujukan::testing
