// Goal: what is on its way to the disk is visible, and what was remembered is never stale. Method:
// a store in memory written by hand while a batch "is under way".

#include "broker/core/recent_view.h"

#include <gtest/gtest.h>

namespace rujukan::broker {
namespace {

using ledger::Table;
using Writes = ledger::Overlay::Writes;

class RecentViewTest : public ::testing::Test {
 protected:
  std::optional<std::string> Get(Table table, std::string_view key) {
    return recent_.Get(table, key).value();
  }

  ledger::MemoryView store_;
  RecentView recent_{store_};
};

TEST_F(RecentViewTest, WritesUnderWayAreSeenBeforeTheyAreInTheStore) {
  store_.Apply(Writes{{{Table::kLeg, "a"}, "old"}, {{Table::kLeg, "b"}, "old"}});
  const Writes writes{
      {{Table::kLeg, "a"}, "new"}, {{Table::kLeg, "b"}, std::nullopt}, {{Table::kLeg, "c"}, "new"}};
  recent_.Cover(&writes);
  EXPECT_EQ("new", Get(Table::kLeg, "a"));
  EXPECT_EQ(std::nullopt, Get(Table::kLeg, "b"));
  std::string seen;
  ASSERT_TRUE(recent_
                  .Scan(Table::kLeg,
                        "",
                        "",
                        [&](std::string_view key, std::string_view value) {
                          seen.append(key).append("=").append(value).append(";");
                          return true;
                        })
                  .has_value());
  EXPECT_EQ("a=new;c=new;", seen);
}

TEST_F(RecentViewTest, AHotRecordIsAsNewAsTheLastSettledBatch) {
  store_.Apply(Writes{{{Table::kCounter, "x"}, "1"}});
  EXPECT_EQ("1", Get(Table::kCounter, "x"));
  const Writes writes{{{Table::kCounter, "x"}, "2"}};
  recent_.Cover(&writes);
  store_.Apply(writes);
  recent_.Settle();
  EXPECT_EQ("2", Get(Table::kCounter, "x"));
}

TEST_F(RecentViewTest, ADroppedBatchLeavesNothingBehind) {
  EXPECT_EQ(std::nullopt, Get(Table::kCounter, "x"));
  const Writes writes{{{Table::kCounter, "x"}, "2"}};
  recent_.Cover(&writes);
  EXPECT_EQ("2", Get(Table::kCounter, "x"));
  recent_.Drop();
  EXPECT_EQ(std::nullopt, Get(Table::kCounter, "x"));
}

TEST_F(RecentViewTest, AKeyThatWasMissedIsFoundOnceItsBatchHasSettled) {
  EXPECT_EQ(std::nullopt, Get(Table::kMessage, "id"));
  const Writes writes{{{Table::kMessage, "id"}, "record"}};
  recent_.Cover(&writes);
  EXPECT_EQ("record", Get(Table::kMessage, "id"));
  store_.Apply(writes);
  recent_.Settle();
  EXPECT_EQ("record", Get(Table::kMessage, "id"));
}

}  // namespace
}  // namespace rujukan::broker
