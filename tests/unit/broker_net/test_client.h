// A client of the doors: a DEALER with a monitor, as honest or dishonest as the test makes it.
#pragma once

#include <zmq.h>

#include <optional>
#include <string>

#include "broker/net/zmq_handle.h"
#include "certs/ed25519.h"

namespace rujukan::broker {

class TestClient {
 public:
  struct Options {
    bool curve = true;
    std::string routing_id{};  // "": the server chooses
    int receive_queue = 1000;
    int reconnect_ms = 100;  // -1: never again
  };

  TestClient(const std::string& endpoint,
             const TransportKey& server_key,
             const certs::TransportKeyPair& keys,
             const Options& options);
  TestClient(const std::string& endpoint,
             const TransportKey& server_key,
             const certs::TransportKeyPair& keys)
      : TestClient(endpoint, server_key, keys, Options()) {}
  ~TestClient();
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void* handle() { return socket_.get(); }
  // False: the queue is full, nobody takes frames.
  bool Send(std::string frame, int flags = 0);
  // The next frame, nullopt after kPatience.
  std::optional<std::string> Receive();
  // Waits for this event of zmq_socket_monitor(3); its value, or nullopt after kPatience.
  std::optional<uint32_t> WaitForEvent(int event);

 private:
  Context context_;
  SocketHandle socket_;
  SocketHandle events_;
};

}  // namespace rujukan::broker
