// Goal: what the broker puts on record itself is checked like everything else: its state root is
// the one the entries come to, removals only go forward. Method: a World; right and wrong entries.
// Time-stamps: fold_timestamp_test.cc.
#include <gtest/gtest.h>

#include "ledger/records.h"
#include "ledger/state_root.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::K;
using testing::R;
using testing::World;

class FoldDutiesTest : public testing::ActTest {
 protected:
  std::string StateRoot() const { return ReadHead(world.view())->state_root(); }
  R::Code State(std::string root) {
    v1::Entry entry;
    entry.mutable_state()->set_state_root(std::move(root));
    return Whole(std::move(entry));
  }
  R::Code Removed(UnixMillis before) {
    v1::Entry entry;
    entry.mutable_contents_removed()->set_settled_before_ms(before);
    return Whole(std::move(entry));
  }
};

TEST_F(FoldDutiesTest, TheStateRootIsThatOfTheEntriesBefore) {
  const std::string root = StateRoot();
  ASSERT_EQ(root.size(), Digest::kSize);
  ASSERT_EQ(State(root), R::UNSPECIFIED) << advice;
  EXPECT_EQ(ReadDuties(world.view())->state_index(), world.size() - 1);
  EXPECT_EQ(State(root), R::DIGEST_MISMATCH) << "putting it on record is itself a change";
  EXPECT_EQ(State(StateRoot()), R::UNSPECIFIED);
}

TEST_F(FoldDutiesTest, AnotherStateIsNotPutOnRecord) {
  std::string root = StateRoot();
  root[0] = static_cast<char>(root[0] ^ 1);
  EXPECT_EQ(State(root), R::DIGEST_MISMATCH);
  EXPECT_EQ(State("short"), R::MALFORMED);
}

TEST_F(FoldDutiesTest, EveryEntryChangesTheStateRoot) {
  std::string before = StateRoot();
  EXPECT_EQ(Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::PEMBERITAHUAN)), R::UNSPECIFIED);
  EXPECT_NE(StateRoot(), before);
  before = StateRoot();
  EXPECT_EQ(Admin(Suspend("lpa.18.01")), R::UNSPECIFIED);
  EXPECT_NE(StateRoot(), before);
}

TEST_F(FoldDutiesTest, AReaderOfAPartHasNoStateRootAndDoesNotJudgeIt) {
  MemoryView part;
  Overlay overlay(part);
  for (LogIndex index = 0; index < world.size(); ++index) {
    v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(world.entries()[index]));
    ASSERT_TRUE(ApplyVisible(entry, index, overlay)->has_value());
  }
  EXPECT_EQ(ReadHead(overlay)->state_root(), "");
  v1::Entry state;
  state.mutable_state()->set_state_root(std::string(Digest::kSize, 's'));
  state = world.Placed(state);
  EXPECT_TRUE(ApplyVisible(state, world.size() + 7, overlay)->has_value());
}

TEST_F(FoldDutiesTest, RemovalsGoForwardAndNeverIntoTheFuture) {
  EXPECT_EQ(Removed(world.now() + 1), R::MALFORMED);
  ASSERT_EQ(Removed(world.now()), R::UNSPECIFIED);
  EXPECT_EQ(ReadDuties(world.view())->removed_before_ms(), world.now());
  EXPECT_EQ(Removed(world.now()), R::MALFORMED) << "says nothing new";
  EXPECT_EQ(Removed(world.now() - 1), R::MALFORMED);
  world.Advance(kHour);
  EXPECT_EQ(Removed(world.now() - 1), R::UNSPECIFIED);
}

TEST(StateRootTest, IsOfEachPlaceOnceInOrderAndTellsDeletionFromNothing) {
  const MemoryView base;
  Overlay one(base);
  one.Put(Table::kLeg, "b", "1");
  one.Put(Table::kAgency, "a", "old");
  one.Put(Table::kAgency, "a", "2");
  Overlay other(base);
  other.Put(Table::kAgency, "a", "2");
  other.Put(Table::kLeg, "b", "1");
  const std::string root = NextStateRoot("", one.TakeTouched());
  EXPECT_EQ(root, NextStateRoot("", other.TakeTouched()));
  EXPECT_TRUE(one.TakeTouched().empty());
  EXPECT_NE(root, NextStateRoot(root, {}));
  one.Delete(Table::kLeg, "b");
  other.Put(Table::kLeg, "b", "");
  EXPECT_NE(NextStateRoot("", one.TakeTouched()), NextStateRoot("", other.TakeTouched()));
}

}  // namespace
}  // namespace rujukan::ledger
