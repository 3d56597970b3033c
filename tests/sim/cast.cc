#include "tests/sim/cast.h"

#include "base/check.h"
#include "certs/merkle.h"
#include "ledger/fold.h"
#include "ledger/tree.h"

namespace rujukan::sim {
namespace {

constexpr const char* kNames[Cast::kAgenciesMax] = {
    "ppa.18.71", "dinsos.18.71", "lpa.18", "balai.18", "rsud.18.71"};

}  // namespace

broker::CommitBatch CommitOf(const std::vector<std::string>& entries) {
  broker::CommitBatch batch;
  ledger::MemoryView empty;
  ledger::Overlay view(empty);
  ledger::Tree tree;
  for (const std::string& bytes : entries) {
    v1::Entry entry;
    CHECK(entry.ParseFromString(bytes));
    const auto verdict = ledger::Apply(entry, batch.entries.size(), view);
    CHECK(verdict.has_value() && verdict->has_value());
    tree.Append(certs::LeafHash(bytes));
    batch.entries.push_back(bytes);
  }
  batch.tiles = tree.TakeChangedTiles();
  batch.view = view.TakeWrites();
  return batch;
}

Cast::Cast() {
  for (const char* name : kNames) {
    members.push_back(&world.AddAgency(name));
  }
  members.push_back(&world.admin());
  const auto epoch = store.Fence();
  CHECK(epoch.has_value());
  CHECK(store.Append(*epoch, CommitOf(world.entries())).has_value());
}

testing::Signed Cast::Sign(v1::Act act, const std::string& act_id, UnixMillis now) const {
  act.set_act_id(act_id);
  act.set_created_at_ms(now);
  return world.SignAct(std::move(act));
}

}  // namespace rujukan::sim
