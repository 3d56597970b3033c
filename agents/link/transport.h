// One connection to a broker: a ZeroMQ DEALER over CURVE. A lost connection is never revived: close
// it and make a new one, so that no frame of the old one is queued in between.
//
// Thread: the thread that opened it. Owns its context and sockets. Nothing here is durable.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "certs/ed25519.h"

namespace rujukan::link {

struct Endpoint {
  std::string address;      // tcp://host:port
  TransportKey server_key;  // the broker's CURVE key: whoever lacks its secret cannot answer
};

class Transport {
 public:
  // Starts connecting and returns at once. kInvalid: the address does not parse. kUnavailable: no
  // sockets.
  static Result<std::unique_ptr<Transport>> Open(const Endpoint& endpoint,
                                                 const certs::TransportKeyPair& keys);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // False when the peer does not read and the queue is full: keep the frame and wait for CanSend.
  bool Send(const std::string& frame);

  struct Activity {
    std::vector<std::string> frames;
    bool woken = false;  // wake_fd became readable
    bool can_send = false;
    bool lost = false;  // refused, handshake failed or disconnected: this transport is spent
    std::string reason;
  };
  // Waits until something arrives, `wake_fd` (-1: none) is readable, sending is possible again
  // (only when `want_send`), or `timeout_ms` is over. Takes at most a few hundred frames at a time.
  Activity Wait(int timeout_ms, int wake_fd, bool want_send);

 private:
  struct Sockets;
  explicit Transport(std::unique_ptr<Sockets> sockets);
  std::unique_ptr<Sockets> sockets_;
};

}  // namespace rujukan::link
