// What was done about one member, or about the domain itself: each act fetched from the ledger,
// proven to be in it, and its signature verified again.
#pragma once

#include <string>
#include <vector>

#include "agents/admin/office.h"

namespace rujukan::admin {

struct PastAct {
  LogIndex index = 0;
  UnixMillis at = 0;   // when it was recorded
  std::string what;    // "INVITE", "ENROLMENT", "GENESIS", "ROOT ACT"
  std::string detail;  // "as agency until ...", a note; of other people's words
  std::string signer;  // address; "the root key", "the invitation's key"
};

// In order. kCorrupt: an entry that is not in the ledger, is another one, or has a signature that
// does not hold: call the auditor.
Result<std::vector<PastAct>> ReadHistory(const Desk& desk, const std::string& address);

}  // namespace rujukan::admin
