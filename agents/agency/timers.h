// Time limits that a statute sets, counted by the agency that has the duty: an arrest, a detention,
// a report to the police. An object of its own beside a leg; nothing of it leaves the agency, and
// what it is about is sealed like content (tables_timers.cc).
//
// How long each is says the domain's clocks document (docs/formats/clocks.md), with the day it
// counts from. Both readings are shown: by the calendar, and as the statute counts (which may be
// working time). The alert is on whichever ends first; a breach is what the law calls one. Pure.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/json.h"
#include "agents/agency/worklist.h"
#include "base/clock.h"
#include "base/ids.h"
#include "ledger/clocks.h"

namespace rujukan::agency {

inline constexpr size_t kTimerNoteBytesMax = 500;

struct TimerRow {
  std::string id;  // 16 bytes, UUIDv7
  LegId leg;
  v1::StatutoryTimer::Code code = v1::StatutoryTimer::UNSPECIFIED;
  UnixMillis started = 0;
  bool extended = false;  // the extension that the statute allows was decided
  std::string note;
  std::string by;  // who started it, as the read trail knows readers
};

enum class TimerState { kRunning, kAlert, kBreached };
const char* TimerStateName(TimerState state);

struct TimerReading {
  UnixMillis legal = 0;  // breached after this
  UnixMillis calendar = 0;
  UnixMillis alert_by = 0;  // the earlier of both
  TimerState state = TimerState::kRunning;
  std::string law;
};

// kNotFound: the clocks have no such limit, or none yet when it started.
Result<TimerReading> ReadTimer(const TimerRow& timer,
                               const ledger::Clocks& clocks,
                               ledger::Zone zone,
                               UnixMillis now);

// For lists; a limit that the clocks no longer have is left out.
std::vector<WorkTimer> WorkTimersOf(const std::vector<TimerRow>& timers,
                                    const ledger::Clocks& clocks,
                                    ledger::Zone zone);

Json TimerJson(const TimerRow& timer, const TimerReading& reading);

// What is sealed of a row, as bytes and back. kCorrupt: not such bytes.
std::string TimerBody(const TimerRow& timer);
Result<void> ReadTimerBody(std::string_view body, TimerRow& timer);

}  // namespace rujukan::agency
