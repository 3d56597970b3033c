// RAII over libzmq's C API, as much of it as the adapter needs.
// Thread: a Context may be shared; a Socket and a Message belong to one thread at a time.
#pragma once

#include <zmq.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::broker {

// kUnavailable with what failed and libzmq's reason.
tl::unexpected<Error> ZmqFailure(std::string_view what);

struct ContextCloser {
  void operator()(void* context) const { zmq_ctx_term(context); }
};
// Closing it waits for its sockets: declare it before them.
using Context = std::unique_ptr<void, ContextCloser>;

struct SocketCloser {
  void operator()(void* socket) const { zmq_close(socket); }
};
using SocketHandle = std::unique_ptr<void, SocketCloser>;

// A socket with LINGER 0: closing never waits for a peer.
Result<SocketHandle> OpenSocket(void* context, int type);
Result<void> SetOption(void* socket, int option, int value);
Result<void> SetOption(void* socket, int option, int64_t value);
Result<void> SetOption(void* socket, int option, std::string_view value);
Result<void> Bind(void* socket, const std::string& endpoint);
// The endpoint as bound, with the port the kernel chose.
Result<std::string> LastEndpoint(void* socket);

class Message {
 public:
  Message() { zmq_msg_init(&message_); }
  // Takes the text over: large ones are handed to libzmq without a copy.
  explicit Message(std::string text);
  ~Message() { zmq_msg_close(&message_); }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  // Sends and gives the content away. False: errno says why.
  bool Send(void* socket, int flags) { return zmq_msg_send(&message_, socket, flags) >= 0; }
  bool Receive(void* socket, int flags) { return zmq_msg_recv(&message_, socket, flags) >= 0; }

  std::string_view view() const;
  bool more() const { return zmq_msg_more(&message_) != 0; }
  // File descriptor of the connection the message came by, -1: unknown.
  int source_fd() const { return zmq_msg_get(&message_, ZMQ_SRCFD); }
  // Metadata of the connection ("User-Id"); "" when absent. Valid while the message lives.
  std::string_view Property(const char* name) const;

 private:
  mutable zmq_msg_t message_;  // libzmq's readers are not const-correct
};

}  // namespace rujukan::broker
