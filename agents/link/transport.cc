#include "agents/link/transport.h"

#include <zmq.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "base/limits.h"

namespace rujukan::link {
namespace {

constexpr size_t kFramesPerWait = 256;
constexpr int kQueueFrames = 1024;

struct ContextCloser {
  void operator()(void* context) const { zmq_ctx_term(context); }
};
struct SocketCloser {
  void operator()(void* socket) const { zmq_close(socket); }
};
using Context = std::unique_ptr<void, ContextCloser>;
using Socket = std::unique_ptr<void, SocketCloser>;

std::string ZmqReason(const std::string& doing) {
  return "cannot " + doing + ": " + zmq_strerror(zmq_errno());
}

bool SetInt(void* socket, int option, int value) {
  return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

bool SetKey(void* socket, int option, std::string_view key) {
  return zmq_setsockopt(socket, option, key.data(), key.size()) == 0;
}

bool Configure(void* socket, const Endpoint& endpoint, const certs::TransportKeyPair& keys) {
  const int64_t frame_max = static_cast<int64_t>(limits::kFrameBytesMax);
  return SetInt(socket, ZMQ_LINGER, 0) && SetInt(socket, ZMQ_IMMEDIATE, 0) &&
         SetInt(socket, ZMQ_RECONNECT_IVL, -1) &&  // a new socket instead: see the header
         SetInt(socket, ZMQ_SNDHWM, kQueueFrames) && SetInt(socket, ZMQ_RCVHWM, kQueueFrames) &&
         SetInt(socket, ZMQ_HANDSHAKE_IVL, static_cast<int>(limits::kHandshakeMsMax)) &&
         SetInt(socket, ZMQ_TCP_KEEPALIVE, 1) && SetInt(socket, ZMQ_TCP_KEEPALIVE_IDLE, 60) &&
         zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &frame_max, sizeof frame_max) == 0 &&
         SetKey(socket, ZMQ_CURVE_SERVERKEY, endpoint.server_key.view()) &&
         SetKey(socket, ZMQ_CURVE_PUBLICKEY, keys.public_key.view()) &&
         SetKey(socket, ZMQ_CURVE_SECRETKEY, keys.secret_key);
}

std::string MonitorName() {
  static std::atomic<uint64_t> counter{
      0};  // names must differ within a context only; unique is simplest
  return "inproc://link-monitor-" + std::to_string(counter.fetch_add(1));
}

std::string ReasonOf(int event) {
  switch (event) {
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
      return "the broker does not admit this key (not joined yet, suspended or revoked)";
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
      return "the CURVE handshake failed (is the broker's transport key the right one?)";
    case ZMQ_EVENT_CLOSED:
      return "the broker cannot be reached";
    default:
      return "the connection was closed";
  }
}

}  // namespace

struct Transport::Sockets {
  Context context;
  Socket dealer;
  Socket monitor;

