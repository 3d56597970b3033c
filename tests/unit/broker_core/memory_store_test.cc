// Goal: the store in memory keeps the contract and loses exactly what a power cut loses.

#include "broker/core/memory_store.h"

#include <gtest/gtest.h>

#include "broker/core/genesis.h"
#include "tests/unit/broker_core/frames.h"
#include "tests/unit/broker_core/store_contract.h"

namespace rujukan::broker {
namespace {

class MemoryMaker {
 public:
  Store& store() { return store_; }
  void Reopen() {}

 private:
  MemoryStore store_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, StoreContract, MemoryMaker);

TEST(MemoryStore, APowerCutForgetsOnlyCheckpointsPutSinceTheLastAppend) {
  MemoryStore store;
  const Epoch epoch = store.Fence().value();
  CommitBatch batch;
  batch.entries = {"a"};
  ASSERT_TRUE(store.PutCheckpoint(epoch, 1, "kept").has_value());
  ASSERT_TRUE(store.Append(epoch, batch).has_value());
  ASSERT_TRUE(store.PutCheckpoint(epoch, 2, "lost").has_value());
  store.Crash();
  EXPECT_EQ("kept", store.LatestCheckpoint().value()->note);
  EXPECT_EQ(1U, store.Size().value());
}

TEST(Genesis, SeedsAnEmptyStoreOnce) {
  const World world;
  MemoryStore store;
  const std::string genesis = world.genesis().SerializeAsString();
  ASSERT_TRUE(SeedGenesis(store, genesis).has_value());
  EXPECT_EQ(world.entries().at(0), store.ReadEntries(0, 1).value().at(0));
  EXPECT_EQ(Errc::kConflict, SeedGenesis(store, genesis).error().code);
}

TEST(Genesis, OneNotSignedByItsOwnRootIsRefused) {
  const World world;
  v1::GenesisRecorded genesis = world.genesis();
  genesis.set_signature("not a signature");
  MemoryStore store;
  EXPECT_EQ(Errc::kInvalid, SeedGenesis(store, genesis.SerializeAsString()).error().code);
  EXPECT_EQ(Errc::kInvalid, SeedGenesis(store, "not a genesis \xff").error().code);
  EXPECT_EQ(0U, store.Size().value());
}

}  // namespace
}  // namespace rujukan::broker
