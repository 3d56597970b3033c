// Going on elsewhere: a leg that was redirected, declined, cancelled or has failed is continued by
// a new one with the same stages; in an emergency the agency that redirects opens it itself, at
// once. Never back to an agency that has had the child's referral, and at most
// limits::kRedirectHopsMax times: then people talk to each other.
//
// Thread: any, inside Store::Read or Write.
#pragma once

#include <optional>
#include <string>

#include "agents/agency/compose.h"
#include "agents/agency/tables.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

// Whether `to` may get the child's referral after `leg`; a finding for `field` if not.
Result<void> CheckRedirectTarget(Tables& tables,
                                 const LegRow& leg,
                                 const std::string& to,
                                 const std::string& field,
                                 Findings& findings);

// The leg that a referral says it continues; nullopt: none, or none that is here.
Result<std::optional<LegRow>> ContinuedLeg(Tables& tables, const v1::Referral& referral);

// Of a RUJUKAN that continues a leg of ours: that leg has ended, this side may continue it, nobody
// has yet, and it goes to somebody new. Who acts in another office's place (`bertindak_atas_nama`)
// may: that office is of type C, below the sender, and let the first escalation pass.
Result<void> CheckContinuation(Tables& tables,
                               const Sender& sender,
                               const NewMessage& message,
                               Findings& findings);

// The referral that continues `leg` at `to` ("": whom the redirect proposed): the first stage as it
// was, without dates for services that are over at `now`, the second one held, or inside in an
// emergency. kConflict: there is nothing to continue, or its content is gone.
Result<NewMessage> Continue(Tables& tables,
                            const LegRow& leg,
                            const std::string& to,
                            const v1::Officer& officer,
                            UnixMillis now);

// The leg id under which an emergency's redirect opens the continuing leg; "": it waits for the
// sender's consent. A transfer does always: who redirects it has no child to hand over.
std::string LegToOpen(const LegRow& leg, const NewStep& step, UnixMillis now);

}  // namespace rujukan::agency
