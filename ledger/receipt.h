// Receipts: C2SP tlog-proof@v1 (c2sp.org/tlog-proof), the same bytes on the wire, in files and in
// evidence. docs/formats/receipt.md. Pure; values, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/checkpoint.h"

namespace rujukan::ledger {

struct Receipt {
  std::optional<std::string> extra;  // opaque and NOT authenticated; decoded
  LogIndex index = 0;
  std::vector<Digest> path;  // leaf's sibling first
  std::string checkpoint;    // signed note, verbatim

  std::string Text() const;
  // Form only, nothing verified; the checkpoint is not looked into. kInvalid, also over
  // limits::kReceiptBytesMax or limits::kProofHashesMax.
  static Result<Receipt> Parse(std::string_view text);
};

// Proof that an entry with these exact bytes is at receipt.index of the ledger `log` speaks for.
// kDenied: checkpoint not signed by `log`. kCorrupt: the path does not lead to its root. kConflict:
// the checkpoint of another ledger. kInvalid: malformed, or a path of the wrong length.
struct VerifiedReceipt {
  LogIndex index = 0;
  Checkpoint checkpoint;
};
Result<VerifiedReceipt> VerifyReceipt(const Receipt& receipt,
                                      std::string_view entry,
                                      const NoteVerifier& log);

}  // namespace rujukan::ledger
