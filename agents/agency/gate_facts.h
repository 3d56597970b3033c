// What only the sender can see of a message, as the policy asks for it. Pure; any thread.
#pragma once

#include "agents/agency/gate.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/profile.pb.h"

namespace rujukan::agency {

// nullopt where the content does not say (there is no photograph and no place of detention in the
// form), and everywhere when nothing is written yet.
ledger::ContentFacts FactsOf(const Intent& intent,
                             const v1::AgencyRecord& recipient,
                             const v1::AgencyProfile& profile);

// Whether `siapa` (who must not be told, or who is suspected) means this agency: its address, the
// name before the @, or one of its names in words. People write freely: a name within the text
// counts, too, so that this errs on the side of the child.
bool MeansAgency(std::string_view siapa,
                 const v1::AgencyRecord& agency,
                 const v1::AgencyProfile& profile);

// The sender's signing certificate or the recipient's encryption certificate is not valid at `now`.
Result<bool> KeysEnded(const ledger::View& directory,
                       const v1::AgencyRecord& sender,
                       const v1::AgencyRecord& recipient,
                       UnixMillis now);

}  // namespace rujukan::agency
