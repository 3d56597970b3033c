// `policy test`: what the policy in force says of a message that nobody has written yet, with the
// rules it looked at. By any copy of the directory, so also without a daemon. Pure; any thread.
#pragma once

#include <map>
#include <string>

#include "agents/agency/json.h"
#include "base/clock.h"
#include "ledger/view.h"

namespace rujukan::agency {

// `query`: "to", "kind" (a referral type, RUJUKAN or PEMBERITAHUAN), "emergency" = "1",
// "classification". kInvalid names what is wrong; kNotFound: no policy, or an unknown agency.
Result<Json> RunPolicyTest(const ledger::View& directory,
                           const std::string& from,
                           const std::map<std::string, std::string>& query,
                           UnixMillis now);

}  // namespace rujukan::agency
