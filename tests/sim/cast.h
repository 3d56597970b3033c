// Who plays: a domain with real keys and certificates, its agencies admitted, and a store that
// holds that ledger. Made once a program and copied into every run; the bytes of the keys differ
// from program to program, what a seed does with them does not.
#pragma once

#include <string>
#include <vector>

#include "broker/core/memory_store.h"
#include "tests/support/world.h"

namespace rujukan::sim {

// A world's entries as one commit, for a store that begins with them.
broker::CommitBatch CommitOf(const std::vector<std::string>& entries);

struct Cast {
  static constexpr size_t kAgenciesMax = 5;

  Cast();

  testing::World world;
  std::vector<const testing::Member*> members;  // the agencies, then the admin
  broker::MemoryStore store;

  const testing::Member& admin() const { return world.admin(); }
  // Signed by the admin.
  testing::Signed Sign(v1::Act act, const std::string& act_id, UnixMillis now) const;
};

}  // namespace rujukan::sim
