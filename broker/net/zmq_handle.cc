#include "broker/net/zmq_handle.h"

#include <array>
#include <cstring>

namespace rujukan::broker {
namespace {

// Below this a copy is cheaper than a second allocation and a reference count.
constexpr size_t kCopyBytesMax = 1024;

void FreeText(void* /*data*/, void* hint) {
  delete static_cast<std::string*>(hint);
}

Result<void> Checked(int code, std::string_view what) {
  if (code != 0) {
    return ZmqFailure(what);
  }
  return {};
}

}  // namespace

tl::unexpected<Error> ZmqFailure(std::string_view what) {
  return Fail(Errc::kUnavailable, std::string(what) + ": " + zmq_strerror(zmq_errno()));
}

Result<SocketHandle> OpenSocket(void* context, int type) {
  SocketHandle socket(zmq_socket(context, type));
  if (socket == nullptr) {
    return ZmqFailure("opening a ZeroMQ socket");
  }
  RETURN_IF_ERROR(SetOption(socket.get(), ZMQ_LINGER, 0));
  return socket;
}

Result<void> SetOption(void* socket, int option, int value) {
  return Checked(zmq_setsockopt(socket, option, &value, sizeof value),
                 "setting socket option " + std::to_string(option));
}

Result<void> SetOption(void* socket, int option, int64_t value) {
  return Checked(zmq_setsockopt(socket, option, &value, sizeof value),
                 "setting socket option " + std::to_string(option));
}

Result<void> SetOption(void* socket, int option, std::string_view value) {
  return Checked(zmq_setsockopt(socket, option, value.data(), value.size()),
                 "setting socket option " + std::to_string(option));
}

Result<void> Bind(void* socket, const std::string& endpoint) {
  return Checked(zmq_bind(socket, endpoint.c_str()),
                 "binding " + endpoint + " (is another broker running, is the address ours?)");
}

Result<std::string> LastEndpoint(void* socket) {
  std::array<char, 512> text{};
  size_t size = text.size();
  RETURN_IF_ERROR(Checked(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, text.data(), &size),
                          "asking for the bound endpoint"));
  return std::string(text.data());
}

Message::Message(std::string text) {
  if (text.size() <= kCopyBytesMax) {
    zmq_msg_init_size(&message_, text.size());
    std::memcpy(zmq_msg_data(&message_), text.data(), text.size());
    return;
  }
  auto owned = std::make_unique<std::string>(std::move(text));
  if (zmq_msg_init_data(&message_, owned->data(), owned->size(), FreeText, owned.get()) == 0) {
    owned.release();  // FreeText deletes it, on the I/O thread, once it is sent
  } else {
    zmq_msg_init(&message_);
  }
}

std::string_view Message::view() const {
  return {static_cast<const char*>(zmq_msg_data(&message_)), zmq_msg_size(&message_)};
}

std::string_view Message::Property(const char* name) const {
  const char* value = zmq_msg_gets(&message_, name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace rujukan::broker
