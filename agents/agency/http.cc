#include "agents/agency/http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::agency {
namespace {

constexpr size_t kThreadStackBytes = 512 * 1024;
constexpr unsigned kTimeoutS = 90;  // longer than the longest `wait`
constexpr unsigned kUploadTimeoutS = 3600;

struct Exchange {
  ApiRequest request;
  bool too_large = false;
  std::optional<ApiReply> refusal{};  // known before the body was read
  std::unique_ptr<BodySink> sink{};   // the body goes into it while it comes
  bool taking = true;                 // it wants more
};

MHD_Result AddQuery(void* query, MHD_ValueKind, const char* name, const char* value) {
  auto& map = *static_cast<std::map<std::string, std::string>*>(query);
  if (map.size() < 16) {
    map[name] = value == nullptr ? "" : value;
  }
  return MHD_YES;
}

// A body without an end: what is still to be sent of it.
struct Streaming {
  std::string waiting;
  std::function<std::optional<std::string>()> next;
};

// On the connection's own thread, which may wait: nothing else is held up.
ssize_t ReadStream(void* self, uint64_t, char* out, size_t max) {
  auto& streaming = *static_cast<Streaming*>(self);
  while (streaming.waiting.empty()) {
    auto more = streaming.next();
    if (!more) {
      return MHD_CONTENT_READER_END_OF_STREAM;
    }
    streaming.waiting = std::move(*more);
  }
  const size_t size = std::min(max, streaming.waiting.size());
  std::memcpy(out, streaming.waiting.data(), size);
  streaming.waiting.erase(0, size);
  return static_cast<ssize_t>(size);
}

void EndStream(void* self) {
  delete static_cast<Streaming*>(self);
}

MHD_Response* ResponseOf(const ApiReply& reply) {
  if (reply.stream) {
    constexpr size_t kBlockBytes = 16 * 1024;
    return MHD_create_response_from_callback(
        reply.stream_bytes.value_or(MHD_SIZE_UNKNOWN),
        kBlockBytes,
        &ReadStream,
        std::make_unique<Streaming>(Streaming{reply.body, reply.stream}).release(),
        &EndStream);
  }
  // MHD copies; it only asks for a non-const pointer.
  void* body = const_cast<char*>(reply.body.data());
  return MHD_create_response_from_buffer(reply.body.size(), body, MHD_RESPMEM_MUST_COPY);
}

MHD_Result SendReply(MHD_Connection* connection, const ApiReply& reply) {
  MHD_Response* response = ResponseOf(reply);
  if (!reply.content_type.empty()) {
    MHD_add_response_header(response, "Content-Type", reply.content_type.c_str());
  }
  MHD_add_response_header(response, "Cache-Control", "no-store");
  MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : reply.headers) {
    MHD_add_response_header(response, name.c_str(), value.c_str());
  }
  const MHD_Result result =
      MHD_queue_response(connection, static_cast<unsigned>(reply.status), response);
  MHD_destroy_response(response);
  return result;
}

// Who called, by the operating system's word: the user at the other end of a unix socket. "": TCP.
std::string CallerOf(MHD_Connection* connection) {
  const auto* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  ucred peer{};
  socklen_t size = sizeof peer;
  if (info == nullptr || getsockopt(info->connect_fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      peer.pid == 0) {
    return "";
  }
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> buffer{};
  getpwuid_r(peer.uid, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? "uid " + std::to_string(peer.uid) : std::string(found->pw_name);
}

// "Wulan (rujukan)": what the caller says, and what the system knows of it.
std::string ReaderOf(MHD_Connection* connection) {
  const char* given = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Rujukan-Pembaca");
  const std::string caller = CallerOf(connection);
  if (given == nullptr || *given == '\0') {
    return caller.empty() ? "api" : caller;
  }
  return std::string(given) + " (" + (caller.empty() ? "api" : caller) + ")";
}

const char* HostOf(MHD_Connection* connection) {
  return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
}

const char* TokenOf(MHD_Connection* connection) {
  return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
}

void ReadHead(MHD_Connection* connection, ApiRequest& request) {
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, AddQuery, &request.query);
  request.reader = ReaderOf(connection);
  for (const char* name : kApiHeaders) {
    const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    if (value != nullptr) {
      request.headers[name] = value;
    }
  }
}

// A file is worked on while it comes in, but not from somebody who may not send one.
void BeginStream(const HttpServer& server, MHD_Connection* connection, Exchange& exchange) {
  exchange.refusal = server.Refuse(HostOf(connection), TokenOf(connection));
  if (!exchange.refusal) {
    exchange.sink = server.Begin(exchange.request);
  }
}

// A large body is not taken from somebody who may not send one. Its work may outlast the timeout.
void BeginUpload(const HttpServer& server, MHD_Connection* connection, Exchange& exchange) {
  MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, kUploadTimeoutS);
  exchange.refusal = server.Refuse(HostOf(connection), TokenOf(connection));
  auto spool = exchange.refusal ? Result<std::unique_ptr<Spool>>(nullptr) : Spool::Make();
  if (!spool) {
    exchange.refusal = ProblemOf(spool.error());
  } else {
    exchange.request.upload = std::move(*spool);
  }
}

