#include "broker/net/http_server.h"

#include <microhttpd.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "broker/net/listen_socket.h"

namespace rujukan::broker {
namespace {

// Paths are judged as they were sent: no %2e%2e, no %00 that ends a C string early.
size_t LeaveEscaped(void* /*closure*/, MHD_Connection* /*connection*/, char* text) {
  return std::strlen(text);
}

std::string_view HeaderOf(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// What the client says it will send; chunked counts as something.
size_t AnnouncedBody(MHD_Connection* connection) {
  if (!HeaderOf(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING).empty()) {
    return 1;
  }
  const std::string_view length = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  return length.empty() || length == "0" ? 0 : 1;
}

MHD_Result Queue(MHD_Connection* connection, const HttpResponse& answer) {
  MHD_Response* response = MHD_create_response_from_buffer(
      answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) {
    return MHD_NO;
  }
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.content_type.c_str());
  MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, answer.cache_control.c_str());
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  MHD_add_response_header(response, "Content-Security-Policy", "default-src 'none'");
  if (!answer.extra_header.empty()) {
    MHD_add_response_header(response, answer.extra_header.c_str(), answer.extra_value.c_str());
  }
  const MHD_Result queued = MHD_queue_response(connection, answer.status, response);
  MHD_destroy_response(response);
  return queued;
}

// Called when the headers are complete, then for each piece of a body, then at the end. Answering
// at once makes libmicrohttpd close the connection of a client that goes on sending.
MHD_Result OnRequest(void* closure,
                     MHD_Connection* connection,
                     const char* url,
                     const char* method,
                     const char* /*version*/,
                     const char* /*upload_data*/,
                     size_t* upload_data_size,
                     void** state) {
  static_cast<void>(upload_data_size);
  const auto* routes = static_cast<const HttpRoutes*>(closure);
  HttpRequest request{.method = method,
                      .path = url,
                      .host = HeaderOf(connection, MHD_HTTP_HEADER_HOST),
                      .authorization = HeaderOf(connection, MHD_HTTP_HEADER_AUTHORIZATION),
                      .body_bytes = AnnouncedBody(connection)};
  if (*state == nullptr && request.body_bytes == 0) {
    // libmicrohttpd wants a second call before it takes the answer of a request without a body.
    *state = const_cast<HttpRoutes*>(routes);
    return MHD_YES;
  }
  return Queue(connection, routes->Answer(request));
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                      const LogReader& log,
                                                      HttpRoutesOptions options) {
  ASSIGN_OR_RETURN(ListenSocket socket, Listen(address));
  options.any_host = options.any_host || !socket.socket_path.empty();
  std::unique_ptr<HttpServer> server(new HttpServer(log, std::move(options)));
  server->url_ = socket.url;
  server->socket_path_ = socket.socket_path;
  const std::array<MHD_OptionItem, 8> settings = {{
      {MHD_OPTION_LISTEN_SOCKET, socket.fd, nullptr},
      {MHD_OPTION_CONNECTION_LIMIT, limits::kHttpConnectionsMax, nullptr},
      {MHD_OPTION_PER_IP_CONNECTION_LIMIT,
       server->socket_path_.empty() ? limits::kHttpConnectionsPerIpMax : 0,
       nullptr},
      {MHD_OPTION_CONNECTION_TIMEOUT, limits::kHttpTimeoutS, nullptr},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT,
       static_cast<intptr_t>(limits::kHttpConnectionMemoryBytes),
       nullptr},
      {MHD_OPTION_STRICT_FOR_CLIENT, 1, nullptr},
      {MHD_OPTION_UNESCAPE_CALLBACK, reinterpret_cast<intptr_t>(&LeaveEscaped), nullptr},
      {MHD_OPTION_END, 0, nullptr},
  }};
  server->daemon_ = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD,
                                     /*port=*/0,
                                     /*apc=*/nullptr,
                                     nullptr,
                                     &OnRequest,
                                     &server->routes_,
                                     MHD_OPTION_ARRAY,
                                     settings.data(),
                                     MHD_OPTION_END);
  if (server->daemon_ == nullptr) {
    close(socket.fd);
    return Fail(Errc::kUnavailable, "the HTTP server did not start at " + address);
  }
  return server;
}

HttpServer::HttpServer(const LogReader& log, HttpRoutesOptions options)
    : routes_(log, std::move(options)) {}

HttpServer::~HttpServer() {
  if (daemon_ != nullptr) {
    MHD_stop_daemon(daemon_);  // closes the listening socket, too
  }
  if (!socket_path_.empty()) {
    unlink(socket_path_.c_str());
  }
}

}  // namespace rujukan::broker
