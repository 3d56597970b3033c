#include "agents/audit/deadlines.h"

#include <algorithm>

#include "agents/audit/span.h"
#include "base/check.h"
#include "ledger/leg_clocks.h"
#include "ledger/transition.h"

namespace rujukan::audit {
namespace {

using S = v1::LegState;

// Whether a change of the leg to `state` is what was waited for. While it is open, that is so for
// whatever runs no more; what ends it answers the question that was open, and nothing else.
bool IsAnswer(v1::Deadline::Code deadline, S::Code state) {
  switch (state) {
    case S::DITOLAK:
    case S::DIALIHKAN:
      return deadline == v1::Deadline::KONFIRMASI || deadline == v1::Deadline::KEPUTUSAN;
    case S::DITUTUP:
      return deadline == v1::Deadline::PENUTUPAN;
    default:
      return ledger::IsOpen(state);
  }
}

// "; on record 1 s after it (#17), level 2 (#19)"
std::string RecordsInWords(const Deadline& deadline) {
  std::string text;
  for (const MissRecord& record : deadline.records) {
    text += text.empty() ? "; on record " + LengthOfTime(record.time - deadline.due) + " after it"
                         : ", level " + std::to_string(record.level);
    text += " (#" + std::to_string(record.index) + ")";
  }
  return text;
}

}  // namespace

std::string_view VerdictName(DeadlineVerdict verdict) {
  switch (verdict) {
    case DeadlineVerdict::kMet:
      return "met";
    case DeadlineVerdict::kMissed:
      return "missed";
    case DeadlineVerdict::kPending:
      return "pending";
    case DeadlineVerdict::kMoot:
      return "moot";
  }
  CHECK(false);
}

std::string Deadline::Words() const {
  switch (verdict) {
    case DeadlineVerdict::kMet:
      return "met, " + LengthOfTime(due - answered) + " before it";
    case DeadlineVerdict::kMissed:
      return (answer ? "missed, answered " + LengthOfTime(answered - due) + " late"
                     : "missed, not answered") +
             RecordsInWords(*this);
    case DeadlineVerdict::kPending:
      return "not yet due where the ledger ends";
    case DeadlineVerdict::kMoot:
      return "moot: the leg ended before it";
  }
  CHECK(false);
}

void DeadlineBook::End(const Place& place, LogIndex index, UnixMillis time, bool answered) {
  const auto found = running_.find(place);
  Deadline& deadline = found->second.deadline;
  const bool late = time > deadline.due;
  if (answered) {
    deadline.answer = index;
    deadline.answered = time;
    deadline.verdict = late ? DeadlineVerdict::kMissed : DeadlineVerdict::kMet;
  } else {
    deadline.verdict = late ? DeadlineVerdict::kMissed : DeadlineVerdict::kMoot;
  }
  ended_.push_back(std::move(deadline));
  running_.erase(found);
}

void DeadlineBook::Observe(const std::string& leg_id,
                           const v1::LegRecord& leg,
                           LogIndex index,
                           UnixMillis time,
                           int utc_offset_minutes) {
  for (auto at = running_.lower_bound({leg_id, v1::Deadline::UNSPECIFIED});
       at != running_.end() && at->first.first == leg_id;) {
    const Place place = at->first;
    const auto* now = ledger::FindDeadline(leg, place.second);
    const bool over = now == nullptr || (now->started_ms() == time && at->second.started != time);
    ++at;
    if (over) {
      End(place, index, time, IsAnswer(place.second, leg.state()));
    }
  }
  for (const v1::RunningDeadline& one : leg.deadlines()) {
    Running& running = running_[{leg_id, one.deadline()}];
    running.started = one.started_ms();
    running.deadline.leg_id = leg_id;
    running.deadline.what = v1::Deadline::Code_Name(one.deadline());
    running.deadline.due = one.due_ms();
    running.deadline.utc_offset_minutes = utc_offset_minutes;
  }
}

void DeadlineBook::Record(const v1::DeadlineMissed& missed, LogIndex index, UnixMillis time) {
  const auto found = running_.find({missed.leg_id(), missed.deadline()});
  if (found != running_.end()) {
    found->second.deadline.records.push_back({index, time, missed.level()});
  }
}

std::vector<Deadline> DeadlineBook::Close(UnixMillis as_of) const {
  std::vector<Deadline> deadlines = ended_;
  for (const auto& [place, running] : running_) {
    deadlines.push_back(running.deadline);
    deadlines.back().verdict =
        as_of > running.deadline.due ? DeadlineVerdict::kMissed : DeadlineVerdict::kPending;
  }
  std::stable_sort(deadlines.begin(), deadlines.end(), [](const Deadline& a, const Deadline& b) {
    return a.due < b.due;
  });
  return deadlines;
}

}  // namespace rujukan::audit
