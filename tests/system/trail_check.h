// The exported ledger against what people were promised: every receipt's entry is where it was,
// byte for byte, and every checkpoint that was handed out is a prefix of the final tree.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/harness/bulk_sender.h"
#include "tests/harness/deployment.h"

namespace rujukan::testing {

class TrailCheck {
 public:
  // Exports into a fresh directory, and has `rujukan-audit verify` accept it (reported as a failure
  // of the test otherwise).
  explicit TrailCheck(const Deployment& deployment);

  // The entry is in the ledger at its index.
  void ExpectKept(const Acknowledged& promise) const;
  // RFC 6962: the tree of that size, recomputed from the exported tiles, has the checkpoint's root.
  void ExpectContinues(const std::string& signed_checkpoint) const;

  size_t size() const { return entries_.size(); }
  const std::vector<std::string>& entries() const { return entries_; }

 private:
  std::string directory_;
  std::vector<std::string> entries_;
};

// The checkpoint inside a tlog-proof@v1.
std::string CheckpointIn(const std::string& proof);

// Message ids the application of `name` has been given by its agent, in order, from the agent's
// inbox.
std::vector<std::string> ApplicationInbox(const Deployment& deployment, std::string_view name);

}  // namespace rujukan::testing
