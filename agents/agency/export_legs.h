// Legs as a table of states and times, without content: for follow-up lists and evaluation.
// docs/formats/legs-export.md. Pure.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/tables.h"

namespace rujukan::agency {

std::vector<std::string> LegsHeader();
// `moments`: the leg's messages in order.
std::vector<std::string> LegsRow(const LegRow& leg, const std::vector<LegMoment>& moments);

}  // namespace rujukan::agency
