// Signing an act and saying what came of it: an entry in force, or a proposal that waits for a
// second admin.
#pragma once

#include <string>

#include "agents/admin/command_set.h"

namespace rujukan::admin {

// `done`: what is so now, "policy 3 is in force"; under the two-admin rule what will be. Errors as
// Desk::Submit.
Result<Answer> SubmitAndSay(const Office& office,
                            const Desk& desk,
                            const v1::Act& act,
                            const std::string& done);

}  // namespace rujukan::admin
