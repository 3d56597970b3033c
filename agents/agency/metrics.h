// The agent's state as Prometheus text (exposition format 0.0.4): counts and times only, no address
// but its own. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/board.h"
#include "agents/agency/expiry.h"
#include "agents/agency/notify.h"
#include "agents/agency/read_anchor.h"
#include "agents/agency/rotation.h"

namespace rujukan::agency {

struct MetricsOf {
  LinkStatus link;
  Tables::Counts counts;
  std::vector<Ending> endings;
  RotationStatus rotation;
  ReadTrailStatus reads;
  std::vector<NotifyStatus> notices;
};
std::string MetricsText(const MetricsOf& state);

}  // namespace rujukan::agency
