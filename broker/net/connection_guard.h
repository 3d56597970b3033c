// The hands of the connection table: watches accepts and closes through libzmq's socket monitors,
// measures how many bytes each busy connection has sent (TCP_INFO), and shuts sockets down.
//
// libzmq counts whole messages against its high-water mark, so an endless multipart message grows
// its memory without limit and without ever being shown to us: only the kernel's byte counter
// tells. An edge-triggered epoll of our own over libzmq's sockets names the busy ones, so that
// thousands of idle connections cost nothing.
//
// Thread: the network thread (Watch may run before it starts).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "broker/net/connection_table.h"
#include "broker/net/door.h"
#include "broker/net/zmq_handle.h"

namespace rujukan::broker {

// The local port of this socket; nullopt: it is closed, or no socket any more.
std::optional<uint16_t> LocalPortOf(int fd);

class ConnectionGuard {
 public:
  // `table` must outlive it.
  static Result<std::unique_ptr<ConnectionGuard>> Open(ConnectionTable& table);
  // Turns the monitors off before their sockets go: the other way round, libzmq's reaper waits for
  // ever on the closed PAIR (libzmq#3575). Requires: the doors are still open.
  ~ConnectionGuard();
  ConnectionGuard(const ConnectionGuard&) = delete;
  ConnectionGuard& operator=(const ConnectionGuard&) = delete;

  // Call before the door can have accepted anything that matters; accepts before it are unknown and
  // their frames stay unanswered.
  Result<void> Watch(void* context, DoorSocket& door);

  // Becomes readable when a watched connection has received something.
  int activity_fd() const { return epoll_fd_; }
  // The monitors' sockets, for the caller's poll.
  const std::vector<void*>& monitors() const { return monitor_handles_; }

  // Reports accepts and closes to the table.
  void ReadMonitors(int64_t now);
  // Reports the byte counts of connections that received something since the last call; returns how
  // many there are.
  size_t Measure();
  // Carries out the table's cuts; returns them for the log.
  std::vector<CutOrder> CarryOut();

  uint64_t accept_failures() const { return accept_failures_; }

 private:
  struct Monitor {
    Door door;
    void* watched;  // the door's socket
    uint16_t port;  // where it listens
    SocketHandle events;
  };

  ConnectionGuard(ConnectionTable& table, int epoll_fd) : table_(table), epoll_fd_(epoll_fd) {}
  bool ReadEvent(Monitor& monitor, int64_t now);
  void Accepted(const Monitor& monitor, int fd, int64_t now);

  ConnectionTable& table_;
  int epoll_fd_;
  std::vector<Monitor> monitors_;
  std::vector<void*> monitor_handles_;
  uint64_t accept_failures_ = 0;
};

}  // namespace rujukan::broker
