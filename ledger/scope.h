// What an accredited auditor may read. Pure; the broker asks it for every entry it hands out, and
// gives the entry's leaf hash in the place of what is out of scope, so that the rest still proves.
//
// In every scope: what the directory is made of (every member reads it), what the broker puts on
// record of itself, and who has read. In a scope of agencies or regions: whole legs and
// notifications that one of them takes part in, with their deliveries and missed deadlines,
// refusals to or from one of them, and their read trails. A scope's time is that of the leg's
// opening (else of the message, or the entry), so a leg is never seen in part.
#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::ledger {

// Nothing is left out of the ledger under this scope.
bool IsWholeDomain(const v1::Scope& scope);

// `view` as of any time after the entry. kCorrupt: the entry is not one the view has seen.
Result<bool> MayRead(const v1::Scope& scope, const v1::Entry& entry, const View& view);

}  // namespace rujukan::ledger
