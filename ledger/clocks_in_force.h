// Which clocks a leg runs by: the domain's document and what the directory says of the receiver;
// and whom a missed deadline is told. The fold, the broker's chore and the agents ask here, so that
// all come to the same. Pure; one thread a memo.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/leg_clocks.h"
#include "ledger/view.h"

namespace rujukan::ledger {

// The document in force, else the built-in one. Parsed once for as long as it stays. kCorrupt: it
// does not parse. kFatal: the view.
Result<std::shared_ptr<const Clocks>> ClocksInForce(const View& view, Memo& memo);

// `receiver`: of the leg.
Result<ClockSetting> SettingFor(const std::string& receiver, const View& view, Memo& memo);

// The addresses of DeadlineMissed.told when `deadline`, which is due, is put on record. A sender's
// choice (escalate_to) goes before what the directory says; members that are not active and the
// parties are left out.
Result<std::vector<std::string>> WhomToTell(const v1::LegRecord& leg,
                                            const v1::RunningDeadline& due,
                                            Consequence miss,
                                            const View& view);

}  // namespace rujukan::ledger
