// Follows what the broker puts on record about legs (LegNoticesPage): asks from where this agency
// has all of it, keeps every entry with its proof, and has the legs folded anew. What comes unasked
// is kept too, but only moves the cursor once everything before it is here: nothing is missed, also
// after weeks away. Thread: the link's. Crash: a page is kept whole, with its cursor, or asked for
// again.
#pragma once

#include <optional>

#include "agents/agency/store.h"
#include "agents/link/event.h"
#include "base/clock.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::agency {

class Notices {
 public:
  explicit Notices(Store& store) : store_(store) {}

  // The next request over this connection; nullopt: one is under way, or all is here.
  Result<std::optional<v1::ClientFrame>> Next();
  // The connection is gone, or the request did not leave.
  void Lost();
  // kCorrupt, kUnavailable, kFatal: the store failed.
  Result<void> Take(const link::LegNoticed& page, UnixMillis now);

  bool current() const { return current_; }  // since the last connection

 private:
  Store& store_;
  std::optional<LogIndex> asked_;  // from where, unanswered
  bool current_ = false;
};

}  // namespace rujukan::agency
