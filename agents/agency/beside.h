// Messages without a leg: who may get them. A complaint goes to who supervises the agency
// complained about and never to that agency or anybody under it; an invitation to exactly those it
// invites; an answer to who asked; minutes to everybody they give a task.
//
// Thread: any, inside Store::Read or Write.
#pragma once

#include "agents/agency/compose.h"
#include "agents/agency/tables.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// Recipients that follow from the content, where the sender named none: the agencies invited, but
// for `own`, which invites.
std::vector<std::string> RecipientsIn(const v1::Content& content, const std::string& own);

Result<void> CheckBesideLegs(Tables& tables,
                             const Sender& sender,
                             const NewMessage& message,
                             Findings& findings);

}  // namespace rujukan::agency
