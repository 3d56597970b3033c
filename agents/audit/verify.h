// The whole verification of a ledger: checkpoint, bundles, tree, tiles, signatures, certificates,
// transitions, time, directory. docs/guide-auditor.md explains each to auditors.
//
// What a pass proves: the entries are exactly what the holder of the ledger's key signed; every
// message, receipt and act was signed by a key that the domain's root had admitted and not revoked;
// every entry was legal when it was written. What it cannot prove: that nobody was shown ANOTHER
// history under the same key. For that, compare checkpoints with other holders.
#pragma once

#include <functional>
#include <string>

#include "agents/audit/report.h"
#include "agents/audit/source.h"

namespace rujukan::audit {

struct VerifyOptions {
  std::string vkey;                      // pinned ledger key or its file; "": the source's own
  std::string root_fingerprint;          // pinned, hex; "": reported, to be compared by eye
  size_t threads = 0;                    // 0: one a core
  std::vector<std::string> tsa_anchors;  // DER; none: whose word stamps are is not checked
};

// Entries done and in all; called often, from the calling thread.
using Progress = std::function<void(uint64_t done, uint64_t total)>;

// The report says what is wrong with the ledger. An Error says why there is no report: no
// checkpoint, source unreachable (kUnavailable), token refused (kDenied).
Result<Report> Verify(Source& source, const VerifyOptions& options, const Progress& progress);

}  // namespace rujukan::audit
