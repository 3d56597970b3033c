// today, overdue, search, timer: what waits for an officer, and finding a leg. Thread: main.
#pragma once

#include <string>

#include "agents/agency/cli.h"

namespace rujukan::agency {

int Today(const Terminal& terminal);
// `children`: with each child's pseudonym, which opens the referrals: readings.
int Overdue(const Terminal& terminal, bool children);

struct SearchOptions {
  std::string leg;
  std::string peer;
  std::string state;
  std::string deadline;
  std::string urgency;
  std::string from;
  std::string until;
  std::string ref_anak;
  std::string name;
};
// By POST: what is looked for is in no address and no log.
int Search(const Terminal& terminal, const SearchOptions& options);

struct TimerOptions {
  std::string leg;
  std::string timer;  // to start: a code; to stop: an id
  std::string started;
  std::string note;
  bool extended = false;
};
int StartTimer(const Terminal& terminal, const TimerOptions& options);
int StopTimer(const Terminal& terminal, const TimerOptions& options);
int ListTimers(const Terminal& terminal, const std::string& leg);

}  // namespace rujukan::agency
