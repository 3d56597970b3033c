// The deadlines of legs, as the fold ran them (ledger/leg_clocks.h): whether each was kept, and
// when the broker put a missed one on record. Judged by the time of entries, which is the broker's:
// the receiver cannot set it back. Pure; thread: one owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "rujukan/v1/entry.pb.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::audit {

enum class DeadlineVerdict {
  kMet,      // answered in time
  kMissed,   // answered late, or not at all though the ledger has gone past it
  kPending,  // the ledger ends before it
  kMoot,     // the leg ended before it: cancelled, or nobody could answer any more
};
std::string_view VerdictName(DeadlineVerdict verdict);

// A DeadlineMissed entry.
struct MissRecord {
  LogIndex index = 0;
  UnixMillis time = 0;
  uint32_t level = 0;
};

struct Deadline {
  std::string leg_id;  // 16 bytes
  std::string what;    // KONFIRMASI, KEPUTUSAN, ...
  UnixMillis due = 0;
  DeadlineVerdict verdict = DeadlineVerdict::kPending;
  std::optional<LogIndex> answer;   // entry that answered
  UnixMillis answered = 0;          // its time
  int utc_offset_minutes = 0;       // of the leg's first header
  std::vector<MissRecord> records;  // of its being missed, a level each

  // "missed, answered 3 h late; on record 1 s after it (#17)"
  std::string Words() const;
};

class DeadlineBook {
 public:
  // A leg as the fold has it after entry `index`, in the ledger's order.
  void Observe(const std::string& leg_id,
               const v1::LegRecord& leg,
               LogIndex index,
               UnixMillis time,
               int utc_offset_minutes);
  // A legal DeadlineMissed entry.
  void Record(const v1::DeadlineMissed& missed, LogIndex index, UnixMillis time);

  // As of the ledger's last entry, in order of time.
  std::vector<Deadline> Close(UnixMillis as_of) const;

 private:
  struct Running {
    Deadline deadline;
    UnixMillis started = 0;
  };
  using Place = std::pair<std::string, v1::Deadline::Code>;  // leg and deadline

  void End(const Place& place, LogIndex index, UnixMillis time, bool answered);

  std::map<Place, Running> running_;
  std::vector<Deadline> ended_;
};

}  // namespace rujukan::audit
