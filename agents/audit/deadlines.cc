#include "agents/audit/deadlines.h"

#include <algorithm>

#include "agents/audit/span.h"
#include "base/check.h"

namespace rujukan::audit {
namespace {

using K = v1::Kind;

DeadlineVerdict Judge(const Deadline& deadline, UnixMillis ended_at, UnixMillis as_of) {
  if (deadline.answer) {
    return deadline.answered <= deadline.due ? DeadlineVerdict::kMet : DeadlineVerdict::kMissed;
  }
  if (ended_at != 0 && ended_at <= deadline.due) {
    return DeadlineVerdict::kMoot;
  }
  return as_of > deadline.due ? DeadlineVerdict::kMissed : DeadlineVerdict::kPending;
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
      return answer ? "missed, answered " + LengthOfTime(answered - due) + " late"
                    : "missed, not answered";
    case DeadlineVerdict::kPending:
      return "not yet due where the ledger ends";
    case DeadlineVerdict::kMoot:
      return "moot: the leg ended before it";
  }
  CHECK(false);
}

void DeadlineBook::Add(const v1::Header& header, LogIndex index, UnixMillis time) {
  if (header.kind() == K::RUJUKAN) {
    if (header.confirm_by_ms() != 0 || header.decide_by_ms() != 0) {
      legs_[header.leg_id()] = Leg{header.confirm_by_ms(),
                                   header.decide_by_ms(),
                                   header.utc_offset_minutes(),
                                   {},
                                   0,
                                   {},
                                   0,
                                   0};
    }
    return;
  }
  const auto found = legs_.find(header.leg_id());
  if (found == legs_.end()) {
    return;
  }
  Leg& leg = found->second;
  const bool decides = header.kind() == K::TERIMA || header.kind() == K::TOLAK;
  if ((decides || header.kind() == K::KONFIRMASI) && !leg.confirmed) {
    leg.confirmed = index;
    leg.confirmed_at = time;
  }
  if (decides && !leg.decided) {
    leg.decided = index;
    leg.decided_at = time;
  }
  if (header.kind() == K::BATAL) {
    End(header.leg_id(), time);
  }
}

void DeadlineBook::End(const std::string& leg_id, UnixMillis time) {
  const auto found = legs_.find(leg_id);
  if (found != legs_.end() && found->second.ended_at == 0) {
    found->second.ended_at = time;
  }
}

std::vector<Deadline> DeadlineBook::Close(UnixMillis as_of) const {
  std::vector<Deadline> deadlines;
  for (const auto& [id, leg] : legs_) {
    if (leg.confirm_by != 0) {
      deadlines.push_back({id,
                           "KONFIRMASI",
                           leg.confirm_by,
                           {},
                           leg.confirmed,
                           leg.confirmed_at,
                           leg.utc_offset_minutes});
    }
    if (leg.decide_by != 0) {
      deadlines.push_back({id,
                           "KEPUTUSAN",
                           leg.decide_by,
                           {},
                           leg.decided,
                           leg.decided_at,
                           leg.utc_offset_minutes});
    }
  }
  for (Deadline& deadline : deadlines) {
    deadline.verdict = Judge(deadline, legs_.at(deadline.leg_id).ended_at, as_of);
  }
  std::stable_sort(deadlines.begin(), deadlines.end(), [](const Deadline& a, const Deadline& b) {
    return a.due < b.due;
  });
  return deadlines;
}

}  // namespace rujukan::audit
