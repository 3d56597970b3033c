// What a step says that the agent knows already, filled in where its sender left it out: the other
// half of a handover is the first half's record, word for word; a progress report has its period,
// the date of the next and the present risk. Done before the content is checked, so that what goes
// out is what was checked.
//
// Thread: any, inside Store::Read or Write.
#pragma once

#include "agents/agency/tables.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// A finding when the halves of a handover do not say the same.
Result<void> FillFromLeg(
    Tables& tables, const LegRow& leg, v1::Content& content, UnixMillis now, Findings& findings);

// What the rules have to know of a leg.
LegFacts FactsOfLeg(const LegRow& leg, UnixMillis now);

}  // namespace rujukan::agency
