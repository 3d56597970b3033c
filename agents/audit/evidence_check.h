// Checking an evidence file, offline: every check is made, whatever failed before it. What a pass
// proves is in docs/guide-auditor.md. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/audit/container.h"
#include "agents/audit/evidence_report.h"
#include "base/result.h"

namespace rujukan::audit {

// What the checker knows from elsewhere. Empty: that check cannot be made.
struct TrustAnchors {
  std::string vkey;                    // of the ledger
  std::string root_fingerprint;        // hex, SHA-256 of the root certificate
  std::vector<std::string> tsa;        // certificates of time-stamping authorities, DER
  std::vector<std::string> witnesses;  // vkeys of cosigners
  std::vector<std::string> auditors;   // vkeys of auditors whose word on completeness counts
};

// kInvalid: an anchor does not parse. A file that cannot be read at all is a finding, not an error.
Result<EvidenceReport> CheckEvidence(std::string_view container,
                                     const TrustAnchors& anchors,
                                     const ContainerLimits& limits = {});

}  // namespace rujukan::audit
