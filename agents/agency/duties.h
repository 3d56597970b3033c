// What an agent does by itself because of a message, so that nothing hangs on somebody remembering
// it: an alert when a child is lost, withdrawn consent passed on, an emergency's redirect opened at
// the next agency, tasks out of minutes. In the transaction of the message that causes it, so each
// is done once, however often the message comes, and is on disk with it.
//
// Thread: any, inside Store::Write.
#pragma once

#include "agents/agency/compose.h"
#include "agents/agency/tables.h"

namespace rujukan::agency {

// Before a step of ours is queued: what has to be said first. `step` may be completed by it.
Result<void> DoBefore(Tables& tables, const Sender& sender, const LegRow& leg, NewStep& step);
// After it was queued as `id`: what follows from it here.
Result<void> DoAfter(Tables& tables,
                     const Sender& sender,
                     const LegRow& leg,
                     const NewStep& step,
                     const MessageId& id);

// What follows from minutes of ours: tasks of ours.
Result<void> NoteOwnMinutes(Tables& tables,
                            const Sender& sender,
                            const MessageId& id,
                            const v1::Content& content);

// In the inbox's transaction, after `row` was stored and its leg settled. `own` is our address.
Result<void> TakeDuties(Tables& tables,
                        const MessageRow& row,
                        const std::string& own,
                        UnixMillis now);

}  // namespace rujukan::agency
