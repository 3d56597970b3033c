// Who reads which entries over HTTP: /tile/entries/<N>[.p/<W>] and /scoped/entries/<N>[.p/<W>].
//
// An accredited auditor opens a reading with a signed AuditRead, which is an entry before the first
// byte is read, and sends the token it chose: Authorization: Bearer. The range and end of the
// reading and the auditor's scope are looked up at every request. A whole-domain auditor gets plain
// C2SP bundles; whatever the scope, /scoped/ gives the leaf hash in the place of what is withheld.
// The operator's own token, if there is one, opens everything: it can read its disk anyway.
//
//   401  no token, not one that opened a reading, or the reading has expired
//   403  the auditor is suspended or has left; or the bundle holds entries out of range or scope
//
// Neither tokens nor digests are in a log, a metric or an answer. Thread: any.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "broker/core/port.h"
#include "broker/net/http_message.h"
#include "ledger/tile.h"

namespace rujukan::broker {

struct OperatorAccess {
  std::string token;             // "": the operator has no door of its own
  std::function<void()> on_use;  // called at every read with it; any thread
};

class EntryRoutes {
 public:
  // `log` must outlive it.
  EntryRoutes(const LogReader& log, OperatorAccess access);

  // A bundle as c2sp.org/tlog-tiles has it; refused when anything in it is withheld.
  HttpResponse Plain(const ledger::TileId& bundle, std::string_view authorization) const;
  // The same with leaf hashes in the place of what is withheld (ledger/scoped_bundle.h).
  HttpResponse Scoped(const ledger::TileId& bundle, std::string_view authorization) const;

  std::string MetricsText() const;

 private:
  enum Outcome : size_t {
    kGiven,
    kGivenScoped,
    kOperator,
    kNoToken,
    kUnknownToken,
    kExpired,
    kInactive,
    kOutOfRange,
    kOutOfScope,
    kFailed,
    kOutcomeCount,
  };
  struct Caller {
    Reading reading;
    bool is_operator = false;
  };

  // Who may read something, or what is answered instead.
  tl::expected<Caller, HttpResponse> Admit(std::string_view authorization) const;
  Result<Caller> CallerOf(std::string_view token) const;
  HttpResponse Refuse(Outcome outcome) const;
  HttpResponse Give(const Result<std::string>& bundle, Outcome outcome) const;
  void Count(Outcome outcome) const { ++counts_[outcome]; }
  static const char* Label(size_t outcome);

  const LogReader& log_;
  const OperatorAccess access_;
  const Digest operator_digest_;
  mutable std::array<std::atomic<uint64_t>, kOutcomeCount> counts_{};
};

}  // namespace rujukan::broker
