#include "agents/audit/watch_server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

constexpr int kBacklog = 128;
constexpr std::string_view kUnixPrefix = "unix:";

struct Exchange {
  std::string body;
  bool too_large = false;
};

struct Bound {
  int fd = -1;
  std::string url;
  std::string socket_path;
};

// Paths are judged as they were sent: no %2e%2e, no %00 that ends a C string early.
size_t LeaveEscaped(void* /*closure*/, MHD_Connection* /*connection*/, char* text) {
  return std::strlen(text);
}

MHD_Result Queue(MHD_Connection* connection, const WatchReply& reply) {
  MHD_Response* response = MHD_create_response_from_buffer(
      reply.body.size(), const_cast<char*>(reply.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) {
    return MHD_NO;
  }
  MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply.content_type.c_str());
  MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  MHD_add_response_header(response, "Content-Security-Policy", "default-src 'none'");
  if (reply.status == MHD_HTTP_METHOD_NOT_ALLOWED) {
    MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
  }
  const MHD_Result queued =
      MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return queued;
}

// Called when the headers are complete, then for each piece of a body, then at the end.
MHD_Result OnRequest(void* self,
                     MHD_Connection* connection,
                     const char* url,
                     const char* method,
                     const char* /*version*/,
                     const char* data,
                     size_t* size,
                     void** state) {
  if (*state == nullptr) {
    *state = std::make_unique<Exchange>().release();
    return MHD_YES;
  }
  auto& exchange = *static_cast<Exchange*>(*state);
  if (*size != 0) {
    exchange.too_large |= exchange.body.size() + *size > limits::kWitnessRequestBytesMax;
    if (!exchange.too_large) {
      exchange.body.append(data, *size);
    }
    *size = 0;
    return MHD_YES;
  }
  const char* host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
  const WatchRequest request{.method = method,
                             .path = url,
                             .host = host == nullptr ? "" : host,
                             .body = exchange.body,
                             .too_large = exchange.too_large};
  return Queue(connection, RouteWatch(static_cast<const WatchServer*>(self)->handlers(), request));
}

void OnCompleted(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<Exchange*>(*state);
  *state = nullptr;
}

tl::unexpected<Error> ListenFailed(const std::string& address, int fd) {
  const std::string reason = std::strerror(errno);
  if (fd >= 0) {
    ::close(fd);
  }
  return Fail(Errc::kUnavailable, "listening at " + address + ": " + reason);
}

Result<Bound> ListenTcp(const std::string& address) {
  const size_t colon = address.rfind(':');
  const auto port = colon == std::string::npos ? Result<uint64_t>(Fail(Errc::kInvalid, ""))
                                               : ParseDecimal(address.substr(colon + 1));
  const std::string host = address.substr(0, colon);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  if (!port || *port > 65'535 || ::inet_pton(AF_INET, host.c_str(), &where.sin_addr) != 1) {
    return Fail(Errc::kInvalid,
                "\"" + address + "\" is not ADDRESS:PORT, such as 127.0.0.1:7410, or unix:PATH");
  }
  where.sin_port = htons(static_cast<uint16_t>(*port));
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  if (fd < 0 || ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      ::listen(fd, kBacklog) != 0) {
    return ListenFailed(address, fd);
  }
  socklen_t size = sizeof where;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&where), &size);
  return Bound{fd, "http://" + host + ":" + std::to_string(ntohs(where.sin_port)), ""};
}

Result<Bound> ListenUnix(const std::string& path) {
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof where.sun_path) {
    return Fail(Errc::kInvalid, "a unix socket's path has 1 to 107 bytes: \"" + path + "\"");
  }
  std::memcpy(where.sun_path, path.data(), path.size());
  struct stat file {};
  // Only a socket is replaced: a wrong path must not cost anybody a file.
  if (::stat(path.c_str(), &file) == 0 && S_ISSOCK(file.st_mode)) {
    ::unlink(path.c_str());
  }
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0 ||
      ::listen(fd, kBacklog) != 0) {
    return ListenFailed(path, fd);
  }
  ::chmod(path.c_str(), 0660);
  return Bound{fd, std::string(kUnixPrefix) + path, path};
}

Result<Bound> Listen(const std::string& address) {
  return address.starts_with(kUnixPrefix) ? ListenUnix(address.substr(kUnixPrefix.size()))
                                          : ListenTcp(address);
}

MHD_Daemon* StartDaemon(const Bound& bound, WatchServer* server) {
  const std::array<MHD_OptionItem, 9> settings = {{
      {MHD_OPTION_LISTEN_SOCKET, bound.fd, nullptr},
      {MHD_OPTION_CONNECTION_LIMIT, limits::kHttpConnectionsMax, nullptr},
      {MHD_OPTION_PER_IP_CONNECTION_LIMIT,
       bound.socket_path.empty() ? limits::kHttpConnectionsPerIpMax : 0,
       nullptr},
      {MHD_OPTION_CONNECTION_TIMEOUT, limits::kHttpTimeoutS, nullptr},
      {MHD_OPTION_CONNECTION_MEMORY_LIMIT,
       static_cast<intptr_t>(limits::kHttpConnectionMemoryBytes),
       nullptr},
      {MHD_OPTION_STRICT_FOR_CLIENT, 1, nullptr},
      {MHD_OPTION_UNESCAPE_CALLBACK, reinterpret_cast<intptr_t>(&LeaveEscaped), nullptr},
      {MHD_OPTION_NOTIFY_COMPLETED, reinterpret_cast<intptr_t>(&OnCompleted), nullptr},
      {MHD_OPTION_END, 0, nullptr},
  }};
  return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD,
                          /*port=*/0,
                          /*apc=*/nullptr,
                          nullptr,
                          &OnRequest,
                          server,
                          MHD_OPTION_ARRAY,
                          settings.data(),
                          MHD_OPTION_END);
}

}  // namespace

Result<std::unique_ptr<WatchServer>> WatchServer::Start(const std::string& address,
                                                        WatchHandlers handlers) {
  ASSIGN_OR_RETURN(const Bound bound, Listen(address));
  handlers.any_host = handlers.any_host || !bound.socket_path.empty();
  std::unique_ptr<WatchServer> server(new WatchServer(std::move(handlers)));
  server->url_ = bound.url;
  server->socket_path_ = bound.socket_path;
  server->daemon_ = StartDaemon(bound, server.get());
  if (server->daemon_ == nullptr) {
    ::close(bound.fd);
    return Fail(Errc::kUnavailable, "the HTTP server did not start at " + address);
  }
  return server;
}

WatchServer::~WatchServer() {
  if (daemon_ != nullptr) {
    MHD_stop_daemon(daemon_);  // closes the listening socket, too
  }
  if (!socket_path_.empty()) {
    ::unlink(socket_path_.c_str());
  }
}

}  // namespace rujukan::audit
