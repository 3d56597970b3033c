// One child's handling as this agency knows it: the legs of an episode and who answers for the
// child now. Exactly one agency does, at every instant: the one that opened the first leg, until a
// handover with two signatures moves it on; what ends short of its aim never takes it from whoever
// has it. Pure.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/tables.h"

namespace rujukan::agency {

// By what is proven, in the ledger's order of handovers, as far as the legs are here: an agency
// sees its own legs only. "" without legs.
std::string ResponsibleFor(const std::vector<LegRow>& legs);

// Some leg is open, or one ended short and nobody goes on with it yet.
bool IsEpisodeOpen(const std::vector<LegRow>& legs);

}  // namespace rujukan::agency
