// Who may connect: the ZAP handler (rfc.zeromq.org/spec/27) that libzmq asks during every CURVE
// handshake. libzmq fails OPEN when nobody answers at inproc://zeromq.zap.01, so Start binds it and
// the caller opens its ROUTERs afterwards and closes them before Stop.
//
// Main door: the key must belong to an active agency; the connection's User-Id becomes its address.
// Enrolment door: any CURVE key; the User-Id is the key in hex. Everything else is refused,
// including what is malformed and any door not named here.
//
// Thread: Start and Stop by the owner; the handler runs in a thread of its own.
#pragma once

#include <memory>
#include <string_view>
#include <thread>

#include "base/result.h"
#include "broker/core/port.h"
#include "broker/net/zmq_handle.h"

namespace rujukan::broker {

// The ZAP domain of a door, set on its socket and echoed in each request.
std::string_view ZapDomainOf(Door door);

// What a request asks: the frames of ZAP 1.0 that matter.
struct ZapRequest {
  std::string_view version;
  std::string_view domain;
  std::string_view mechanism;
  std::string_view credentials;  // CURVE: the client's public key, 32 bytes
};
// The User-Id of whoever holds this key at this door; nullopt: refused. Pure.
std::optional<std::string> UserOf(const ZapRequest& request, const Gatekeeper& gatekeeper);

class ZapHandler {
 public:
  // kUnavailable: the context already has a handler. `gatekeeper` must outlive it.
  static Result<std::unique_ptr<ZapHandler>> Start(void* context, const Gatekeeper& gatekeeper);
  ~ZapHandler();  // joins
  ZapHandler(const ZapHandler&) = delete;
  ZapHandler& operator=(const ZapHandler&) = delete;

 private:
  ZapHandler(SocketHandle requests, SocketHandle stop_in, SocketHandle stop_out);
  void Run(const Gatekeeper& gatekeeper);

  SocketHandle requests_;  // the handler's thread
  SocketHandle stop_in_;   // the handler's thread
  SocketHandle stop_out_;  // the owner's
  std::thread thread_;
};

}  // namespace rujukan::broker
