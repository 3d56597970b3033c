// Rules that a message on its own cannot show broken: they need the directory, the other legs of
// the episode, or an earlier message. Checked in the transaction that queues it, so that nothing
// slips in between. What is against a rule is an Error (kInvalid) that carries findings.
//
// Thread: any, inside Store::Read or Write.
#pragma once

#include <string>

#include "agents/agency/compose.h"
#include "agents/agency/tables.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// Findings as an Error and back: one a line, "field: what to do".
tl::unexpected<Error> FailWith(const Findings& findings);
Findings FindingsOf(const Error& error);  // empty: it carries none

// Puts an office in the place of each role in `message.to` (role_address.h): one that may know of
// the child, is covered by a consent that names its recipients, has not had the child along this
// chain of legs, and is neither the sender nor named already. kInvalid: there is none.
Result<void> NameOffices(Tables& tables, const Sender& sender, NewMessage& message);

// A message that opens a leg or belongs to none: who may not be told, whom consent covers, who may
// hear a complaint, who is invited, what may be continued.
Result<void> CheckNewMessage(Tables& tables, const Sender& sender, const NewMessage& message);

// A step: who may not be told, what may be disclosed now, where a redirect may point.
Result<void> CheckNewStep(Tables& tables, const LegRow& leg, const NewStep& step);

// The other side of a leg was put on the list of who must not be told.
Result<bool> IsSilenced(Tables& tables, const LegRow& leg);

}  // namespace rujukan::agency
