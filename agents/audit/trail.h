// The trail of a leg, of a notification or of an agency's messages: who sent what when, whether it
// arrived and was answered in time, what was refused, held, erased and read, and under which
// directory and policy. Read from headers, which is all that an auditor (or the broker) can see.
// The entries are those the checkpoint signs; whether each is signed by its sender is for `verify`
// to prove.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/audit/deadlines.h"
#include "agents/audit/source.h"
#include "agents/audit/span.h"
#include "base/ids.h"
#include "base/limits.h"

namespace rujukan::audit {

enum class TrailClass {
  kMessage,
  kDelivery,  // machine receipt
  kRefusal,
  kDeadline,   // went by without an answer; no entry
  kDirectory,  // an act that changed a party, the leg, the policy, or put the leg under a hold
  kReading,    // an auditor, or an agency's own log of reading
  kBroker,     // deadlines missed, legs closed, ciphertexts gone, time-stamped
};
std::string_view TrailClassName(TrailClass type);

struct TrailEvent {
  TrailClass type = TrailClass::kMessage;
  std::optional<LogIndex> index;  // nullopt: a deadline
  UnixMillis time = 0;            // the broker's
  int utc_offset_minutes = 0;     // the sender's zone
  std::string who;
  std::string to;          // addresses, comma-separated
  std::string kind;        // RUJUKAN, TERIMA, ..., TANDA_TERIMA for a machine receipt
  std::string state;       // of the leg after this event; "" when there is no leg
  std::string note;        // "refused: ..." or why a delivery failed
  std::string leg_id;      // UUID or ""
  std::string message_id;  // UUID or ""
  // What was in force when it became an entry.
  std::string who_status;       // AKTIF, ...; "" for who is no member
  std::string signer_key;       // hex of the key id; "" when nobody signed
  uint64_t policy_version = 0;  // 0: no policy
  std::string rule;             // of the policy that decided; "" when none did
  LogIndex directory_head = 0;  // index + 1 of the last directory entry before it
};

// Somebody the subject concerns, as the directory had it at the first event.
struct TrailParty {
  std::string address;
  std::string official_name;
  std::string status;
  std::string signing_key;   // hex of the key id
  UnixMillis key_until = 0;  // end of that certificate
};

struct TrailPolicy {
  uint64_t version = 0;
  std::string digest;  // hex, SHA-256 of the document
  LogIndex index = 0;  // of the entry that put it in force
};

struct TrailDirectory {
  LogIndex head = 0;  // index + 1 of its last entry
  std::string root;   // hex
};

struct Trail {
  std::string subject;    // "leg 01931c3e-..."
  std::string leg_id;     // UUID; "" for a notification or an agency
  std::string agency;     // "" for a leg or a notification
  std::string origin;     // of the ledger
  TreeSize size = 0;      // of its checkpoint
  uint64_t withheld = 0;  // of its entries, from this reader
  UnixMillis as_of = 0;   // time of its last entry
  Span span;
  std::vector<TrailEvent> events;  // in order of time
  std::vector<Deadline> deadlines;
  // In force at the first event.
  std::vector<TrailParty> parties;
  std::optional<TrailPolicy> policy;
  TrailDirectory directory;
};

struct TrailRequest {
  std::string subject;  // address, or UUID of a leg or a message
  Span span;            // events outside are left out; deadlines are judged all the same
  size_t events_max = limits::kTrailEventsMax;
};

// kNotFound: no such leg, message or agency in the ledger. kCorrupt: the entries are not those the
// checkpoint signs. kLimit: over `events_max` events: ask for a shorter span.
Result<Trail> ReadTrail(Source& source, const std::string& vkey, const TrailRequest& request);

// The events of one leg, or of none ("": acts on the agency itself and the like), in the order of
// the first event of each.
struct TrailThread {
  std::string leg_id;
  std::vector<const TrailEvent*> events;
};
std::vector<TrailThread> ThreadsOf(const Trail& trail);

std::string TrailAsText(const Trail& trail);
std::string TrailAsJson(const Trail& trail);
// One page that needs nothing else: no script, nothing from elsewhere.
std::string TrailAsHtml(const Trail& trail);

}  // namespace rujukan::audit
