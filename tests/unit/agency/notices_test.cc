// Goal: an agency misses no notice about a leg, whenever it comes back: the cursor moves only past
// what is here, what comes unasked is kept, twice is once. Method: pages made by hand, a real
// database that is opened again.
#include "agents/agency/notices.h"

#include <gtest/gtest.h>

#include "certs/random.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::agency {
namespace {

class NoticesTest : public ::testing::Test {
 protected:
  NoticesTest() { Reopen(); }

  void Reopen() {
    notices_.reset();
    store_.reset();
    store_ = std::move(*Store::Open(scratch_.file("agent.db"),
                                    *certs::ColumnKey::FromBytes(std::string(32, 'k'))));
    notices_ = std::make_unique<Notices>(*store_);
  }
  link::Proven Missed(LogIndex index) const {
    link::Proven proven;
    proven.index = index;
    proven.size = index + 1;
    proven.entry.mutable_deadline_missed()->set_leg_id(leg_.str());
    proven.entry.mutable_deadline_missed()->set_deadline(v1::Deadline::KONFIRMASI);
    proven.entry_bytes = proven.entry.SerializeAsString();
    proven.proof = "proof " + std::to_string(index);
    return proven;
  }
  link::LegNoticed Page(LogIndex from, const std::vector<LogIndex>& indexes, bool more) const {
    link::LegNoticed page{{}, from, from, more};
    for (const LogIndex index : indexes) {
      page.entries.push_back(Missed(index));
      page.next_index = index + 1;
    }
    return page;
  }
  void Take(const link::LegNoticed& page) {
    const auto taken = notices_->Take(page, 1);
    ASSERT_TRUE(taken) << taken.error().ToString();
  }
  // From where it asks; nullopt: it does not.
  std::optional<uint64_t> Asks() {
    const auto frame = notices_->Next();
    EXPECT_TRUE(frame.has_value());
    return frame && *frame ? std::optional((*frame)->leg_notices().from_index()) : std::nullopt;
  }
  std::vector<LogIndex> Kept() {
    std::vector<LogIndex> indexes;
    const auto rows = store_->Read([](Tables& tables) { return tables.ListNotices(0, 100); });
    for (const NoticeRow& row : rows.value()) {
      EXPECT_EQ(row.leg, leg_);
      EXPECT_EQ(row.evidence.proof, "proof " + std::to_string(row.evidence.index));
      indexes.push_back(row.evidence.index);
    }
    return indexes;
  }

  const Scratch scratch_;
  const LegId leg_ = certs::NewLegId(1);
  std::unique_ptr<Store> store_;
  std::unique_ptr<Notices> notices_;
};

TEST_F(NoticesTest, PagesAreAskedForUntilThereIsNoMore) {
  EXPECT_EQ(Asks(), 0U);
  EXPECT_EQ(Asks(), std::nullopt) << "one request at a time";
  Take(Page(0, {3, 7}, /*more=*/true));
  EXPECT_EQ(Asks(), 8U);
  Take(Page(8, {9}, /*more=*/false));
  EXPECT_EQ(Asks(), std::nullopt);
  EXPECT_TRUE(notices_->current());
  EXPECT_EQ(Kept(), (std::vector<LogIndex>{3, 7, 9}));
}

TEST_F(NoticesTest, WhatComesUnaskedMovesTheCursorOnlyOnceAllBeforeItIsHere) {
  EXPECT_EQ(Asks(), 0U);
  Take(Page(20, {20}, false));  // while the answer is on its way
  EXPECT_EQ(Kept(), (std::vector<LogIndex>{20}));
  notices_->Lost();
  EXPECT_EQ(Asks(), 0U) << "what lies before 20 may be missing";
  Take(Page(0, {5, 20}, false));
  Take(Page(25, {25}, false));
  notices_->Lost();
  EXPECT_EQ(Asks(), 26U);
  EXPECT_EQ(Kept(), (std::vector<LogIndex>{5, 20, 25})) << "each once";
}

TEST_F(NoticesTest, TheCursorSurvivesARestart) {
  EXPECT_EQ(Asks(), 0U);
  Take(Page(0, {4}, false));
  Reopen();
  EXPECT_EQ(Asks(), 5U);
  EXPECT_EQ(Kept(), (std::vector<LogIndex>{4}));
}

TEST_F(NoticesTest, AnAnswerWithNothingNewEndsTheAsking) {
  EXPECT_EQ(Asks(), 0U);
  Take(Page(0, {}, false));
  EXPECT_EQ(Asks(), std::nullopt);
  notices_->Lost();
  EXPECT_EQ(Asks(), 0U);
}

TEST_F(NoticesTest, TheNoticesOfALegAreFoundByIt) {
  EXPECT_EQ(Asks(), 0U);
  Take(Page(0, {2, 4}, false));
  const auto of_leg = store_->Read([&](Tables& tables) { return tables.NoticesOfLeg(leg_); });
  EXPECT_EQ(of_leg->size(), 2U);
  const auto of_other =
      store_->Read([](Tables& tables) { return tables.NoticesOfLeg(certs::NewLegId(2)); });
  EXPECT_TRUE(of_other->empty());
}

}  // namespace
}  // namespace rujukan::agency
