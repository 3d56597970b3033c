// Rows as JSON for the API. Proofs are verified again each time they are shown, so "verified" is
// about the bytes in the database now, not about what was true when they arrived.
#pragma once

#include "agents/agency/json.h"
#include "agents/agency/tables.h"
#include "ledger/note.h"

namespace rujukan::agency {

const char* StageName(Stage stage);

// Without content and proofs: for lists.
Json SummaryOf(const MessageRow& row);
// With content ("isi"), receipt and delivery receipts.
Json DetailOf(const MessageRow& row,
              const std::vector<DeliveryRow>& deliveries,
              const ledger::NoteVerifier& log);
Json LegSummaryOf(const LegRow& leg);

// RFC 3339 in WIB; null for 0.
Json TimeOf(UnixMillis time);

}  // namespace rujukan::agency
