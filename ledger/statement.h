// Statements that are not acts: who reads entries, and what an agency's read trail has come to.
// Pure.
#pragma once

#include <string_view>

#include "ledger/refusal.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::ledger {

// The form of each: version, sizes, ids, no unknown fields. MALFORMED.
tl::expected<v1::AuditRead, Refusal> ParseAuditRead(std::string_view bytes);
tl::expected<v1::ReadTrailAnchor, Refusal> ParseReadTrailAnchor(std::string_view bytes);

}  // namespace rujukan::ledger
