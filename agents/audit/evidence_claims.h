// Inside evidence_check: what an evidence file claims beyond its entries. Not for use elsewhere.
#pragma once

#include <optional>
#include <vector>

#include "agents/audit/evidence.h"
#include "agents/audit/evidence_check.h"
#include "agents/audit/evidence_walk.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"

namespace rujukan::audit {

struct EvidenceCase {
  const Evidence& evidence;
  const EvidenceFacts& facts;
  const TrustAnchors& anchors;
  EvidenceReport& report;
};

// Anchors, checkpoint, cosignatures, time-stamp, inclusion. The checkpoint, when the ledger's key
// signed it.
std::optional<ledger::Checkpoint> CheckLedgerClaims(
    const EvidenceCase& about, const std::vector<ledger::NoteVerifier>& witnesses);

// Opened content, and an auditor's statement of completeness.
void CheckOpenedContent(const EvidenceCase& about);
void CheckCompletenessStatement(const EvidenceCase& about,
                                const std::optional<ledger::Checkpoint>& checkpoint);

}  // namespace rujukan::audit
