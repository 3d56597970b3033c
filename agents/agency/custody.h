// Whom the child is with, over all legs of its episode. The broker sees one leg and cannot know
// that two are about the same child, so this is the agents' rule: only who has the child hands it
// on, to one agency at a time; and who has handed it on takes it back before it gives up the leg by
// which it got it. Then exactly one agency is responsible at every instant.
//
// Also the places of a care home: a bed that one child has is no other's. Thread: any, inside
// Store::Write, so that of two requests for one bed exactly one is taken.
#pragma once

#include "agents/agency/compose.h"
#include "agents/agency/tables.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// A handover, or what gives a leg up, when that would leave two agencies responsible, or none.
Result<void> CheckCustody(Tables& tables,
                          const LegRow& leg,
                          v1::Kind::Code kind,
                          Findings& findings);

// A report of somebody who only reports, about a child that is not its to let go, or that it has
// let go already.
Result<void> CheckReporter(Tables& tables, const NewMessage& message, Findings& findings);

// A TERIMA that names a place (bed, slot) which another child of ours has.
Result<void> CheckPlace(Tables& tables,
                        const LegRow& leg,
                        const v1::Content& content,
                        Findings& findings);

}  // namespace rujukan::agency
