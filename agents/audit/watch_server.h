// HTTP of a watch: the witness protocol (docs/formats/witness.md), /vkey, /healthz, /readyz,
// /status, /metrics. libmicrohttpd without TLS, on loopback, a private address or a unix socket;
// TLS is a reverse proxy's. Thread: one of its own. Stop before what it refers to goes away.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct MHD_Daemon;

namespace rujukan::audit {

struct WatchRequest {
  std::string_view method;
  std::string_view path;
  std::string_view host;
  std::string_view body;
  bool too_large = false;  // the body went over limits::kWitnessRequestBytesMax
};

struct WatchReply {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// What the routes answer with; called on the server's thread.
struct WatchHandlers {
  std::function<WatchReply(std::string_view body)> add_checkpoint;
  std::function<Result<std::string>(const std::string& origin_hash)> latest;
  std::function<std::string()> vkey;
  std::function<std::string()> status_json;
  std::function<std::string()> metrics;
  std::function<bool()> ready;
  std::vector<std::string> hosts;  // names it may be called by, beside those of this machine
  bool any_host = false;           // a unix socket
};

// Pure: which handler answers what.
WatchReply RouteWatch(const WatchHandlers& handlers, const WatchRequest& request);

class WatchServer {
 public:
  // `address`: "127.0.0.1:7410", port 0: the kernel chooses; or "unix:/path", made 0660, replacing
  // a stale socket. kInvalid: not such an address. kUnavailable: it is taken.
  static Result<std::unique_ptr<WatchServer>> Start(const std::string& address,
                                                    WatchHandlers handlers);
  ~WatchServer();  // requests under way are finished
  WatchServer(const WatchServer&) = delete;
  WatchServer& operator=(const WatchServer&) = delete;

  const std::string& url() const { return url_; }  // "http://127.0.0.1:7410" or "unix:/path"
  const WatchHandlers& handlers() const { return handlers_; }  // for the adapter's callbacks

 private:
  explicit WatchServer(WatchHandlers handlers) : handlers_(std::move(handlers)) {}

  WatchHandlers handlers_;
  std::string url_;
  std::string socket_path_;
  MHD_Daemon* daemon_ = nullptr;
};

}  // namespace rujukan::audit
