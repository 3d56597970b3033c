// The deadlines of a leg: what its RUJUKAN asked for (confirm_by_ms, decide_by_ms), and whether the
// receiver answered by then. Judged by the time of entries, which is the broker's: the receiver
// cannot set it back. Pure; thread: one owner.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "rujukan/v1/header.pb.h"

namespace rujukan::audit {

enum class DeadlineVerdict {
  kMet,      // answered in time
  kMissed,   // answered late, or not at all though the ledger has gone past it
  kPending,  // the ledger ends before it
  kMoot,     // the leg ended before it: cancelled, or nobody could answer any more
};
std::string_view VerdictName(DeadlineVerdict verdict);

struct Deadline {
  std::string leg_id;  // 16 bytes
  std::string what;    // KONFIRMASI or KEPUTUSAN
  UnixMillis due = 0;
  DeadlineVerdict verdict = DeadlineVerdict::kPending;
  std::optional<LogIndex> answer;  // entry that answered
  UnixMillis answered = 0;         // its time
  int utc_offset_minutes = 0;      // of the header that set it

  std::string Words() const;  // "missed by 3 h 12 min", "not answered"
};

class DeadlineBook {
 public:
  // Accepted and legal messages, in order. An answer counts as a confirmation, too: whoever decides
  // has read it.
  void Add(const v1::Header& header, LogIndex index, UnixMillis time);
  // The leg ended without an answer (its mail came back).
  void End(const std::string& leg_id, UnixMillis time);

  // As of the ledger's last entry, in order of time.
  std::vector<Deadline> Close(UnixMillis as_of) const;

 private:
  struct Leg {
    UnixMillis confirm_by = 0;
    UnixMillis decide_by = 0;
    int utc_offset_minutes = 0;
    std::optional<LogIndex> confirmed;
    UnixMillis confirmed_at = 0;
    std::optional<LogIndex> decided;
    UnixMillis decided_at = 0;
    UnixMillis ended_at = 0;  // 0: not
  };

  std::map<std::string, Leg> legs_;
};

}  // namespace rujukan::audit
