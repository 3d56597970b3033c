// Replies about reading, erasing and keeping, for people: Indonesian first, English beside it.
#pragma once

#include <ostream>

#include "agents/agency/json.h"

namespace rujukan::agency {

void PrintTrail(const Json& trail, std::ostream& out);  // how far it is anchored
void PrintReads(const Json& reads, std::ostream& out);
void PrintErasures(const Json& list, std::ostream& out);
void PrintErasureQueued(const Json& answer, std::ostream& out);
void PrintDecided(const Json& answer, std::ostream& out);
void PrintHold(const Json& answer, std::ostream& out);

}  // namespace rujukan::agency
