#include "broker/net/http_routes.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "ledger/scoped_bundle.h"
#include "ledger/tile.h"

namespace rujukan::broker {
namespace {

// "localhost:7402" -> "localhost", "[::1]:7402" -> "[::1]"
std::string_view WithoutPort(std::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
    return host;
  }
  return host.substr(0, colon);
}

}  // namespace

HttpRoutes::HttpRoutes(const LogReader& log, HttpRoutesOptions options)
    : log_(log), options_(std::move(options)), entries_(log, options_.operator_access) {}

HttpResponse HttpRoutes::Answer(const HttpRequest& request) const {
  if (!options_.any_host && !HostAllowed(request.host)) {
    return HttpText(
        421,
        "this host name is not served here; use 127.0.0.1 or localhost, or add the name "
        "with --http-host");
  }
  if (request.path.size() > limits::kHttpPathBytesMax) {
    return HttpText(414,
                    "the path is too long; the longest that means anything is shorter than 256");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = HttpText(405, "only GET and HEAD are served here");
    response.extra_header = "Allow";
    response.extra_value = "GET, HEAD";
    return response;
  }
  if (request.body_bytes > 0) {
    return HttpText(413, "send no body: everything here is a plain GET");
  }
  return Route(request);
}

HttpResponse HttpRoutes::Route(const HttpRequest& request) const {
  if (request.path == "/healthz") {
    return HttpText(200, "ok");
  }
  if (request.path == "/readyz") {
    return log_.Ready() ? HttpText(200, "ready")
                        : HttpText(503, "not serving: starting up, stopping or out of disk");
  }
  if (request.path == "/metrics") {
    return Metrics();
  }
  if (request.path == "/checkpoint") {
    return Checkpoint(log_.CheckpointNote());
  }
  if (request.path == "/checkpoint/cosigned") {
    auto note = log_.CosignedNote();
    const bool none = !note && note.error().code == Errc::kNotFound;
    return none ? HttpText(404, "no witness has cosigned a checkpoint of this ledger yet")
                : Checkpoint(std::move(note));
  }
  if (request.path == "/vkey") {
    return HttpText(200, options_.vkey);
  }
  if (request.path.starts_with("/tile/")) {
    return Tile(request);
  }
  if (request.path.starts_with("/scoped/")) {
    return Scoped(request);
  }
  return HttpText(404,
                  "nothing here; see /checkpoint, /tile/<L>/<N>, /tile/entries/<N>, "
                  "/scoped/entries/<N>, /vkey, /healthz, /readyz, /metrics");
}

HttpResponse HttpRoutes::Checkpoint(Result<std::string> note) const {
  if (!note) {
    return HttpFailure(note.error());
  }
  HttpResponse response;
  response.cache_control = "public, max-age=2";
  response.body = std::move(*note);
  return response;
}

HttpResponse HttpRoutes::Tile(const HttpRequest& request) const {
  const auto parsed = ledger::ParseTilePath(request.path.substr(1));
  if (!parsed) {
    return HttpText(400, "not a tile path; see c2sp.org/tlog-tiles: /tile/<L>/<N>[.p/<W>]");
  }
  const ledger::TileId& id = parsed->id;
  if (parsed->kind == ledger::TileKind::kEntries) {
    return entries_.Plain(id, request.authorization);
  }
  auto bytes = log_.HashTile(id.level, id.number, id.width);
  if (!bytes) {
    return HttpFailure(bytes.error());
  }
  HttpResponse response;
  response.content_type = kOctets;
  response.cache_control = std::string("public, ").append(kForever);
  response.body = std::move(*bytes);
  return response;
}

HttpResponse HttpRoutes::Scoped(const HttpRequest& request) const {
  const auto bundle = ledger::ParseScopedEntriesPath(request.path.substr(1));
  return bundle ? entries_.Scoped(*bundle, request.authorization)
                : HttpText(400, "not the path of a scoped bundle: /scoped/entries/<N>[.p/<W>]");
}

HttpResponse HttpRoutes::Metrics() const {
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = log_.MetricsText() + entries_.MetricsText();
  if (options_.more_metrics) {
    response.body += options_.more_metrics();
  }
  return response;
}

bool HttpRoutes::HostAllowed(std::string_view host) const {
  const std::string_view name = WithoutPort(host);
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]" ||
         std::find(options_.allowed_hosts.begin(), options_.allowed_hosts.end(), name) !=
             options_.allowed_hosts.end();
}

}  // namespace rujukan::broker
