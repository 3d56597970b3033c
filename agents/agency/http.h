// HTTP for the API: libmicrohttpd on a unix socket (whoever may open the file, mode 0600, may
// speak) or on 127.0.0.1 with a bearer token. No TLS: nothing leaves the machine.
//
// Thread: libmicrohttpd's own, one a connection, at most limits::kApiConnectionsMax; idle it has
// two. Stop before what the handler refers to goes away.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agents/agency/api.h"
#include "base/result.h"

struct MHD_Daemon;

namespace rujukan::agency {

using ApiHandler = std::function<ApiReply(const ApiRequest&)>;
// As Api::Begin.
using ApiStreams = std::function<std::unique_ptr<BodySink>(const ApiRequest&)>;

class HttpServer {
 public:
  // Replaces a stale socket file: the caller holds the home's lock, so nobody else listens. kLimit:
  // the path is longer than a unix socket's may be. kUnavailable: cannot listen.
  static Result<std::unique_ptr<HttpServer>> OnSocket(const std::string& path,
                                                      ApiHandler handler,
                                                      ApiStreams streams = {});
  // `address` is 127.0.0.1:PORT, port 0: any. kInvalid: not a loopback address.
  static Result<std::unique_ptr<HttpServer>> OnLoopback(const std::string& address,
                                                        std::string token,
                                                        ApiHandler handler,
                                                        ApiStreams streams = {});
  ~HttpServer();  // waits for requests under way
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const { return port_; }  // of a loopback server

  // For the adapter's own callbacks. Refuse: whether this caller is answered at all.
  std::optional<ApiReply> Refuse(const char* host, const char* authorization) const;
  ApiReply Answer(const ApiRequest& request, const char* host, const char* authorization) const;
  std::unique_ptr<BodySink> Begin(const ApiRequest& request) const {
    return streams_ ? streams_(request) : nullptr;
  }

 private:
  HttpServer(ApiHandler handler, ApiStreams streams, std::string token)
      : handler_(std::move(handler)), streams_(std::move(streams)), token_(std::move(token)) {}
  Result<void> Serve(int listen_fd);

  const ApiHandler handler_;
  const ApiStreams streams_;
  const std::string token_;  // "": a unix socket, no token asked
  uint16_t port_ = 0;
  std::string socket_path_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace rujukan::agency
