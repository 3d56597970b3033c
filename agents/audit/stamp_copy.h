// An auditor has the checkpoint of a copy time-stamped: from then on nobody, the broker's key in
// hand or not, can say that the ledger was another one on that day.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace rujukan::audit {

struct StampedCopy {
  TreeSize size = 0;
  UnixMillis time = 0;  // the authority's
  std::string authority;
  std::string file;
};

// Writes timestamps/<size>.checkpoint, .tsr and the index (stamps.h), each durably, the index last.
// `tsa_anchors`: trusted certificates (DER); none: the answer is kept without being verified.
// kConflict: this size is stamped already. kUnavailable: the authority does not answer. kDenied: it
// refused, or is not trusted, or the copy's checkpoint is not signed.
Result<StampedCopy> StampCopy(const std::string& directory,
                              const std::string& vkey,
                              const std::string& url,
                              const std::vector<std::string>& tsa_anchors);

}  // namespace rujukan::audit
