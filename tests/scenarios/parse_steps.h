// The lines of a scenario that say what happens or what must be true. Pure.
#pragma once

#include "base/result.h"
#include "tests/scenarios/words.h"

namespace rujukan::scenarios {

// A deed or a claim without the fields below it. kInvalid: what would be right.
Result<Step> ParseStep(const Line& line);

}  // namespace rujukan::scenarios
