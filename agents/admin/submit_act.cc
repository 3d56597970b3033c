#include "agents/admin/submit_act.h"

#include <fmt/format.h>

#include "agents/admin/answers.h"
#include "base/limits.h"
#include "ledger/rights.h"

namespace rujukan::admin {

Result<Answer> SubmitAndSay(const Office& office,
                            const Desk& desk,
                            const v1::Act& act,
                            const std::string& done) {
  ASSIGN_OR_RETURN(const bool waits, desk.WouldWait(act));
  ASSIGN_OR_RETURN(const link::Proven proven, desk.Submit(act));
  if (office.json()) {
    return ToText(
        Json{{"act", ledger::ActName(act.act_case())}, {"waits", waits}, {"index", proven.index}});
  }
  if (!waits) {
    return fmt::format("{}: entry {} of the ledger\n", done, proven.index);
  }
  return fmt::format(
      "It waits for a second admin until {} (entry {} of the ledger). After that {}.\n"
      "Another admin:  rujukan-admin proposals --home DIR, then rujukan-admin confirm ID\n",
      MinuteOf(office.Now() + limits::kProposalLifeMs),
      proven.index,
      done);
}

}  // namespace rujukan::admin
