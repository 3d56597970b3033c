// A door: one listening ROUTER over CURVE, with every option that keeps strangers small set before
// it is bound. It only reads, writes and tells who; what to do about it is the router's business.
//
// Security: only CURVE clients that hold the server's public key get as far as ZAP; a frame without
// a User-Id (ZAP did not speak) is never handed out. Frames over the door's limit are refused by
// libzmq before memory is spent on them, handshake included.
//
// Thread: one at a time.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "broker/core/port.h"
#include "broker/net/zmq_handle.h"
#include "certs/ed25519.h"

namespace rujukan::broker {

struct DoorOptions {
  Door door = Door::kMain;
  std::string endpoint;  // tcp://127.0.0.1:7400; port 0 or *: the kernel chooses
};

// The largest frame of a door, and what CURVE adds around it (rfc.zeromq.org/spec/26:
// "\x07MESSAGE", short nonce, authenticator, flags).
size_t FrameBytesMaxOf(Door door);
inline constexpr size_t kCurveOverheadBytes = 8 + 8 + 16 + 1;

enum class Reception {
  kFrame,            // everything is filled in
  kNothing,          // nothing waits
  kUnauthenticated,  // no User-Id: dropped
  kMalformed,        // not exactly one payload frame, or too large: dropped; cut this fd
};

// Reused from call to call, so that its strings keep their memory.
struct ReceivedFrame {
  std::string user;
  std::string route;
  std::string frame;
  std::string claimed_identity;  // routing id the client asked for; "": none, as it should be
  int fd = -1;
};

class DoorSocket {
 public:
  // Binds. kUnavailable: the address is taken or not ours.
  static Result<DoorSocket> Open(void* context,
                                 const DoorOptions& options,
                                 const certs::TransportKeyPair& keys);

  Door door() const { return door_; }
  void* handle() { return socket_.get(); }
  const std::string& endpoint() const { return endpoint_; }  // as bound

  Reception Receive(ReceivedFrame& out);

  enum class Sent { kYes, kGone, kFull };
  // kGone: no such connection any more. kFull: the peer does not read.
  Sent Send(const std::string& route, std::string frame);

 private:
  DoorSocket(Door door, SocketHandle socket, std::string endpoint);

  Door door_;
  SocketHandle socket_;
  std::string endpoint_;
};

}  // namespace rujukan::broker
