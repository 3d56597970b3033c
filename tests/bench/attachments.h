// How fast a large file gets from one agency to another through the broker, against what sealing
// and the disk allow, and what it costs in memory.
#pragma once

#include "tests/bench/report.h"
#include "tests/harness/deployment.h"

namespace rujukan::bench {

void MeasureAttachments(Report& report, testing::Deployment& deployment);

}  // namespace rujukan::bench
