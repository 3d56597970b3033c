// Goal: an agency is shown what the broker has told it about legs, all of it and nothing of others,
// a page at a time, each entry proven. Method: a World's ledger in memory, asked directly.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "broker/core/memory_store.h"
#include "broker/core/queries.h"
#include "ledger/checkpoint.h"
#include "ledger/due_entries.h"
#include "ledger/receipt.h"
#include "tests/unit/broker_core/frames.h"

namespace rujukan::broker {
namespace {

class LegNoticesTest : public ::testing::Test {
 protected:
  LegNoticesTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
    world_.AddAgency("lpa.18.71");
  }

  // Legs whose receiver's machine never answers: a notice each to their sender.
  void Miss(size_t legs) {
    for (size_t i = 0; i < legs; ++i) {
      v1::Header header = world_.HeaderTo("ppa.18.71", "dinsos.18.71", v1::Kind::RUJUKAN);
      header.set_clock_class(v1::ClockClass::DARURAT);
      world_.Append(world_.MessageEntry(header));
    }
    world_.Advance(60'000);
    ledger::Memo memo;
    const auto due = ledger::DueEntries(world_.view(), world_.now(), legs, memo);
    ASSERT_EQ(due->size(), legs);
    for (const v1::Entry& entry : *due) {
      world_.Append(entry);
    }
  }
  void Start(TreeSize size) {
    Seed(world_, store_);
    directory_ = DirectorySnapshot::Load(store_).value();
    const ledger::Tree tree = ledger::Tree::Load(world_.size(), store_).value();
    checkpoint_.size = size;
    checkpoint_.note = ledger::SignCheckpoint(
        {world_.log().verifier().name, size, ledger::RootAt(size, store_).value()}, world_.log());
    const Epoch epoch = store_.Fence().value();
    ASSERT_TRUE(store_.PutCheckpoint(epoch, size, checkpoint_.note).has_value());
  }
  v1::LegNoticesPage Ask(std::string_view name, LogIndex from) {
    v1::ClientFrame frame;
    frame.mutable_leg_notices()->set_from_index(from);
    const auto answers =
        AnswerQuery({PeerOf(name), frame}, {store_, *directory_, checkpoint_, world_.now()});
    v1::ServerFrame answer;
    EXPECT_EQ(answers.value().size(), 1U);
    EXPECT_TRUE(answer.ParseFromString(answers.value().at(0)));
    return answer.leg_notices();
  }

  World world_;
  MemoryStore store_;
  std::shared_ptr<const DirectorySnapshot> directory_;
  Journal::KeptCheckpoint checkpoint_;
};

TEST_F(LegNoticesTest, APageHoldsSoManyAndOneMoreIsOnTheNext) {
  Miss(limits::kLegNoticesPageMax + 1);
  Start(world_.size());
  const v1::LegNoticesPage first = Ask("ppa.18.71", 0);
  EXPECT_EQ(static_cast<size_t>(first.entries_size()), limits::kLegNoticesPageMax);
  EXPECT_TRUE(first.more());
  EXPECT_EQ(first.from_index(), 0U);
  const v1::LegNoticesPage second = Ask("ppa.18.71", first.next_index());
  ASSERT_EQ(second.entries_size(), 1);
  EXPECT_FALSE(second.more());
  EXPECT_EQ(second.entries(0).entry(), world_.entries().back());
  EXPECT_EQ(second.next_index(), world_.size());
  const v1::LegNoticesPage none = Ask("ppa.18.71", second.next_index());
  EXPECT_EQ(none.entries_size(), 0);
  EXPECT_EQ(none.next_index(), second.next_index());
}

TEST_F(LegNoticesTest, APageThatIsJustFullIsTheLast) {
  Miss(limits::kLegNoticesPageMax);
  Start(world_.size());
  const v1::LegNoticesPage page = Ask("ppa.18.71", 0);
  EXPECT_EQ(static_cast<size_t>(page.entries_size()), limits::kLegNoticesPageMax);
  EXPECT_FALSE(page.more());
}

TEST_F(LegNoticesTest, EachEntryIsProvenAndNobodyElseIsShownAny) {
  Miss(2);
  Start(world_.size());
  const v1::LegNoticesPage page = Ask("ppa.18.71", 0);
  ASSERT_EQ(page.entries_size(), 2);
  for (const v1::ProvenEntry& proven : page.entries()) {
    EXPECT_TRUE(ledger::Receipt::Parse(proven.proof()).has_value());
  }
  EXPECT_EQ(Ask("dinsos.18.71", 0).entries_size(), 0);
  EXPECT_EQ(Ask("lpa.18.71", 0).entries_size(), 0);
}

TEST_F(LegNoticesTest, WhatNoCheckpointCoversYetIsNotShown) {
  Miss(2);
  Start(world_.size() - 1);
  const v1::LegNoticesPage page = Ask("ppa.18.71", 0);
  EXPECT_EQ(page.entries_size(), 1);
  EXPECT_FALSE(page.more());
}

}  // namespace
}  // namespace rujukan::broker
