#include "broker/net/door.h"

#include <cerrno>
#include <utility>

#include "base/limits.h"
#include "broker/net/zap.h"

namespace rujukan::broker {
namespace {

Result<void> SetLimits(void* socket, Door door) {
  const auto frame_bytes = static_cast<int64_t>(FrameBytesMaxOf(door) + kCurveOverheadBytes);
  RETURN_IF_ERROR(SetOption(socket, ZMQ_MAXMSGSIZE, frame_bytes));
  RETURN_IF_ERROR(SetOption(socket, ZMQ_RCVHWM, limits::kReceiveQueueMax));
  RETURN_IF_ERROR(SetOption(socket, ZMQ_SNDHWM, limits::kSendQueueMax));
  // Fixed, so that what a connection may have under way is known (connection_table.h).
  RETURN_IF_ERROR(SetOption(socket, ZMQ_RCVBUF, limits::kKernelBufferBytes));
  RETURN_IF_ERROR(SetOption(socket, ZMQ_BACKLOG, limits::kAcceptBacklogMax));
  return SetOption(socket, ZMQ_HANDSHAKE_IVL, static_cast<int>(limits::kHandshakeMsMax));
}

Result<void> SetRouting(void* socket) {
  // With handover on, a client could claim another's routing id and receive its messages.
  RETURN_IF_ERROR(SetOption(socket, ZMQ_ROUTER_HANDOVER, 0));
  // Sends to a peer that is gone or full fail instead of vanishing.
  RETURN_IF_ERROR(SetOption(socket, ZMQ_ROUTER_MANDATORY, 1));
  // ZeroMQ heartbeats saturate the I/O thread at 10 000 peers; the kernel's cost nothing.
  RETURN_IF_ERROR(SetOption(socket, ZMQ_TCP_KEEPALIVE, 1));
  RETURN_IF_ERROR(SetOption(socket, ZMQ_TCP_KEEPALIVE_IDLE, 60));
  RETURN_IF_ERROR(SetOption(socket, ZMQ_TCP_KEEPALIVE_INTVL, 15));
  return SetOption(socket, ZMQ_TCP_KEEPALIVE_CNT, 4);
}

Result<void> SetSecurity(void* socket, Door door, const certs::TransportKeyPair& keys) {
  RETURN_IF_ERROR(SetOption(socket, ZMQ_CURVE_SERVER, 1));
  RETURN_IF_ERROR(SetOption(socket, ZMQ_CURVE_SECRETKEY, std::string_view(keys.secret_key)));
  return SetOption(socket, ZMQ_ZAP_DOMAIN, ZapDomainOf(door));
}

// The whole message has arrived already; its parts only have to be taken off the queue.
void DiscardRest(void* socket) {
  bool more = true;
  while (more) {
    Message part;
    more = part.Receive(socket, ZMQ_DONTWAIT) && part.more();
  }
}

// libzmq knows ports as "*" where people and config files write 0.
std::string ForLibzmq(std::string endpoint) {
  if (endpoint.ends_with(":0")) {
    endpoint.back() = '*';
  }
  return endpoint;
}

}  // namespace

size_t FrameBytesMaxOf(Door door) {
  return door == Door::kMain ? limits::kFrameBytesMax : limits::kEnrolmentFrameBytesMax;
}

Result<DoorSocket> DoorSocket::Open(void* context,
                                    const DoorOptions& options,
                                    const certs::TransportKeyPair& keys) {
  ASSIGN_OR_RETURN(SocketHandle socket, OpenSocket(context, ZMQ_ROUTER));
  RETURN_IF_ERROR(SetLimits(socket.get(), options.door));
  RETURN_IF_ERROR(SetRouting(socket.get()));
  RETURN_IF_ERROR(SetSecurity(socket.get(), options.door, keys));
  if (options.endpoint.find("[") != std::string::npos) {
    RETURN_IF_ERROR(SetOption(socket.get(), ZMQ_IPV6, 1));
  }
  RETURN_IF_ERROR(Bind(socket.get(), ForLibzmq(options.endpoint)));
  ASSIGN_OR_RETURN(std::string endpoint, LastEndpoint(socket.get()));
  return DoorSocket(options.door, std::move(socket), std::move(endpoint));
}

DoorSocket::DoorSocket(Door door, SocketHandle socket, std::string endpoint)
    : door_(door), socket_(std::move(socket)), endpoint_(std::move(endpoint)) {}

Reception DoorSocket::Receive(ReceivedFrame& out) {
  Message route;
  if (!route.Receive(socket_.get(), ZMQ_DONTWAIT)) {
    return Reception::kNothing;
  }
  Message payload;
  if (!route.more() || !payload.Receive(socket_.get(), ZMQ_DONTWAIT)) {
    out.fd = route.source_fd();
    return Reception::kMalformed;
  }
  const bool single = !payload.more();
  if (!single) {
    DiscardRest(socket_.get());
  }
  out.fd = payload.source_fd();
  const std::string_view user = payload.Property("User-Id");
  if (user.empty()) {
    return Reception::kUnauthenticated;
  }
  if (!single || payload.view().size() > FrameBytesMaxOf(door_)) {
    return Reception::kMalformed;
  }
  out.user = user;
  out.route = route.view();
  out.frame = payload.view();
  out.claimed_identity = payload.Property("Identity");
  return Reception::kFrame;
}

DoorSocket::Sent DoorSocket::Send(const std::string& route, std::string frame) {
  if (!Message(route).Send(socket_.get(), ZMQ_SNDMORE | ZMQ_DONTWAIT)) {
    return errno == EAGAIN ? Sent::kFull : Sent::kGone;
  }
  Message(std::move(frame)).Send(socket_.get(), ZMQ_DONTWAIT);
  return Sent::kYes;
}

}  // namespace rujukan::broker
