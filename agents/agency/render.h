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
// What became of a message of ours at its recipients.
struct Fate {
  std::vector<DeliveryRow> deliveries;
  std::vector<WithheldRow> withheld;

  // Nothing more will be heard: delivered or bounced everywhere.
  bool Settled(int recipients) const;
  bool Held() const;
};
Result<Fate> ReadFate(Tables& tables, const MessageId& id);

// With content ("isi"), receipt, delivery receipts and what is withheld.
Json DetailOf(const MessageRow& row, const Fate& fate, const ledger::NoteVerifier& log);
Json LegSummaryOf(const LegRow& leg);

// RFC 3339 in WIB; null for 0.
Json TimeOf(UnixMillis time);

}  // namespace rujukan::agency
