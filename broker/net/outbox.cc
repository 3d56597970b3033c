#include "broker/net/outbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/limits.h"

namespace rujukan::broker {

Result<std::unique_ptr<Outbox>> Outbox::Create() {
  const int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) {
    return Fail(Errc::kUnavailable, std::string("eventfd: ") + std::strerror(errno));
  }
  return std::unique_ptr<Outbox>(new Outbox(fd));
}

Outbox::~Outbox() {
  close(wake_fd_);
}

void Outbox::Send(const Peer& peer, std::string frame) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (orders_.frames.size() < limits::kOutboundQueueMax) {
    orders_.frames.push_back({peer, std::move(frame)});
  } else if (orders_.lost.empty() || orders_.lost.back().route != peer.route) {
    orders_.lost.push_back(peer);
  }
  Signal();
}

void Outbox::Cut(const std::string& user) {
  const std::lock_guard<std::mutex> lock(mutex_);
  orders_.cuts.push_back(user);
  Signal();
}

void Outbox::Drop(const Peer& peer) {
  const std::lock_guard<std::mutex> lock(mutex_);
  orders_.lost.push_back(peer);
  Signal();
}

void Outbox::Resume() {
  const std::lock_guard<std::mutex> lock(mutex_);
  orders_.resume = true;
  Signal();
}

void Outbox::Wake() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Signal();
}

void Outbox::Take(Orders& orders) {
  orders.frames.clear();
  orders.cuts.clear();
  orders.lost.clear();
  orders.resume = false;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!signalled_) {
    return;
  }
  std::swap(orders, orders_);
  signalled_ = false;
  uint64_t ignored = 0;
  // Nonblocking and signalled under the same lock: it cannot fail in a way that matters.
  [[maybe_unused]] const ssize_t got = read(wake_fd_, &ignored, sizeof ignored);
}

void Outbox::Signal() {
  if (signalled_) {
    return;  // one system call for a whole burst
  }
  signalled_ = true;
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t put = write(wake_fd_, &one, sizeof one);
}

}  // namespace rujukan::broker
