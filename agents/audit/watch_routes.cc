// The routes of watch_server.h.

#include <algorithm>

#include "agents/audit/watch_server.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::audit {
namespace {

WatchReply Text(int status, std::string_view sentence) {
  WatchReply reply;
  reply.status = status;
  reply.body = std::string(sentence) + "\n";
  return reply;
}

// "localhost:7410" -> "localhost", "[::1]:7410" -> "[::1]"
std::string_view WithoutPort(std::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.rfind(':');
  const bool plain =
      colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket);
  return plain ? host : host.substr(0, colon);
}

// A page in a browser can be made to call this machine under a name of its own (DNS rebinding).
bool HostAllowed(const WatchHandlers& handlers, std::string_view host) {
  const std::string_view name = WithoutPort(host);
  return handlers.any_host || name == "127.0.0.1" || name == "localhost" || name == "[::1]" ||
         std::find(handlers.hosts.begin(), handlers.hosts.end(), name) != handlers.hosts.end();
}

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// "/<64 hex>/checkpoint" -> the hash, else "".
std::string_view OriginHashOf(std::string_view path) {
  constexpr size_t kHexDigits = 2 * Digest::kSize;
  constexpr std::string_view kEnd = "/checkpoint";
  if (path.size() != 1 + kHexDigits + kEnd.size() || !path.ends_with(kEnd)) {
    return "";
  }
  const std::string_view hash = path.substr(1, kHexDigits);
  return std::all_of(hash.begin(), hash.end(), IsHex) ? hash : "";
}

WatchReply Get(const WatchHandlers& handlers, std::string_view path) {
  if (path == "/healthz") {
    return Text(200, "ok");
  }
  if (path == "/readyz") {
    return handlers.ready() ? Text(200, "ready") : Text(503, "not every ledger was looked at yet");
  }
  if (path == "/vkey") {
    return Text(200, handlers.vkey());
  }
  if (path == "/status") {
    return {200, "application/json", handlers.status_json()};
  }
  if (path == "/metrics") {
    return {200, "text/plain; version=0.0.4; charset=utf-8", handlers.metrics()};
  }
  const std::string_view hash = OriginHashOf(path);
  if (hash.empty()) {
    return Text(404,
                "nothing here; see /add-checkpoint, /<sha256 of origin>/checkpoint, /vkey, "
                "/status, /metrics, /healthz, /readyz");
  }
  auto note = handlers.latest(std::string(hash));
  if (!note) {
    return Text(404, note.error().context);
  }
  return {200, "text/plain; charset=utf-8", std::move(*note)};
}

}  // namespace

WatchReply RouteWatch(const WatchHandlers& handlers, const WatchRequest& request) {
  if (!HostAllowed(handlers, request.host)) {
    return Text(421, "this host name is not served here; add it with --host");
  }
  if (request.path.size() > limits::kHttpPathBytesMax) {
    return Text(414, "the path is too long");
  }
  if (request.too_large) {
    return Text(413,
                "a request may have " + std::to_string(limits::kWitnessRequestBytesMax) + " bytes");
  }
  if (request.path == "/add-checkpoint") {
    return request.method == "POST" ? handlers.add_checkpoint(request.body)
                                    : Text(405, "POST a checkpoint here");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    return Text(405, "only GET and HEAD are served here");
  }
  return Get(handlers, request.path);
}

}  // namespace rujukan::audit
