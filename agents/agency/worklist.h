// What an officer has to do: from the legs an agency holds, what waits for it now and what is late.
// Pure: legs and the time come in, the lists go out; `today` and `overdue` show them.
//
// What waits is said by a leg's state and by what in it is unanswered; the running deadlines say
// until when. So nothing is missing from the list because a clock is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "ledger/transition.h"
#include "rujukan/v1/ledger.pb.h"

namespace rujukan::agency {

// How far ahead today reaches: what is due before this time tomorrow can still be prepared.
inline constexpr int64_t kTodayAheadMs = 24LL * 3600 * 1000;
// A leg that we cancelled ourselves is shown for so long, in case the child needs another agency.
inline constexpr int64_t kCancelledShownMs = 14LL * 24 * 3600 * 1000;

enum class Task : uint8_t {
  kRespondAlert,      // somebody must act on an alert
  kReceive,           // the receiver's machine has not taken it yet: telephone
  kConfirm,           // an officer opens it
  kDecide,            // accept, decline or redirect
  kAnswer,            // the other side asked
  kContact,           // meet the child
  kSignHandover,      // the other half of a handover
  kReport,            // progress
  kReview,            // a paused leg is looked at again
  kService,           // the service asked for by a date
  kClose,             // agree to the end, or object
  kSignOff,           // the signing official's word
  kAnswerCancel,      // the other side asks to cancel
  kAnswerWithdrawal,  // consent was withdrawn
  kFindAgency,        // declined, redirected, failed or cancelled: who helps now?
  kStatutory,         // a time limit of the law
  kSend,              // our referral has not left this machine: telephone
};
inline constexpr size_t kTaskCount = 17;
std::string_view TaskName(Task task);    // "RESPOND_ALERT": for machines
std::string_view CommandFor(Task task);  // "ack": what to run; "" when it is not one command

// Which side a deadline of a leg waits for; nullopt: whoever owes an answer (PERINGATAN).
std::optional<ledger::Side> WhoseDuty(v1::Deadline::Code deadline);

// A statutory timer that runs (timers.h).
struct WorkTimer {
  v1::StatutoryTimer::Code code = v1::StatutoryTimer::UNSPECIFIED;
  UnixMillis alert_by = 0;   // by the stricter reading
  UnixMillis breach_by = 0;  // by the reading that counts in law
};

// A leg from our side.
struct WorkLeg {
  LegId id;
  ledger::Side side = ledger::Side::kSender;
  std::string peer;
  v1::LegState::Code state = v1::LegState::UNSPECIFIED;  // once all we have queued is accepted
  v1::LegRecord record;
  std::vector<WorkTimer> timers{};
  std::vector<std::string> told{};  // agencies that the broker has told of what was missed
  // Our referral is not in the ledger: the receiver should have had it by then. 0: it is.
  UnixMillis send_by = 0;
};

struct WorkItem {
  LegId leg;
  ledger::Side side = ledger::Side::kSender;
  std::string peer;
  v1::LegState::Code state = v1::LegState::UNSPECIFIED;
  v1::ClockClass::Code clock_class = v1::ClockClass::UNSPECIFIED;
  Task task = Task::kConfirm;
  v1::Deadline::Code deadline = v1::Deadline::UNSPECIFIED;
  v1::StatutoryTimer::Code timer = v1::StatutoryTimer::UNSPECIFIED;
  UnixMillis breach_by = 0;         // of a statutory timer: the reading that counts in law
  bool ours = true;                 // we are waited for; else the other side is
  UnixMillis due = 0;               // 0: no time is set
  UnixMillis started = 0;           // when its clock began
  uint32_t escalation = 0;          // of the leg
  std::vector<std::string> told{};  // whom the broker has told by now
};

// What waits for us: alerts first, then by class of clock, then what is due first.
std::vector<WorkItem> TodayOf(std::span<const WorkLeg> legs, UnixMillis now);
// What waits for us and comes near: in the last quarter of its time, but no less than kNearMsMin
// and no more than kNearMsMax before it is due.
inline constexpr int64_t kNearMsMin = 5LL * 60 * 1000;
inline constexpr int64_t kNearMsMax = 24LL * 3600 * 1000;
std::vector<WorkItem> NearOf(std::span<const WorkLeg> legs, UnixMillis now);
// Referrals of ours that should have reached the receiver and have not left. No broker can tell:
// it has not seen them.
std::vector<WorkItem> UnsentOf(std::span<const WorkLeg> legs, UnixMillis now);
// What is late, ours and the other side's: by class, then the latest first.
std::vector<WorkItem> OverdueOf(std::span<const WorkLeg> legs, UnixMillis now);

}  // namespace rujukan::agency
