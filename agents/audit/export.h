// A copy of a ledger as files: the tlog-tiles layout plus the ledger's key and every certificate
// found in it. Of what this reader may not see it has the leaf hashes (scoped/entries/...).
// docs/guide-auditor.md. Verify the copy afterwards: exporting only copies.
#pragma once

#include <string>

#include "agents/audit/source.h"
#include "agents/audit/verify.h"

namespace rujukan::audit {

struct ExportSummary {
  std::string origin;
  TreeSize size = 0;
  TreeSize old_size = 0;  // what the folder held before
  size_t tiles = 0;
  size_t bundles = 0;
  size_t certificates = 0;
  uint64_t withheld = 0;  // entries that the copy has only the hashes of
};

// Writes to `directory`: vkey first, tiles and bundles, certificates, checkpoint last, each
// durably. A crash leaves a folder whose checkpoint, if any, is fully covered; running it again
// goes on. A folder that holds an export is extended only when it is the same ledger, smaller, and
// a prefix of this one: kConflict otherwise; kCorrupt when this ledger does not continue it (the
// broker rewrote history: keep both). kDenied: the checkpoint is not signed by the ledger's key, or
// the token is refused.
Result<ExportSummary> Export(Source& source,
                             const std::string& directory,
                             const std::string& vkey,
                             const Progress& progress);

}  // namespace rujukan::audit
