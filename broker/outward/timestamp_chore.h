// Has a time-stamping authority (RFC 3161) stamp a checkpoint and puts the token on record
// (docs/formats/timestamp.md). Exchange never waits for it: an outage is retried, and shows as a
// gap between stamps.
//
// Thread: the housekeeper's. Durability: none of its own; the ledger says what was stamped last.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "broker/core/journal.h"
#include "broker/engine/housekeeper.h"
#include "broker/outward/http_port.h"
#include "broker/outward/outward_status.h"

namespace rujukan::broker {

struct TimestampPorts {
  const Store& store;
  HttpPort& http;
  OutwardStatus& status;
  Recorder record;
};

struct TimestampOptions {
  std::string url;                   // http://, https:// or unix:/path
  std::vector<std::string> anchors;  // DER; empty: tokens go on record unverified
  int64_t every_ms = limits::kTimestampEveryMsDefault;
};

// Stamps the newest cosigned checkpoint, or the newest signed one when no cosigned one is newer
// than the last stamp. Not while only the broker's own entries came since: a ledger at rest needs
// no stamp.
std::unique_ptr<Chore> MakeTimestampChore(TimestampPorts ports, TimestampOptions options);

}  // namespace rujukan::broker
