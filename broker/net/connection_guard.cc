#include "broker/net/connection_guard.h"

// <linux/tcp.h> and not <netinet/tcp.h>: only the kernel's own struct has tcpi_bytes_received.
#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace rujukan::broker {
namespace {

constexpr int kEvents = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_ACCEPT_FAILED | ZMQ_EVENT_DISCONNECTED;

std::optional<uint64_t> CookieOfSocket(int fd) {
  uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) {
    return std::nullopt;
  }
  return cookie;
}

std::optional<uint64_t> BytesReceived(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  constexpr size_t kNeeded = offsetof(tcp_info, tcpi_bytes_received) + sizeof(uint64_t);
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < kNeeded) {
    return std::nullopt;
  }
  return info.tcpi_bytes_received;
}

// Version 1 of zmq_socket_monitor(3): u16 event, u32 value, both in host order.
struct Event {
  uint16_t kind = 0;
  uint32_t value = 0;
};
std::optional<Event> ParseEvent(std::string_view bytes) {
  Event event;
  if (bytes.size() != sizeof event.kind + sizeof event.value) {
    return std::nullopt;
  }
  std::memcpy(&event.kind, bytes.data(), sizeof event.kind);
  std::memcpy(&event.value, bytes.data() + sizeof event.kind, sizeof event.value);
  return event;
}

// Of an endpoint as bound: tcp://127.0.0.1:7400, tcp://[::1]:7400.
uint16_t PortOf(const std::string& endpoint) {
  return static_cast<uint16_t>(
      std::strtoul(endpoint.c_str() + endpoint.rfind(':') + 1, nullptr, 10));
}

}  // namespace

std::optional<uint16_t> LocalPortOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return std::nullopt;
  }
  in_port_t port = 0;
  if (address.ss_family == AF_INET) {
    port = reinterpret_cast<const sockaddr_in&>(address).sin_port;
  } else if (address.ss_family == AF_INET6) {
    port = reinterpret_cast<const sockaddr_in6&>(address).sin6_port;
  }
  return ntohs(port);
}

Result<std::unique_ptr<ConnectionGuard>> ConnectionGuard::Open(ConnectionTable& table) {
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0) {
    return Fail(Errc::kUnavailable, std::string("epoll_create1: ") + std::strerror(errno));
  }
  return std::unique_ptr<ConnectionGuard>(new ConnectionGuard(table, epoll_fd));
}

ConnectionGuard::~ConnectionGuard() {
  for (const Monitor& monitor : monitors_) {
    zmq_socket_monitor(monitor.watched, nullptr, 0);
  }
  monitors_.clear();
  close(epoll_fd_);
}

Result<void> ConnectionGuard::Watch(void* context, DoorSocket& door) {
  const std::string endpoint = "inproc://rujukan.monitor." + std::to_string(monitors_.size());
  ASSIGN_OR_RETURN(SocketHandle events, OpenSocket(context, ZMQ_PAIR));
  // No limit: libzmq sends events blocking, so a full pipe would stop its I/O thread.
  RETURN_IF_ERROR(SetOption(events.get(), ZMQ_RCVHWM, 0));
  if (zmq_socket_monitor(door.handle(), endpoint.c_str(), kEvents) != 0) {
    return ZmqFailure("starting a socket monitor");
  }
  if (zmq_connect(events.get(), endpoint.c_str()) != 0) {
    zmq_socket_monitor(door.handle(), nullptr, 0);
    return ZmqFailure("connecting to a socket monitor");
  }
  monitor_handles_.push_back(events.get());
  monitors_.push_back({door.door(), door.handle(), PortOf(door.endpoint()), std::move(events)});
  return {};
}

void ConnectionGuard::ReadMonitors(int64_t now) {
  for (Monitor& monitor : monitors_) {
    while (ReadEvent(monitor, now)) {
    }
  }
}

bool ConnectionGuard::ReadEvent(Monitor& monitor, int64_t now) {
  Message head;
  if (!head.Receive(monitor.events.get(), ZMQ_DONTWAIT)) {
    return false;
  }
  Message address;
  if (head.more()) {
    address.Receive(monitor.events.get(), ZMQ_DONTWAIT);
  }
  const auto event = ParseEvent(head.view());
  if (!event) {
    return true;
  }
  const int fd = static_cast<int>(event->value);
  if (event->kind == ZMQ_EVENT_ACCEPTED) {
    Accepted(monitor, fd, now);
  } else if (event->kind == ZMQ_EVENT_DISCONNECTED) {
    table_.OnDisconnected(monitor.door, fd);
  } else if (event->kind == ZMQ_EVENT_ACCEPT_FAILED) {
    ++accept_failures_;
  }
  return true;
}

void ConnectionGuard::Accepted(const Monitor& monitor, int fd, int64_t now) {
  // Closed meanwhile, and the other door has accepted somebody under the same number: that door's
  // own event tells of it, maybe before this one, and this one would take it over.
  if (const auto port = LocalPortOf(fd); port && *port != monitor.port) {
    return;
  }
  // Without a cookie it is closed already; its goodbye is the next event.
  table_.OnAccepted(monitor.door, fd, CookieOfSocket(fd).value_or(0), now);
  epoll_event interest{};
  interest.events = EPOLLIN | EPOLLET;
  interest.data.fd = fd;
  // When libzmq closes the socket, the kernel takes it out of the epoll by itself.
  epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &interest);
}

size_t ConnectionGuard::Measure() {
  std::array<epoll_event, 256> busy{};
  size_t measured = 0;
  int count = 0;
  do {
    count = epoll_wait(epoll_fd_, busy.data(), static_cast<int>(busy.size()), 0);
    for (int i = 0; i < count; ++i) {
      const int fd = busy[static_cast<size_t>(i)].data.fd;
      if (const auto bytes = BytesReceived(fd); bytes) {
        table_.OnMeasured(fd, *bytes);
        ++measured;
      }
    }
  } while (count == static_cast<int>(busy.size()));
  return measured;
}

std::vector<CutOrder> ConnectionGuard::CarryOut() {
  std::vector<CutOrder> cuts = table_.TakeCuts();
  for (const CutOrder& cut : cuts) {
    // libzmq may have closed the socket and the kernel given its number to somebody else.
    if (CookieOfSocket(cut.fd) == cut.cookie) {
      shutdown(cut.fd, SHUT_RDWR);
    }
  }
  return cuts;
}

}  // namespace rujukan::broker
