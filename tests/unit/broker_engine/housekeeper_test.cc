// Goal: the broker says what its state has come to, an hour after it said so last, and what it says
// is what whoever replays its entries comes to. Method: the chore alone over a store in memory; a
// whole engine whose clock is set forward, and the fold again over what is then in its store.
#include "broker/engine/housekeeper.h"

#include <gtest/gtest.h>

#include "ledger/fold.h"
#include "ledger/records.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

constexpr int64_t kHour = 3'600'000;

TEST(StateChore, IsDueAnHourAfterTheLastAndOnANewLedgerAnHourAfterTheStart) {
  World world;
  MemoryStore fresh;
  Seed(world, fresh);
  size_t recorded = 0;
  const auto record = [&recorded](const v1::Entry& entry) {
    recorded += entry.has_state() ? 1U : 0U;
  };
  const std::atomic<bool> stopping{false};
  const auto chore = MakeStateChore(fresh, record, kHour);
  const UnixMillis start = world.now() + 5 * kHour;  // the broker was off for a while
  EXPECT_EQ(*chore->Run(start, stopping), start + kHour);
  EXPECT_EQ(*chore->Run(start + kHour - 1, stopping), start + kHour);
  EXPECT_EQ(recorded, 0U);
  EXPECT_EQ(*chore->Run(start + kHour, stopping), start + 2 * kHour);
  EXPECT_EQ(recorded, 1U);

  v1::Entry state;
  state.mutable_state()->set_state_root(ledger::ReadHead(world.view())->state_root());
  world.Append(state);
  MemoryStore store;
  Seed(world, store);
  const auto restarted = MakeStateChore(store, record, kHour);
  EXPECT_EQ(*restarted->Run(world.now() + kHour - 1, stopping), world.now() + kHour);
  EXPECT_EQ(recorded, 1U) << "the ledger says when it was last";
  EXPECT_EQ(*restarted->Run(world.now() + kHour, stopping), world.now() + 2 * kHour);
  EXPECT_EQ(recorded, 2U);
}

TEST(StateChore, TheEngineRecordsTheRootThatItsEntriesComeTo) {
  World world;
  world.AddAgency("uppa.18.01");
  MemoryStore durable;
  Seed(world, durable);
  TestClock clock;
  Broker broker(world, durable, clock, {.workers = 1, .state_every_ms = 1});
  // Its first look begins the time; the clock goes on until the entry is there.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (ledger::ReadDuties(durable)->state_index() == 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    clock.Advance(1);
    std::this_thread::yield();
  }
  broker.engine->Stop();

  ledger::MemoryView empty;
  ledger::Overlay replayed(empty);
  const TreeSize size = *durable.Size();
  size_t states = 0;
  for (LogIndex index = 0; index < size; ++index) {
    v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(durable.ReadEntries(index, 1)->front()));
    states += entry.has_state() ? 1U : 0U;
    EXPECT_TRUE(ledger::Apply(entry, index, replayed)->has_value()) << index;
  }
  EXPECT_GE(states, 1U);
}

}  // namespace
}  // namespace rujukan::broker
