// An agency as the policy sees it: a PolicyQuery's Party out of directory records. One way for the
// fold, the agents and the admin's command line. Pure.
#pragma once

#include "ledger/policy.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::ledger {

// Without its catchment: that is in the profile, and few rules ask for it.
Party PartyOf(const v1::AgencyRecord& agency);
void AddCatchment(const v1::AgencyProfile& profile, Party& party);

}  // namespace rujukan::ledger
