#include "broker/net/http_routes.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/tile.h"

namespace rujukan::broker {
namespace {

constexpr std::string_view kOctets = "application/octet-stream";
constexpr std::string_view kForever = "max-age=31536000, immutable";

HttpResponse Text(unsigned status, std::string_view sentence) {
  HttpResponse response;
  response.status = status;
  response.body = std::string(sentence) + "\n";
  return response;
}

HttpResponse FromError(const Error& error) {
  if (error.code == Errc::kNotFound) {
    return Text(
        404,
        "not in the ledger as it stands; a partial tile may be gone: ask for the full tile, "
        "and see /checkpoint for the size");
  }
  if (error.code == Errc::kInvalid) {
    return Text(400, "no such tile can exist; see c2sp.org/tlog-tiles for the form of the path");
  }
  if (error.code == Errc::kUnavailable) {
    return Text(503, "the store does not answer; try again in a few seconds");
  }
  // The reason is in the broker's log; an outsider has no use for it.
  return Text(500, "the broker could not read its store; its operator finds the reason in the log");
}

// "localhost:7402" -> "localhost", "[::1]:7402" -> "[::1]"
std::string_view WithoutPort(std::string_view host) {
  const size_t bracket = host.rfind(']');
  const size_t colon = host.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
    return host;
  }
  return host.substr(0, colon);
}

bool EqualInConstantTime(const Digest& a, const Digest& b) {
  unsigned difference = 0;
  for (size_t i = 0; i < Digest::kSize; ++i) {
    difference |= static_cast<unsigned>(a.data()[i] ^ b.data()[i]);
  }
  return difference == 0;
}

}  // namespace

HttpRoutes::HttpRoutes(const LogReader& log, HttpRoutesOptions options)
    : log_(log),
      options_(std::move(options)),
      token_digest_(certs::Sha256(options_.auditor_token)) {}

HttpResponse HttpRoutes::Answer(const HttpRequest& request) const {
  if (!options_.any_host && !HostAllowed(request.host)) {
    return Text(421,
                "this host name is not served here; use 127.0.0.1 or localhost, or add the name "
                "with --http-host");
  }
  if (request.path.size() > limits::kHttpPathBytesMax) {
    return Text(414, "the path is too long; the longest that means anything is shorter than 256");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse response = Text(405, "only GET and HEAD are served here");
    response.extra_header = "Allow";
    response.extra_value = "GET, HEAD";
    return response;
  }
  if (request.body_bytes > 0) {
    return Text(413, "send no body: everything here is a plain GET");
  }
  return Route(request);
}

HttpResponse HttpRoutes::Route(const HttpRequest& request) const {
  if (request.path == "/healthz") {
    return Text(200, "ok");
  }
  if (request.path == "/readyz") {
    return log_.Ready() ? Text(200, "ready")
                        : Text(503, "not serving: starting up, stopping or out of disk");
  }
  if (request.path == "/metrics") {
    return Metrics();
  }
  if (request.path == "/checkpoint") {
    return Checkpoint();
  }
  if (request.path == "/vkey") {
    return Text(200, options_.vkey);
  }
  if (request.path.starts_with("/tile/")) {
    return Tile(request);
  }
  return Text(404,
              "nothing here; see /checkpoint, /tile/<L>/<N>, /tile/entries/<N>, /vkey, /healthz, "
              "/readyz, /metrics");
}

HttpResponse HttpRoutes::Checkpoint() const {
  auto note = log_.CheckpointNote();
  if (!note) {
    return FromError(note.error());
  }
  HttpResponse response;
  response.cache_control = "public, max-age=2";
  response.body = std::move(*note);
  return response;
}

HttpResponse HttpRoutes::Tile(const HttpRequest& request) const {
  const auto parsed = ledger::ParseTilePath(request.path.substr(1));
  if (!parsed) {
    return Text(400, "not a tile path; see c2sp.org/tlog-tiles: /tile/<L>/<N>[.p/<W>]");
  }
  const bool entries = parsed->kind == ledger::TileKind::kEntries;
  if (entries && !IsAuditor(request.authorization)) {
    HttpResponse response =
        Text(401, "entries are for auditors: send Authorization: Bearer <auditor token>");
    response.extra_header = "WWW-Authenticate";
    response.extra_value = "Bearer realm=\"rujukan ledger entries\"";
    return response;
  }
  const ledger::TileId& id = parsed->id;
  auto bytes = entries ? log_.EntryBundle(id.number, id.width)
                       : log_.HashTile(id.level, id.number, id.width);
  if (!bytes) {
    return FromError(bytes.error());
  }
  HttpResponse response;
  response.content_type = kOctets;
  // A shared cache must not hand an auditor's answer to others.
  response.cache_control = std::string(entries ? "private, " : "public, ").append(kForever);
  response.body = std::move(*bytes);
  return response;
}

HttpResponse HttpRoutes::Metrics() const {
  HttpResponse response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = log_.MetricsText();
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

bool HttpRoutes::IsAuditor(std::string_view authorization) const {
  constexpr std::string_view kScheme = "Bearer ";
  if (options_.auditor_token.empty() || !authorization.starts_with(kScheme)) {
    return false;
  }
  const Digest given = certs::Sha256(authorization.substr(kScheme.size()));
  return EqualInConstantTime(given, token_digest_);
}

}  // namespace rujukan::broker