void TakeBody(Exchange& exchange, std::string_view part) {
  if (exchange.sink) {
    exchange.taking = exchange.taking && exchange.sink->Take(part);
    return;
  }
  auto& upload = exchange.request.upload;
  const size_t size = upload ? upload->size() : exchange.request.body.size();
  const size_t max = upload ? limits::kImportBytesMax : kApiBodyBytesMax;
  exchange.too_large |= size + part.size() > max;
  if (exchange.too_large || exchange.refusal) {
    return;
  }
  if (!upload) {
    exchange.request.body.append(part);
  } else if (auto kept = upload->Append(part); !kept) {
    exchange.refusal = ProblemOf(kept.error());
  }
}

MHD_Result OnRequest(void* self,
                     MHD_Connection* connection,
                     const char* url,
                     const char* method,
                     const char*,
                     const char* data,
                     size_t* size,
                     void** state) {
  const auto& server = *static_cast<const HttpServer*>(self);
  if (*state == nullptr) {
    auto exchange = std::make_unique<Exchange>();
    exchange->request.method = method;
    exchange->request.path = url;
    ReadHead(connection, exchange->request);
    if (TakesUpload(method, url)) {
      BeginUpload(server, connection, *exchange);
    } else {
      BeginStream(server, connection, *exchange);
    }
    *state = exchange.release();
    return MHD_YES;
  }
  auto& exchange = *static_cast<Exchange*>(*state);
  if (*size != 0) {
    TakeBody(exchange, std::string_view(data, *size));
    *size = 0;
    return MHD_YES;
  }
  if (exchange.refusal) {
    return SendReply(connection, *exchange.refusal);
  }
  if (exchange.sink) {
    return SendReply(connection, exchange.sink->Finish());
  }
  if (exchange.too_large) {
    return SendReply(
        connection,
        ProblemNamed("too-large",
                     exchange.request.upload
                         ? "impor paling banyak 64 MiB; bagi menjadi beberapa berkas / an import "
                           "may have 64 MiB: make several files"
                         : "isi paling banyak 300 KiB; kirim berkas sebagai lampiran / the body "
                           "may have 300 KiB"));
  }
  return SendReply(connection,
                   server.Answer(exchange.request, HostOf(connection), TokenOf(connection)));
}

void OnCompleted(void*, MHD_Connection*, void** state, MHD_RequestTerminationCode) {
  delete static_cast<Exchange*>(*state);
  *state = nullptr;
}

Error SystemError(const std::string& doing) {
  return Error{Errc::kUnavailable, "cannot " + doing + ": " + std::strerror(errno)};
}

Result<int> ListenOnSocket(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Fail(Errc::kLimit,
                path + " is too long for a unix socket (107 characters); choose a shorter --home");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  unlink(path.c_str());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const mode_t before = umask(0177);  // never open to others, not even for a moment
  const bool bound =
      fd >= 0 && bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  umask(before);
  if (!bound || listen(fd, 64) != 0) {
    Error error = SystemError("listen on " + path);
    if (fd >= 0) {
      close(fd);
    }
    return Fail(std::move(error));
  }
  return fd;
}

