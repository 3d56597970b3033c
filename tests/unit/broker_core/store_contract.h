// The contract of broker::Store, as tests that every implementation runs through (typed by a
// maker).
#pragma once

#include <gtest/gtest.h>

#include "broker/core/journal.h"

namespace rujukan::broker {

// Maker: has `Store& store()` (fresh and empty), and `void Reopen()` which closes and opens it
// again.
template <class Maker>
class StoreContract : public ::testing::Test {
 protected:
  static CommitBatch BatchAt(LogIndex first, std::vector<std::string> entries) {
    CommitBatch batch;
    batch.first_index = first;
    batch.entries = std::move(entries);
    return batch;
  }
  Store& store() { return maker_.store(); }
  Maker maker_;
};
TYPED_TEST_SUITE_P(StoreContract);

TYPED_TEST_P(StoreContract, AppendedEntriesAreReadBackInOrderAlsoAfterReopening) {
  const Epoch epoch = this->store().Fence().value();
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, {"a", "b", "c"})).has_value());
  this->maker_.Reopen();
  EXPECT_EQ(3U, this->store().Size().value());
  EXPECT_EQ((std::vector<std::string>{"b", "c"}), this->store().ReadEntries(1, 10).value());
  EXPECT_EQ((std::vector<std::string>{"b"}), this->store().ReadEntries(1, 1).value());
  EXPECT_TRUE(this->store().ReadEntries(3, 1).value().empty());
}

TYPED_TEST_P(StoreContract, AnAppendAtAnotherPlaceThanTheEndIsRefusedAndWritesNothing) {
  const Epoch epoch = this->store().Fence().value();
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, {"a"})).has_value());
  EXPECT_EQ(Errc::kConflict, this->store().Append(epoch, this->BatchAt(0, {"x"})).error().code);
  EXPECT_EQ(Errc::kConflict, this->store().Append(epoch, this->BatchAt(2, {"x"})).error().code);
  EXPECT_EQ((std::vector<std::string>{"a"}), this->store().ReadEntries(0, 10).value());
}

TYPED_TEST_P(StoreContract, WhoWasFencedOffCanWriteNothing) {
  const Epoch old_epoch = this->store().Fence().value();
  const Epoch epoch = this->store().Fence().value();
  EXPECT_GT(epoch, old_epoch);
  EXPECT_EQ(Errc::kDenied, this->store().Append(old_epoch, this->BatchAt(0, {"a"})).error().code);
  EXPECT_EQ(Errc::kDenied, this->store().PutCheckpoint(old_epoch, 1, "note").error().code);
  this->maker_.Reopen();
  EXPECT_GT(this->store().Fence().value(), epoch);
}

TYPED_TEST_P(StoreContract, ViewTilesAndContentsComeWithTheEntriesTheyBelongTo) {
  const Epoch epoch = this->store().Fence().value();
  CommitBatch batch = this->BatchAt(0, {"a"});
  batch.view[{ledger::Table::kLeg, "leg-1"}] = "one";
  batch.view[{ledger::Table::kLeg, "leg-2"}] = "two";
  batch.view[{ledger::Table::kMailbox, "leg-3"}] = "another table";
  batch.tiles.emplace_back(ledger::TileId{0, 0, 2}, std::string(64, 't'));
  const auto id = MessageId::FromBytes("0123456789abcdef").value();
  batch.contents.emplace_back(id, std::string(10'000, 'c'));
  ASSERT_TRUE(this->store().Append(epoch, batch).has_value());
  this->maker_.Reopen();
  EXPECT_EQ("one", this->store().Get(ledger::Table::kLeg, "leg-1").value());
  EXPECT_EQ(std::nullopt, this->store().Get(ledger::Table::kKey, "leg-1").value());
  EXPECT_EQ(std::string(10'000, 'c'), this->store().ReadContent(id).value());
  EXPECT_EQ(std::string(64, 't'), this->store().ReadTile({0, 0, 1}).value());
  EXPECT_EQ(Errc::kNotFound, this->store().ReadTile({0, 0, 3}).error().code);
  EXPECT_EQ(Errc::kNotFound, this->store().ReadTile({1, 0, 1}).error().code);
  std::string seen;
  const auto visit = [&](std::string_view key, std::string_view value) {
    seen.append(key).append("=").append(value).append(";");
    return true;
  };
  ASSERT_TRUE(this->store().Scan(ledger::Table::kLeg, "leg-", "leg-1", visit).has_value());
  EXPECT_EQ("leg-1=one;leg-2=two;", seen);
}

TYPED_TEST_P(StoreContract, ADeletedRecordIsGone) {
  const Epoch epoch = this->store().Fence().value();
  CommitBatch batch = this->BatchAt(0, {"a"});
  batch.view[{ledger::Table::kLeg, "leg"}] = "x";
  ASSERT_TRUE(this->store().Append(epoch, batch).has_value());
  CommitBatch deleting = this->BatchAt(1, {"b"});
  deleting.view[{ledger::Table::kLeg, "leg"}] = std::nullopt;
  ASSERT_TRUE(this->store().Append(epoch, deleting).has_value());
  EXPECT_EQ(std::nullopt, this->store().Get(ledger::Table::kLeg, "leg").value());
}

TYPED_TEST_P(StoreContract, TheSmallestCoveringAndTheLatestCheckpointAreFound) {
  const Epoch epoch = this->store().Fence().value();
  EXPECT_FALSE(this->store().LatestCheckpoint().value().has_value());
  ASSERT_TRUE(this->store().PutCheckpoint(epoch, 3, "three").has_value());
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, {"a"})).has_value());
  ASSERT_TRUE(this->store().PutCheckpoint(epoch, 300, "three hundred").has_value());
  EXPECT_EQ(3U, this->store().CheckpointCovering(2).value()->size);
  EXPECT_EQ("three", this->store().CheckpointCovering(3).value()->note);
  EXPECT_EQ("three hundred", this->store().CheckpointCovering(4).value()->note);
  EXPECT_FALSE(this->store().CheckpointCovering(301).value().has_value());
  EXPECT_EQ(300U, this->store().LatestCheckpoint().value()->size);
}

TYPED_TEST_P(StoreContract, TrimmedEntriesAreInTheArchiveAndTheRestStays) {
  const Epoch epoch = this->store().Fence().value();
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, {"a", "b", "c"})).has_value());
  ASSERT_TRUE(this->store().Trim(2).has_value());
  EXPECT_EQ(Errc::kNotFound, this->store().ReadEntries(0, 2).error().code);
  EXPECT_EQ((std::vector<std::string>{"c"}), this->store().ReadEntries(2, 2).value());
  EXPECT_EQ(3U, this->store().Size().value());
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract,
                            AppendedEntriesAreReadBackInOrderAlsoAfterReopening,
                            AnAppendAtAnotherPlaceThanTheEndIsRefusedAndWritesNothing,
                            WhoWasFencedOffCanWriteNothing,
                            ViewTilesAndContentsComeWithTheEntriesTheyBelongTo,
                            ADeletedRecordIsGone,
                            TheSmallestCoveringAndTheLatestCheckpointAreFound,
                            TrimmedEntriesAreInTheArchiveAndTheRestStays);

}  // namespace rujukan::broker
