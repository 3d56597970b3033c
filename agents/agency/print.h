// API replies for people: Indonesian first, English beside it.
#pragma once

#include <ostream>
#include <string>

#include "agents/agency/json.h"

namespace rujukan::agency {

// A member as text, safe for a terminal; "-" when absent.
std::string JsonText(const Json& json, const char* name);
// "path: value" lines of everything in it.
void PrintFields(const Json& json, std::ostream& out);

void PrintStatus(const Json& status, std::ostream& out);
void PrintList(const Json& list, std::ostream& out);  // inbox, outbox
void PrintLegs(const Json& legs, std::ostream& out);
void PrintLeg(const Json& leg, std::ostream& out);  // with its messages
void PrintMessage(const Json& message, std::ostream& out);
void PrintQueued(const Json& answer, std::ostream& out);  // 200 or 202 to a POST
void PrintProblem(const Json& problem, std::ostream& out);

}  // namespace rujukan::agency