Result<int> ListenOnLoopback(const std::string& address) {
  constexpr std::string_view kHost = "127.0.0.1:";
  const auto port =
      ParseDecimal(std::string_view(address).substr(std::min(address.size(), kHost.size())));
  if (address.rfind(kHost, 0) != 0 || !port || *port > 65535) {
    return Fail(Errc::kInvalid, "--api takes 127.0.0.1:PORT; other machines go through a proxy");
  }
  sockaddr_in bind_to{};
  bind_to.sin_family = AF_INET;
  bind_to.sin_port = htons(static_cast<uint16_t>(*port));
  bind_to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  if (fd >= 0) {
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  }
  if (fd < 0 || bind(fd, reinterpret_cast<const sockaddr*>(&bind_to), sizeof bind_to) != 0 ||
      listen(fd, 64) != 0) {
    Error error = SystemError("listen on " + address);
    if (fd >= 0) {
      close(fd);
    }
    return Fail(std::move(error));
  }
  return fd;
}

}  // namespace

Result<void> HttpServer::Serve(int listen_fd) {
  daemon_ = MHD_start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL | MHD_USE_ITC,
      0,
      nullptr,
      nullptr,
      &OnRequest,
      this,
      MHD_OPTION_LISTEN_SOCKET,
      listen_fd,
      MHD_OPTION_NOTIFY_COMPLETED,
      &OnCompleted,
      nullptr,
      MHD_OPTION_CONNECTION_LIMIT,
      limits::kApiConnectionsMax,
      MHD_OPTION_CONNECTION_TIMEOUT,
      kTimeoutS,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      limits::kHttpConnectionMemoryBytes,
      MHD_OPTION_THREAD_STACK_SIZE,
      kThreadStackBytes,
      MHD_OPTION_STRICT_FOR_CLIENT,
      1,
      MHD_OPTION_END);
  if (daemon_ == nullptr) {
    close(listen_fd);
    return Fail(Errc::kUnavailable, "cannot start the API's server");
  }
  return {};
}

Result<std::unique_ptr<HttpServer>> HttpServer::OnSocket(const std::string& path,
                                                         ApiHandler handler,
                                                         ApiStreams streams) {
  ASSIGN_OR_RETURN(const int fd, ListenOnSocket(path));
  std::unique_ptr<HttpServer> server(new HttpServer(std::move(handler), std::move(streams), ""));
  server->socket_path_ = path;
  RETURN_IF_ERROR(server->Serve(fd));
  return server;
}

Result<std::unique_ptr<HttpServer>> HttpServer::OnLoopback(const std::string& address,
                                                           std::string token,
                                                           ApiHandler handler,
                                                           ApiStreams streams) {
  ASSIGN_OR_RETURN(const int fd, ListenOnLoopback(address));
  std::unique_ptr<HttpServer> server(
      new HttpServer(std::move(handler), std::move(streams), std::move(token)));
  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size);
  server->port_ = ntohs(bound.sin_port);
  RETURN_IF_ERROR(server->Serve(fd));
  return server;
}

HttpServer::~HttpServer() {
  if (daemon_ != nullptr) {
    MHD_stop_daemon(daemon_);
  }
  if (!socket_path_.empty()) {
    unlink(socket_path_.c_str());
  }
}

std::optional<ApiReply> HttpServer::Refuse(const char* host, const char* authorization) const {
  if (token_.empty()) {
    return std::nullopt;
  }
  // A page in a browser can be made to call 127.0.0.1 under a name of its own (DNS rebinding).
  const std::string port = ":" + std::to_string(port_);
  const std::string_view name = host == nullptr ? "" : host;
  if (name != "127.0.0.1" + port && name != "localhost" + port) {
    return ProblemNamed("misdirected",
                        "panggil API ini sebagai / call this API as 127.0.0.1" + port);
  }
  // Compared by digest, so that the time taken tells nothing about the token.
  const std::string given = authorization == nullptr ? "" : authorization;
  if (certs::Sha256(given) != certs::Sha256("Bearer " + token_)) {
    return ProblemNamed("unauthorized",
                        "kirim / send Authorization: Bearer with the line in api.token");
  }
  return std::nullopt;
}

ApiReply HttpServer::Answer(const ApiRequest& request,
                            const char* host,
                            const char* authorization) const {
  auto refusal = Refuse(host, authorization);
  return refusal ? std::move(*refusal) : handler_(request);
}

}  // namespace rujukan::agency
