// One directory entry against a small domain: as the broker does with what it is sent. Any bytes
// are accepted or refused; they are never an error of the broker's own, and a refusal leaves no
// trace.
#pragma once

#include <string>

#include "base/check.h"
#include "ledger/authenticate.h"
#include "ledger/fold.h"
#include "tests/support/world.h"

namespace rujukan::fuzz {

inline const testing::World& SmallDomain() {
  static const testing::World* const kWorld = [] {
    auto* world = new testing::World();
    world->AddAgency("uppa.18.01");
    world->AddAgency("dinsos.18");
    return world;
  }();
  return *kWorld;
}

// Signatures are not verified here: what an honest or a hostile signer wrote is equally parsed.
inline void FoldEntry(v1::Entry entry) {
  const testing::World& world = SmallDomain();
  entry = world.Placed(std::move(entry));
  const auto authentic = ledger::AuthenticateDirectoryEntry(entry, world.view());
  CHECK(authentic.has_value());
  ledger::Overlay view(world.view());
  const auto applied = ledger::Apply(entry, world.size(), view);
  CHECK(applied.has_value());
  CHECK(applied->has_value() || view.writes().empty());
  CHECK(applied->has_value() || !applied->error().advice.empty());
}

}  // namespace rujukan::fuzz