  ~Sockets() {
    // Order matters (libzmq#3575): stop monitoring before the monitor's socket goes.
    if (dealer) {
      zmq_socket_monitor(dealer.get(), nullptr, 0);
    }
    monitor.reset();
    dealer.reset();
  }
};

Transport::Transport(std::unique_ptr<Sockets> sockets) : sockets_(std::move(sockets)) {}
Transport::~Transport() = default;

Result<std::unique_ptr<Transport>> Transport::Open(const Endpoint& endpoint,
                                                   const certs::TransportKeyPair& keys) {
  auto sockets = std::make_unique<Sockets>();
  sockets->context.reset(zmq_ctx_new());
  if (!sockets->context) {
    return Fail(Errc::kUnavailable, ZmqReason("make a ZeroMQ context"));
  }
  zmq_ctx_set(sockets->context.get(), ZMQ_IPV6, 0);
  sockets->dealer.reset(zmq_socket(sockets->context.get(), ZMQ_DEALER));
  if (!sockets->dealer || !Configure(sockets->dealer.get(), endpoint, keys)) {
    return Fail(Errc::kUnavailable, ZmqReason("set up a connection"));
  }
  const std::string name = MonitorName();
  const int events = ZMQ_EVENT_CLOSED | ZMQ_EVENT_DISCONNECTED |
                     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  sockets->monitor.reset(zmq_socket(sockets->context.get(), ZMQ_PAIR));
  if (!sockets->monitor || !SetInt(sockets->monitor.get(), ZMQ_LINGER, 0) ||
      zmq_socket_monitor(sockets->dealer.get(), name.c_str(), events) != 0 ||
      zmq_connect(sockets->monitor.get(), name.c_str()) != 0) {
    return Fail(Errc::kUnavailable, ZmqReason("watch the connection"));
  }
  if (zmq_connect(sockets->dealer.get(), endpoint.address.c_str()) != 0) {
    return Fail(Errc::kInvalid, ZmqReason("connect to " + endpoint.address));
  }
  return std::unique_ptr<Transport>(new Transport(std::move(sockets)));
}

bool Transport::Send(const std::string& frame) {
  return zmq_send(sockets_->dealer.get(), frame.data(), frame.size(), ZMQ_DONTWAIT) >= 0;
}

namespace {

// Reads one message; multipart (which no broker of ours sends) is joined and fails to parse later.
bool Receive(void* socket, std::string& frame) {
  frame.clear();
  int more = 1;
  while (more != 0) {
    zmq_msg_t message;
    zmq_msg_init(&message);
    if (zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&message);
      return false;
    }
    if (frame.size() + zmq_msg_size(&message) <= limits::kFrameBytesMax) {
      frame.append(static_cast<const char*>(zmq_msg_data(&message)), zmq_msg_size(&message));
    }
    more = zmq_msg_more(&message);
    zmq_msg_close(&message);
  }
  return true;
}

// Drains the monitor. True when an event says that the connection is over.
bool ReadMonitor(void* monitor, std::string& reason) {
  bool over = false;
  std::array<char, 256> address{};
  std::array<char, 6> head{};
  while (zmq_recv(monitor, head.data(), head.size(), ZMQ_DONTWAIT) ==
         static_cast<int>(head.size())) {
    zmq_recv(monitor, address.data(), address.size(), ZMQ_DONTWAIT);
    const int event = static_cast<uint8_t>(head[0]) | (static_cast<uint8_t>(head[1]) << 8);
    if (reason.empty() || event != ZMQ_EVENT_DISCONNECTED) {
      reason = over ? reason : ReasonOf(event);
    }
    over = true;
  }
  return over;
}

}  // namespace

Transport::Activity Transport::Wait(int timeout_ms, int wake_fd, bool want_send) {
  Activity activity;
  const auto interest = static_cast<short>(want_send ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN);
  std::array<zmq_pollitem_t, 3> items{{{sockets_->dealer.get(), 0, interest, 0},
                                       {sockets_->monitor.get(), 0, ZMQ_POLLIN, 0},
                                       {nullptr, wake_fd, ZMQ_POLLIN, 0}}};
  if (zmq_poll(items.data(), wake_fd < 0 ? 2 : 3, timeout_ms) < 0) {
    return activity;  // interrupted by a signal
  }
  activity.woken = wake_fd >= 0 && items[2].revents != 0;
  activity.can_send = (items[0].revents & ZMQ_POLLOUT) != 0;
  if ((items[0].revents & ZMQ_POLLIN) != 0) {
    std::string frame;
    while (activity.frames.size() < kFramesPerWait && Receive(sockets_->dealer.get(), frame)) {
      activity.frames.push_back(std::move(frame));
    }
  }
  // Frames that arrived before the cut are handed out first; the loss is seen by a later call.
  if (activity.frames.empty() && items[1].revents != 0) {
    activity.lost = ReadMonitor(sockets_->monitor.get(), activity.reason);
  }
  return activity;
}

}  // namespace rujukan::link
