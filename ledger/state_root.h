// The state root: one number for everything the fold has come to. The broker puts it on record
// (StateRecorded), the auditor recomputes it: equal roots mean that the broker's directory,
// mailboxes and legs, and so its answers, are those that the entries make.
//
//   root 0   = "" (no entry yet)
//   root n+1 = SHA-256("rujukan/v1/state\n" || root n || writes of entry n)
// where the writes are in order of table and key, each place once:
//   u8 table || u32 length || key || u8 0 (deleted) or u8 1 || u32 length || value
// big-endian. The head itself is not part of it.
#pragma once

#include <string>
#include <string_view>

#include "ledger/view.h"

namespace rujukan::ledger {

// 32 bytes.
std::string NextStateRoot(std::string_view root, const Overlay::Touched& writes);

}  // namespace rujukan::ledger
