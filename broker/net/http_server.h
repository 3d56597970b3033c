// HTTP/1.1 for auditors and monitoring, by libmicrohttpd, without TLS: bound to 127.0.0.1 or a unix
// socket. What is answered is http_routes.h's business; here are the sockets and the bounds
// (connections, per address, memory, time).
//
// Thread: one of its own (epoll). Owns the listening socket, and the unix socket's file.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "broker/net/http_routes.h"

struct MHD_Daemon;

namespace rujukan::broker {

class HttpServer {
 public:
  // `address`: "127.0.0.1:7402", "[::1]:0" (0: the kernel chooses) or "unix:/path", whose file is
  // made 0660 and replaces a stale one. kInvalid: not such an address. kUnavailable: it is taken.
  static Result<std::unique_ptr<HttpServer>> Start(const std::string& address,
                                                   const LogReader& log,
                                                   HttpRoutesOptions options);
  ~HttpServer();  // open requests are cut
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  const std::string& Url() const { return url_; }  // "http://127.0.0.1:7402" or "unix:/path"

 private:
  HttpServer(const LogReader& log, HttpRoutesOptions options);

  HttpRoutes routes_;
  std::string url_;
  std::string socket_path_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace rujukan::broker
