// The trail of one referral: who sent what when, and where that left the leg. Read from headers,
// which is all that an auditor (or the broker) can see. The entries are those the checkpoint signs;
// whether each is legal and signed by its sender is for `verify` to prove.
#pragma once

#include <string>
#include <vector>

#include "agents/audit/source.h"
#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::audit {

struct TrailEvent {
  LogIndex index = 0;
  UnixMillis time = 0;         // the broker's
  int utc_offset_minutes = 0;  // the sender's zone
  std::string who;
  std::string to;          // addresses, comma-separated; "" for a receipt
  std::string kind;        // RUJUKAN, TERIMA, ..., TANDA_TERIMA for a machine receipt
  std::string state;       // of the leg after this event; "" when there is no leg
  std::string note;        // "refused: ..." or why a delivery failed
  std::string message_id;  // UUID
};

struct Trail {
  std::string leg_id;  // UUID; "" for a notification
  std::vector<TrailEvent> events;
};

// `id`: the 16 bytes of a leg id or of the id of any of its messages. kNotFound: neither is in the
// ledger. kCorrupt: the entries are not those the checkpoint signs.
Result<Trail> ReadTrail(Source& source, const std::string& vkey, const std::string& id);

std::string TrailAsText(const Trail& trail);
std::string TrailAsJson(const Trail& trail);

}  // namespace rujukan::audit
