// Who may do which act: one table, in code and in docs/rights.md (a test compares them). The fold
// asks it for every act, so an auditor refuses what the broker should have refused. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::ledger {

struct Right {
  v1::Act::ActCase act;
  bool admin;
  bool
      steward;  // role STEWARD within its scope, or the agency that the record names as its steward
  bool itself;  // the member that the act is about
  bool registrar;  // within what the act itself limits
  bool root_act;   // under the two-admin rule it waits for another admin
};

std::span<const Right> Rights();
// nullptr: nobody may, this version does not know the act.
const Right* RightFor(v1::Act::ActCase act);
// "INVITE", "SET_POLICY": the act's field name in capitals, for tables and error texts.
std::string ActName(v1::Act::ActCase act);

// Acts that could turn the domain over to somebody: those marked in the table, and the admission or
// resumption of an admin or a registrar. kCorrupt, kFatal: the view.
Result<bool> IsRootAct(const v1::Act& act, const View& view);

// The address an act is about; "" for acts about the domain, and for those that name their subject
// by an id only (REJECT, CANCEL_INVITATION, CONFIRM, DECLINE).
std::string_view SubjectOf(const v1::Act& act);

// Whether a steward or auditor with this scope may see to `agency` at `time`.
bool InScope(const v1::Scope& scope, const v1::AgencyRecord& agency, UnixMillis time);

// "kemendagri:18" covers itself and "kemendagri:18.71".
bool RegionCovers(std::string_view wide, std::string_view narrow);

}  // namespace rujukan::ledger
