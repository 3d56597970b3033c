// Lists of work, found legs and statutory timers for people.
#pragma once

#include <ostream>

#include "agents/agency/json.h"

namespace rujukan::agency {

void PrintToday(const Json& list, std::ostream& out);
void PrintOverdue(const Json& list, std::ostream& out);
void PrintFound(const Json& answer, std::ostream& out);
void PrintTimers(const Json& answer, std::ostream& out);
void PrintTimerStarted(const Json& timer, std::ostream& out);
void PrintTimerStopped(const Json& answer, std::ostream& out);

}  // namespace rujukan::agency
