#include "tests/unit/broker_net/test_client.h"

#include <chrono>
#include <cstring>

#include "base/check.h"
#include "tests/unit/broker_net/fake_engine.h"

namespace rujukan::broker {
namespace {

using SteadyClock = std::chrono::steady_clock;

bool WaitReadable(void* socket, SteadyClock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
  if (left.count() <= 0) {
    return false;
  }
  zmq_pollitem_t item{socket, 0, ZMQ_POLLIN, 0};
  zmq_poll(&item, 1, static_cast<long>(left.count()));
  return (item.revents & ZMQ_POLLIN) != 0;
}

}  // namespace

TestClient::TestClient(const std::string& endpoint,
                       const TransportKey& server_key,
                       const certs::TransportKeyPair& keys,
                       const Options& options)
    : context_(zmq_ctx_new()) {
  socket_ = *OpenSocket(context_.get(), ZMQ_DEALER);
  events_ = *OpenSocket(context_.get(), ZMQ_PAIR);
  void* socket = socket_.get();
  if (options.curve) {
    CHECK(SetOption(socket, ZMQ_CURVE_SERVERKEY, server_key.view()));
    CHECK(SetOption(socket, ZMQ_CURVE_PUBLICKEY, keys.public_key.view()));
    CHECK(SetOption(socket, ZMQ_CURVE_SECRETKEY, std::string_view(keys.secret_key)));
  }
  if (!options.routing_id.empty()) {
    CHECK(SetOption(socket, ZMQ_ROUTING_ID, std::string_view(options.routing_id)));
  }
  CHECK(SetOption(socket, ZMQ_RCVHWM, options.receive_queue));
  CHECK(SetOption(socket, ZMQ_SNDHWM, 0));
  CHECK(SetOption(socket, ZMQ_RECONNECT_IVL, options.reconnect_ms));
  CHECK(SetOption(events_.get(), ZMQ_RCVHWM, 0));
  CHECK(zmq_socket_monitor(socket, "inproc://events", ZMQ_EVENT_ALL) == 0);
  CHECK(zmq_connect(events_.get(), "inproc://events") == 0);
  CHECK(zmq_connect(socket, endpoint.c_str()) == 0);
}

TestClient::~TestClient() {
  zmq_socket_monitor(socket_.get(), nullptr, 0);
}

bool TestClient::Send(std::string frame, int flags) {
  return Message(std::move(frame)).Send(socket_.get(), flags | ZMQ_DONTWAIT);
}

std::optional<std::string> TestClient::Receive() {
  if (!WaitReadable(socket_.get(), SteadyClock::now() + kPatience)) {
    return std::nullopt;
  }
  Message message;
  CHECK(message.Receive(socket_.get(), 0));
  return std::string(message.view());
}

std::optional<uint32_t> TestClient::WaitForEvent(int event) {
  const auto deadline = SteadyClock::now() + kPatience;
  while (WaitReadable(events_.get(), deadline)) {
    Message head;
    Message address;
    CHECK(head.Receive(events_.get(), 0));
    CHECK(address.Receive(events_.get(), 0));
    uint16_t kind = 0;
    uint32_t value = 0;
    std::memcpy(&kind, head.view().data(), sizeof kind);
    std::memcpy(&value, head.view().data() + sizeof kind, sizeof value);
    if (kind == event) {
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace rujukan::broker
