#include "tests/support/http_stub.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/check.h"

namespace rujukan::testing {
namespace {

std::string HeaderOf(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? "" : value;
}

MHD_Result AddHeader(void* headers, MHD_ValueKind, const char* name, const char* value) {
  std::string key(name);
  for (char& c : key) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  (*static_cast<std::map<std::string, std::string>*>(headers))[key] = value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result Send(MHD_Connection* connection, const HttpStub::Reply& reply) {
  MHD_Response* response = MHD_create_response_from_buffer(
      reply.body.size(), const_cast<char*>(reply.body.data()), MHD_RESPMEM_MUST_COPY);
  CHECK(response != nullptr);
  if (!reply.content_type.empty()) {
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.content_type.c_str());
  }
  if (!reply.location.empty()) {
    MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, reply.location.c_str());
  }
  const MHD_Result queued = MHD_queue_response(connection, reply.status, response);
  MHD_destroy_response(response);
  return queued;
}

// Called when the headers are complete, for each piece of the body, and at its end.
MHD_Result OnRequest(void* closure,
                     MHD_Connection* connection,
                     const char* url,
                     const char* method,
                     const char* /*version*/,
                     const char* upload,
                     size_t* upload_size,
                     void** state) {
  if (*state == nullptr) {
    *state = new std::string;
    return MHD_YES;
  }
  auto* body = static_cast<std::string*>(*state);
  if (*upload_size > 0) {
    body->append(upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  const auto* stub = static_cast<const HttpStub*>(closure);
  HttpStub::Request request{
      method, url, HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_TYPE), *body, {}};
  MHD_get_connection_values(connection, MHD_HEADER_KIND, &AddHeader, &request.headers);
  return Send(connection, stub->handler()(request));
}

void OnDone(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<std::string*>(*state);
  *state = nullptr;
}

}  // namespace

HttpStub::HttpStub(Handler handler, int port) : handler_(std::move(handler)) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(static_cast<uint16_t>(port));
  CHECK(bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
  socklen_t length = sizeof place;
  CHECK(getsockname(fd, reinterpret_cast<sockaddr*>(&place), &length) == 0);
  port_ = ntohs(place.sin_port);
  Start(fd);
}

HttpStub::HttpStub(Handler handler, const std::string& socket_path)
    : handler_(std::move(handler)), socket_path_(socket_path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  CHECK(socket_path.size() < sizeof place.sun_path);
  std::memcpy(place.sun_path, socket_path.c_str(), socket_path.size() + 1);
  CHECK(bind(fd, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0);
  Start(fd);
}

void HttpStub::Start(int listen_fd) {
  constexpr int kBacklog = 64;
  CHECK(listen(listen_fd, kBacklog) == 0);
  daemon_ = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION,
                             0,
                             nullptr,
                             nullptr,
                             &OnRequest,
                             this,
                             MHD_OPTION_LISTEN_SOCKET,
                             listen_fd,
                             MHD_OPTION_NOTIFY_COMPLETED,
                             &OnDone,
                             nullptr,
                             MHD_OPTION_END);
  CHECK(daemon_ != nullptr);
}

HttpStub::~HttpStub() {
  MHD_stop_daemon(daemon_);
  if (!socket_path_.empty()) {
    unlink(socket_path_.c_str());
  }
}

}  // namespace rujukan::testing
