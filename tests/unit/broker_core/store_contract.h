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
  // "0", "1", ...
  static std::vector<std::string> Numbered(size_t count) {
    std::vector<std::string> entries;
    for (size_t i = 0; i < count; ++i) {
      entries.push_back(std::to_string(i));
    }
    return entries;
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

TYPED_TEST_P(StoreContract, TheNewestCosignedCheckpointReplacesTheOneBefore) {
  const Epoch old_epoch = this->store().Fence().value();
  const Epoch epoch = this->store().Fence().value();
  EXPECT_FALSE(this->store().LatestCosigned().value().has_value());
  ASSERT_TRUE(this->store().PutCosigned(epoch, 3, "three").has_value());
  ASSERT_TRUE(this->store().PutCosigned(epoch, 5, "five\n").has_value());
  EXPECT_EQ(Errc::kDenied, this->store().PutCosigned(old_epoch, 6, "six").error().code);
  this->maker_.Reopen();
  const auto kept = this->store().LatestCosigned().value();
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(5U, kept->size);
  EXPECT_EQ("five\n", kept->note);
  EXPECT_FALSE(this->store().LatestCheckpoint().value().has_value()) << "it is a row of its own";
}

TYPED_TEST_P(StoreContract, ViewTilesAndContentsComeWithTheEntriesTheyBelongTo) {
  const Epoch epoch = this->store().Fence().value();
  CommitBatch batch = this->BatchAt(0, {"a"});
  batch.view[{ledger::Table::kLeg, "leg-1"}] = "one";
  batch.view[{ledger::Table::kLeg, "leg-2"}] = "two";
  batch.view[{ledger::Table::kMailbox, "leg-3"}] = "another table";
  batch.tiles.emplace_back(ledger::TileId{0, 0, 2}, std::string(64, 't'));
  const auto id = MessageId::FromBytes("0123456789abcdef").value();
  batch.contents.push_back({0, id, std::string(10'000, 'c')});
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

TYPED_TEST_P(StoreContract, TrimmedEntriesAreInTheArchiveAndThoseThatStayAreRead) {
  const Epoch epoch = this->store().Fence().value();
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, this->Numbered(600))).has_value());
  EXPECT_EQ(0U, this->store().ArchivedSize().value());
  ASSERT_TRUE(this->store().Trim(epoch, {0, 256}, {0, 7}).has_value());
  this->maker_.Reopen();
  EXPECT_EQ(256U, this->store().ArchivedSize().value());
  EXPECT_EQ((ledger::ArchiveRange{0, 256}), this->store().ArchiveHolding(255).value().value());
  EXPECT_FALSE(this->store().ArchiveHolding(256).value().has_value());
  EXPECT_EQ(Errc::kNotFound, this->store().ReadEntries(0, 2).error().code);
  EXPECT_EQ(Errc::kNotFound, this->store().ReadEntries(1, 1).error().code);
  EXPECT_EQ(Errc::kNotFound, this->store().ReadEntries(8, 300).error().code);
  EXPECT_EQ((std::vector<std::string>{"0"}), this->store().ReadEntries(0, 1).value());
  EXPECT_EQ((std::vector<std::string>{"7"}), this->store().ReadEntries(7, 1).value());
  EXPECT_EQ((std::vector<std::string>{"256", "257"}), this->store().ReadEntries(256, 2).value());
  EXPECT_TRUE(this->store().ReadEntries(600, 1).value().empty());
  EXPECT_EQ(600U, this->store().Size().value());
}

TYPED_TEST_P(StoreContract, WhatNoLongerHasToStayGoesWithTheNextTrim) {
  const Epoch epoch = this->store().Fence().value();
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, this->Numbered(600))).has_value());
  ASSERT_TRUE(this->store().Trim(epoch, {0, 256}, {0, 7}).has_value());
  ASSERT_TRUE(this->store().Trim(epoch, {256, 512}, {0}).has_value());
  EXPECT_EQ(512U, this->store().ArchivedSize().value());
  EXPECT_EQ((ledger::ArchiveRange{0, 256}), this->store().ArchiveHolding(7).value().value());
  EXPECT_EQ(Errc::kNotFound, this->store().ReadEntries(7, 1).error().code);
  EXPECT_EQ((std::vector<std::string>{"0"}), this->store().ReadEntries(0, 1).value());
}

