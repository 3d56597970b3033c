// Acts: what an admin signs. Whoever fills one in hands it here to be dated and signed; it becomes
// an entry of the ledger or is refused. Pure but for randomness (act ids).
#pragma once

#include <string>
#include <vector>

#include "agents/admin/authority.h"
#include "base/clock.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::admin {

// Dates `act`, gives it an id, and signs it as this home's admin.
v1::SubmitAct SignAct(const Authority& authority, v1::Act act, UnixMillis now);
// As SignAct, with one signature for every limits::kBatchStatementsMax acts: hundreds of them cost
// a token no more than one. In their order.
std::vector<v1::SubmitAct> SignActs(const Authority& authority,
                                    std::vector<v1::Act> acts,
                                    UnixMillis now);
// The id that SignAct gave it, in hex, as `confirm` takes it.
std::string ActIdOf(const v1::SubmitAct& signed_act);

// Free text of an act. kLimit: over limits::kNoteBytesMax; `what` names it in the error.
Result<void> CheckText(const std::string& text, const char* what);

// "7d", "12h", "30m" in milliseconds. kInvalid.
Result<UnixMillis> ParseDuration(const std::string& text);
// The end of the day "2027-03-31" in Indonesia's westernmost zone (WIB, +07:00). kInvalid.
Result<UnixMillis> ParseDay(const std::string& text);

}  // namespace rujukan::admin
