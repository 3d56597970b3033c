#include "broker/net/zap.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace rujukan::broker {
namespace {

constexpr const char* kZapEndpoint = "inproc://zeromq.zap.01";
constexpr const char* kStopEndpoint = "inproc://rujukan.zap.stop";
// version, request id, domain, address, identity, mechanism, credentials
constexpr size_t kRequestFrames = 7;
constexpr size_t kFramesMax = 16;

std::vector<std::string> ReceiveFrames(void* socket) {
  std::vector<std::string> frames;
  bool more = true;
  while (more) {
    Message message;
    if (!message.Receive(socket, 0)) {
      return {};
    }
    if (frames.size() < kFramesMax) {
      frames.emplace_back(message.view());
    }
    more = message.more();
  }
  return frames;
}

void Reply(void* socket, const std::string& request_id, const std::optional<std::string>& user) {
  const std::array<std::string, 6> frames = {"1.0",
                                             request_id,
                                             user ? "200" : "400",
                                             user ? "OK" : "this key is not admitted at this door",
                                             user.value_or(""),
                                             ""};
  for (size_t i = 0; i < frames.size(); ++i) {
    Message(frames[i]).Send(socket, i + 1 < frames.size() ? ZMQ_SNDMORE : 0);
  }
}

void Answer(void* socket, const Gatekeeper& gatekeeper) {
  const std::vector<std::string> frames = ReceiveFrames(socket);
  if (frames.size() < 2) {
    Reply(socket, "", std::nullopt);
    return;
  }
  std::optional<std::string> user;
  if (frames.size() == kRequestFrames) {
    user = UserOf({.version = frames[0],
                   .domain = frames[2],
                   .mechanism = frames[5],
                   .credentials = frames[6]},
                  gatekeeper);
  }
  Reply(socket, frames[1], user);
}

}  // namespace

std::string_view ZapDomainOf(Door door) {
  return door == Door::kMain ? "rujukan-main" : "rujukan-enrolment";
}

std::optional<std::string> UserOf(const ZapRequest& request, const Gatekeeper& gatekeeper) {
  if (request.version != "1.0" || request.mechanism != "CURVE") {
    return std::nullopt;
  }
  const auto key = TransportKey::FromBytes(request.credentials);
  if (!key) {
    return std::nullopt;
  }
  if (request.domain == ZapDomainOf(Door::kEnrolment)) {
    return ToHex(key->view());
  }
  if (request.domain != ZapDomainOf(Door::kMain)) {
    return std::nullopt;
  }
  std::optional<std::string> address = gatekeeper.AddressOf(*key);
  // An empty User-Id would read as "not authenticated" at the door.
  return address && !address->empty() ? address : std::nullopt;
}

Result<std::unique_ptr<ZapHandler>> ZapHandler::Start(void* context, const Gatekeeper& gatekeeper) {
  ASSIGN_OR_RETURN(SocketHandle requests, OpenSocket(context, ZMQ_REP));
  RETURN_IF_ERROR(Bind(requests.get(), kZapEndpoint));
  ASSIGN_OR_RETURN(SocketHandle stop_in, OpenSocket(context, ZMQ_PAIR));
  RETURN_IF_ERROR(Bind(stop_in.get(), kStopEndpoint));
  ASSIGN_OR_RETURN(SocketHandle stop_out, OpenSocket(context, ZMQ_PAIR));
  if (zmq_connect(stop_out.get(), kStopEndpoint) != 0) {
    return ZmqFailure("connecting to the ZAP handler");
  }
  std::unique_ptr<ZapHandler> handler(
      new ZapHandler(std::move(requests), std::move(stop_in), std::move(stop_out)));
  handler->thread_ = std::thread([raw = handler.get(), &gatekeeper] { raw->Run(gatekeeper); });
  return handler;
}

ZapHandler::ZapHandler(SocketHandle requests, SocketHandle stop_in, SocketHandle stop_out)
    : requests_(std::move(requests)),
      stop_in_(std::move(stop_in)),
      stop_out_(std::move(stop_out)) {}

ZapHandler::~ZapHandler() {
  if (thread_.joinable()) {
    Message(std::string("stop")).Send(stop_out_.get(), 0);
    thread_.join();
  }
}

void ZapHandler::Run(const Gatekeeper& gatekeeper) {
  std::array<zmq_pollitem_t, 2> items = {
      {{requests_.get(), 0, ZMQ_POLLIN, 0}, {stop_in_.get(), 0, ZMQ_POLLIN, 0}}};
  while (true) {
    if (zmq_poll(items.data(), static_cast<int>(items.size()), -1) < 0) {
      continue;  // EINTR: a signal meant for the process
    }
    if ((items[1].revents & ZMQ_POLLIN) != 0) {
      return;
    }
    if ((items[0].revents & ZMQ_POLLIN) != 0) {
      Answer(requests_.get(), gatekeeper);
    }
  }
}

}  // namespace rujukan::broker