TYPED_TEST_P(StoreContract, OnlyTheNextWholeRangeIsTrimmedAndOnlyByWhoHoldsTheLedger) {
  const Epoch old_epoch = this->store().Fence().value();
  const Epoch epoch = this->store().Fence().value();
  ASSERT_TRUE(this->store().Append(epoch, this->BatchAt(0, this->Numbered(600))).has_value());
  EXPECT_EQ(Errc::kDenied, this->store().Trim(old_epoch, {0, 256}, {}).error().code);
  EXPECT_EQ(Errc::kConflict, this->store().Trim(epoch, {256, 512}, {}).error().code);
  EXPECT_EQ(Errc::kConflict, this->store().Trim(epoch, {0, 1024}, {}).error().code);
  EXPECT_EQ(Errc::kInvalid, this->store().Trim(epoch, {0, 255}, {}).error().code);
  EXPECT_EQ(600U, this->store().ReadEntries(0, 600).value().size());
}

TYPED_TEST_P(StoreContract, ContentsAreListedByAgeRemovedAndCounted) {
  const Epoch epoch = this->store().Fence().value();
  CommitBatch batch = this->BatchAt(0, {"a", "b", "c"});
  const auto first = MessageId::FromBytes("zzzzzzzzzzzzzzzz").value();
  const auto second = MessageId::FromBytes("aaaaaaaaaaaaaaaa").value();
  batch.contents = {{0, first, std::string(10'000, 'c')}, {2, second, "small"}};
  ASSERT_TRUE(this->store().Append(epoch, batch).has_value());
  this->maker_.Reopen();
  EXPECT_EQ(2U, this->store().Contents().count);
  EXPECT_EQ(10'005U, this->store().Contents().bytes);
  auto places = this->store().ListContents(0, 1).value();
  ASSERT_EQ(1U, places.size());
  EXPECT_EQ(first, places[0].id);
  EXPECT_EQ(10'000U, places[0].bytes);
  EXPECT_EQ(2U, this->store().ListContents(1, 9).value().at(0).index);

  EXPECT_EQ(Errc::kDenied, this->store().RemoveContents(epoch - 1, places).error().code);
  ASSERT_TRUE(this->store().RemoveContents(epoch, places).has_value());
  ASSERT_TRUE(this->store().RemoveContents(epoch, places).has_value());
  this->maker_.Reopen();
  EXPECT_EQ(Errc::kNotFound, this->store().ReadContent(first).error().code);
  EXPECT_EQ("small", this->store().ReadContent(second).value());
  EXPECT_EQ(1U, this->store().Contents().count);
  EXPECT_EQ(5U, this->store().Contents().bytes);
  EXPECT_EQ(10'000U, this->store().Contents().removed_bytes);
  ASSERT_TRUE(this->store().Reclaim().has_value());
  this->maker_.Reopen();
  EXPECT_EQ(0U, this->store().Contents().removed_bytes);
  EXPECT_EQ("small", this->store().ReadContent(second).value());
}

REGISTER_TYPED_TEST_SUITE_P(StoreContract,
                            AppendedEntriesAreReadBackInOrderAlsoAfterReopening,
                            AnAppendAtAnotherPlaceThanTheEndIsRefusedAndWritesNothing,
                            WhoWasFencedOffCanWriteNothing,
                            TheNewestCosignedCheckpointReplacesTheOneBefore,
                            ViewTilesAndContentsComeWithTheEntriesTheyBelongTo,
                            ADeletedRecordIsGone,
                            TheSmallestCoveringAndTheLatestCheckpointAreFound,
                            TrimmedEntriesAreInTheArchiveAndThoseThatStayAreRead,
                            WhatNoLongerHasToStayGoesWithTheNextTrim,
                            OnlyTheNextWholeRangeIsTrimmedAndOnlyByWhoHoldsTheLedger,
                            ContentsAreListedByAgeRemovedAndCounted);

}  // namespace rujukan::broker
