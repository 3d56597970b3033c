// What the broker answers over HTTP, without a socket: the C2SP tlog-tiles layout of the ledger,
// health and metrics. docs/formats/tree.md; c2sp.org/tlog-tiles.
//
//   GET /checkpoint                     newest signed checkpoint       anyone who reaches the
//   address GET /tile/<L>/<N>[.p/<W>]           hashes, immutable              anyone GET
//   /tile/entries/<N>[.p/<W>]       entries, immutable             auditors: Authorization: Bearer
//   GET /vkey                           the ledger's note key          anyone
//   GET /healthz /readyz /metrics       process lives; serves; figures anyone
//
// A wrong token and no token are answered alike, and compared in constant time through SHA-256.
// Thread: immutable; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "broker/core/port.h"

namespace rujukan::broker {

struct HttpRequest {
  std::string_view method;
  std::string_view path;  // as sent, not unescaped, without the query
  std::string_view host;
  std::string_view authorization;
  size_t body_bytes = 0;  // announced or sent so far
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string cache_control = "no-store";
  std::string body;
  std::string extra_header;  // "" or the one further header this status asks for (Allow, ...)
  std::string extra_value;
};

struct HttpRoutesOptions {
  std::string auditor_token;               // "": entries are served to nobody
  std::string vkey;                        // the ledger's
  std::vector<std::string> allowed_hosts;  // beside localhost, 127.0.0.1 and [::1]
  bool any_host = false;                   // a unix socket: no browser gets there
  std::function<std::string()> more_metrics;
};

class HttpRoutes {
 public:
  // `log` must outlive it.
  HttpRoutes(const LogReader& log, HttpRoutesOptions options);

  HttpResponse Answer(const HttpRequest& request) const;

 private:
  bool HostAllowed(std::string_view host) const;
  bool IsAuditor(std::string_view authorization) const;
  HttpResponse Route(const HttpRequest& request) const;
  HttpResponse Checkpoint() const;
  HttpResponse Tile(const HttpRequest& request) const;
  HttpResponse Metrics() const;

  const LogReader& log_;
  const HttpRoutesOptions options_;
  const Digest token_digest_;
};

}  // namespace rujukan::broker
