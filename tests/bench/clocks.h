// What a leg's clocks cost the fold: the same opening and the same steps, with and without them.
#pragma once

#include "tests/bench/report.h"

namespace rujukan::bench {

// `verify_one_core`: a message costs one verification, the yardstick for all that comes after it.
void MeasureClocks(Report& report, double verify_one_core);

}  // namespace rujukan::bench
