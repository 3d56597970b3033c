// What the broker answers over HTTP, without a socket: the C2SP tlog-tiles layout of the ledger,
// health and metrics. docs/formats/tree.md; c2sp.org/tlog-tiles.
//
//   GET /checkpoint                    newest signed, cosigned or not  anyone who gets here
//   GET /checkpoint/cosigned           newest that witnesses cosigned  anyone
//   GET /tile/<L>/<N>[.p/<W>]          hashes, immutable               anyone
//   GET /tile/entries/<N>[.p/<W>]      entries, immutable              auditors: entry_routes.h
//   GET /scoped/entries/<N>[.p/<W>]    entries, as far as they may be read    auditors
//   GET /vkey                          the ledger's note key           anyone
//   GET /healthz /readyz /metrics      process lives; serves; figures  anyone
//
// Thread: any.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/core/port.h"
#include "broker/net/entry_routes.h"
#include "broker/net/http_message.h"

namespace rujukan::broker {

struct HttpRoutesOptions {
  OperatorAccess operator_access;
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
  HttpResponse Route(const HttpRequest& request) const;
  HttpResponse Checkpoint(Result<std::string> note) const;
  HttpResponse Tile(const HttpRequest& request) const;
  HttpResponse Scoped(const HttpRequest& request) const;
  HttpResponse Metrics() const;

  const LogReader& log_;
  const HttpRoutesOptions options_;
  const EntryRoutes entries_;
};

}  // namespace rujukan::broker
