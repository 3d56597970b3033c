// Goal: what the broker tells of legs is believed only with its proof, only of the kinds it can
// be, and only where the page says it stands. Method: pages made from a World's ledger, right ones
// and each way they can be false.
#include <gtest/gtest.h>

#include "ledger/due_entries.h"
#include "tests/unit/link/session_fixture.h"

namespace rujukan::link {
namespace {

class LegNoticesTest : public SessionTest {
 protected:
  // Two missed deadlines in the ledger; their indexes.
  std::vector<LogIndex> Miss() {
    AddMessage();
    AddMessage();
    world_.Advance(3'600'000);
    ledger::Memo memo;
    const auto due = ledger::DueEntries(world_.view(), world_.now(), 2, memo);
    std::vector<LogIndex> indexes;
    for (const v1::Entry& entry : due.value()) {
      indexes.push_back(world_.Append(entry));
    }
    return indexes;
  }
  v1::ServerFrame PageOf(const std::vector<LogIndex>& indexes, LogIndex from) const {
    v1::ServerFrame frame;
    v1::LegNoticesPage& page = *frame.mutable_leg_notices();
    page.set_from_index(from);
    for (const LogIndex index : indexes) {
      *page.add_entries() = face_.Prove(index, world_.size());
      page.set_next_index(index + 1);
    }
    return frame;
  }
  bool Alarms(const v1::ServerFrame& frame) {
    Session session = Make();
    GoLive(session);
    Feed(session, frame);
    return session.state() == Session::State::kAlarmed;
  }
};

TEST_F(LegNoticesTest, AProvenPageBecomesOneEvent) {
  const auto indexes = Miss();
  Session session = Make();
  GoLive(session);
  v1::ServerFrame frame = PageOf(indexes, 3);
  frame.mutable_leg_notices()->set_more(true);
  Feed(session, frame);
  const auto noticed = Only<LegNoticed>(session.TakeEvents());
  ASSERT_EQ(noticed.size(), 1U);
  ASSERT_EQ(noticed[0].entries.size(), 2U);
  EXPECT_EQ(noticed[0].entries[1].index, indexes[1]);
  EXPECT_TRUE(noticed[0].entries[0].entry.has_deadline_missed());
  EXPECT_EQ(noticed[0].from_index, 3U);
  EXPECT_EQ(noticed[0].next_index, indexes[1] + 1);
  EXPECT_TRUE(noticed[0].more);
}

TEST_F(LegNoticesTest, AnEmptyPageIsAnAnswerToo) {
  Session session = Make();
  GoLive(session);
  Feed(session, PageOf({}, 7));
  EXPECT_EQ(Only<LegNoticed>(session.TakeEvents()).size(), 1U);
}

TEST_F(LegNoticesTest, AFalseProofAnotherKindOfEntryOrAnotherPlaceRaisesTheAlarm) {
  const auto indexes = Miss();
  EXPECT_FALSE(Alarms(PageOf(indexes, 0)));
  v1::ServerFrame frame = PageOf(indexes, 0);
  frame.mutable_leg_notices()->mutable_entries(0)->mutable_entry()->append("x");
  EXPECT_TRUE(Alarms(frame)) << "changed";
  EXPECT_TRUE(Alarms(PageOf({indexes[0] - 1}, 0))) << "a message";
  EXPECT_TRUE(Alarms(PageOf({indexes[1], indexes[0]}, 0))) << "out of order";
  EXPECT_TRUE(Alarms(PageOf(indexes, indexes[0] + 1))) << "before the page begins";
  frame = PageOf(indexes, 0);
  frame.mutable_leg_notices()->set_next_index(indexes[1]);
  EXPECT_TRUE(Alarms(frame)) << "behind its end";
}

}  // namespace
}  // namespace rujukan::link
