// What the engine has for the network: frames to send, agencies to cut, "go on reading". Any thread
// puts in and returns at once; the network thread takes everything at a time, woken through an
// eventfd.
//
// Bounded by limits::kOutboundQueueMax frames. Beyond that a frame is lost, and so that nobody
// waits for it, its connection is closed: the client comes back and asks again.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/core/port.h"

namespace rujukan::broker {

class Outbox : public Outlet {
 public:
  static Result<std::unique_ptr<Outbox>> Create();
  ~Outbox() override;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void Send(const Peer& peer, std::string frame) override;
  void Cut(const std::string& user) override;
  void Drop(const Peer& peer) override;
  void Resume() override;
  // Wakes the network thread, so that it looks at its own state.
  void Wake();

  struct Frame {
    Peer peer;
    std::string bytes;
  };
  struct Orders {
    std::vector<Frame> frames;
    std::vector<std::string> cuts;
    std::vector<Peer> lost;  // to be cut: a frame of theirs was dropped, or they do not read
    bool resume = false;
  };
  // Everything since the last call; `orders` gives its memory back for reuse.
  void Take(Orders& orders);
  int wake_fd() const { return wake_fd_; }  // readable while there is something to take

 private:
  explicit Outbox(int wake_fd) : wake_fd_(wake_fd) {}
  void Signal();  // Requires: mutex_ held.

  const int wake_fd_;
  std::mutex mutex_;
  // Guarded by mutex_.
  Orders orders_;
  bool signalled_ = false;
};

}  // namespace rujukan::broker
