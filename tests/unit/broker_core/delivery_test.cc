// Goal: at-least-once delivery in order within credit, whatever connections do. Method: the tracker
// on a mailbox in memory; the test plays recipient, connections and clock.

#include "broker/core/delivery.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/fold.h"

namespace rujukan::broker {
namespace {

constexpr const char* kAgency = "dinsos.18.71@lampung.example";

class DeliveryTest : public ::testing::Test {
 protected:
  static Peer Route(const std::string& name) { return {Door::kMain, kAgency, name}; }
  static MessageId IdOf(LogIndex index) {
    MessageId id;
    id.data()[0] = static_cast<uint8_t>(index >> 8);
    id.data()[1] = static_cast<uint8_t>(index);
    return id;
  }

  void Credit(const Peer& peer, uint32_t messages) {
    tracker_.Connected(peer);
    tracker_.SetCredit(peer, messages);
  }
  // A message is committed: in the mailbox, and the tracker is told.
  void Arrive(LogIndex index) {
    Store(index);
    tracker_.Arrived({kAgency, index, IdOf(index), 6});
  }
  void Store(LogIndex index) {
    mailboxes_.Apply(
        {{{ledger::Table::kMailbox, ledger::MailboxKey(kAgency, index)}, IdOf(index).str()}});
    size_ = index + 1;
  }
  void Answer(LogIndex index) {
    mailboxes_.Apply(
        {{{ledger::Table::kMailbox, ledger::MailboxKey(kAgency, index)}, std::nullopt}});
    tracker_.Settled(kAgency, IdOf(index));
  }
  std::vector<LogIndex> Take(size_t max = 1000) {
    std::vector<LogIndex> indexes;
    const auto due = tracker_.Take({mailboxes_, size_}, now_, max);
    for (const Delivery& delivery : due.value()) {
      indexes.push_back(delivery.index);
      last_route_ = delivery.peer.route;
    }
    return indexes;
  }
  using Indexes = std::vector<LogIndex>;

  ledger::MemoryView mailboxes_;
  DeliveryTracker tracker_;
  TreeSize size_ = 0;
  UnixMillis now_ = 1'000'000;
  std::string last_route_;
};

TEST_F(DeliveryTest, NothingIsSentWithoutCredit) {
  Arrive(1);
  tracker_.Connected(Route("a"));
  Arrive(2);
  EXPECT_EQ(Indexes{}, Take());
}

TEST_F(DeliveryTest, TheMailboxIsDeliveredInOrderUpToTheCredit) {
  for (LogIndex i = 1; i <= 5; ++i) {
    Store(i);
  }
  Credit(Route("a"), 3);
  EXPECT_EQ((Indexes{1, 2, 3}), Take());
  EXPECT_EQ(Indexes{}, Take());
  Answer(2);
  EXPECT_EQ(Indexes{4}, Take());
}

TEST_F(DeliveryTest, CreditIsAbsoluteSoSayingItTwiceChangesNothing) {
  for (LogIndex i = 1; i <= 5; ++i) {
    Store(i);
  }
  Credit(Route("a"), 2);
  Take();
  Credit(Route("a"), 2);
  EXPECT_EQ(Indexes{}, Take());
}

TEST_F(DeliveryTest, CreditOverTheLimitCountsAsTheLimit) {
  for (LogIndex i = 0; i < limits::kDeliveryCreditMax + 10; ++i) {
    Store(i);
  }
  Credit(Route("a"), limits::kDeliveryCreditMax + 5);
  EXPECT_EQ(limits::kDeliveryCreditMax, Take().size());
}

TEST_F(DeliveryTest, FreshMailFollowsOnceTheBacklogIsDone) {
  Store(1);
  Credit(Route("a"), 10);
  EXPECT_EQ(Indexes{1}, Take());
  Arrive(2);
  Arrive(3);
  EXPECT_EQ((Indexes{2, 3}), Take());
}

TEST_F(DeliveryTest, MoreFreshMailThanMemoryHoldsIsReadFromTheMailbox) {
  Credit(Route("a"), 0);
  Credit(Route("a"), 1);
  Arrive(1);
  EXPECT_EQ(Indexes{1}, Take());
  const LogIndex last = 2 * limits::kDeliveryCreditMax;
  for (LogIndex i = 2; i <= last; ++i) {
    Arrive(i);
  }
  for (LogIndex i = 1; i < last; ++i) {
    Answer(i);
    EXPECT_EQ(Indexes{i + 1}, Take());
  }
}

TEST_F(DeliveryTest, WhatWasUnderWayOnALostConnectionIsDeliveredOnTheNext) {
  Store(1);
  Store(2);
  Credit(Route("a"), 10);
  Take();
  Answer(1);
  tracker_.Gone(Route("a"));
  Credit(Route("b"), 10);
  EXPECT_EQ(Indexes{2}, Take());
  EXPECT_EQ("b", last_route_);
}

TEST_F(DeliveryTest, TwoConnectionsShareTheMailAndNeitherGetsTheOthers) {
  for (LogIndex i = 1; i <= 4; ++i) {
    Store(i);
  }
  Credit(Route("a"), 2);
  Credit(Route("b"), 2);
  EXPECT_EQ((Indexes{1, 2, 3, 4}), Take());
  tracker_.Gone(Route("a"));
  EXPECT_EQ(Indexes{}, Take());  // b is at its credit
  Credit(Route("b"), 10);
  EXPECT_EQ(2U, Take().size());
  EXPECT_EQ(4U, tracker_.under_way());
}

TEST_F(DeliveryTest, AnUnansweredMessageIsDeliveredAgainAfterAWhile) {
  Store(1);
  Store(2);
  Credit(Route("a"), 10);
  Take();
  Answer(2);  // so it has read 1 and had no use for it
  now_ += limits::kRedeliverAfterMs - 1;
  EXPECT_TRUE(tracker_.Tick(now_).empty());
  EXPECT_EQ(Indexes{}, Take());
  now_ += 1;
  EXPECT_TRUE(tracker_.Tick(now_).empty());
  EXPECT_EQ(Indexes{1}, Take());
}

TEST_F(DeliveryTest, ARouteThatAnswersNothingIsCutAndGetsNoSecondCopy) {
  Store(1);
  Store(2);
  Credit(Route("a"), 10);
  Take();
  Answer(1);
  now_ += limits::kRedeliverAfterMs;
  const std::vector<Peer> cut = tracker_.Tick(now_);
  ASSERT_EQ(1U, cut.size());
  EXPECT_EQ("a", cut[0].route);
  EXPECT_EQ(Indexes{}, Take());
  Credit(Route("b"), 10);
  EXPECT_EQ(Indexes{2}, Take());
}

TEST_F(DeliveryTest, ARouteCarriesSoManyBytesUnansweredButAlwaysOneMessage) {
  Credit(Route("a"), 10);
  EXPECT_EQ(Indexes{}, Take());  // the backlog is done
  for (LogIndex i = 1; i <= 3; ++i) {
    Store(i);
    tracker_.Arrived({kAgency, i, IdOf(i), limits::kDeliveryBytesMax / 2});
  }
  EXPECT_EQ((Indexes{1, 2}), Take());
  Answer(1);
  EXPECT_EQ(Indexes{3}, Take());
  Answer(2);
  Answer(3);
  Store(4);
  tracker_.Arrived({kAgency, 4, IdOf(4), 2 * limits::kDeliveryBytesMax});
  EXPECT_EQ(Indexes{4}, Take());
}

TEST_F(DeliveryTest, TheBacklogIsWeighedLikeFreshMail) {
  for (LogIndex i = 1; i <= 2; ++i) {
    v1::MessageRecord record;
    record.set_content_size(limits::kDeliveryBytesMax);
    mailboxes_.Apply({{{ledger::Table::kMessage, IdOf(i).str()}, record.SerializeAsString()}});
    Store(i);
  }
  Credit(Route("a"), 10);
  EXPECT_EQ(Indexes{1}, Take());
}

TEST_F(DeliveryTest, CreditOfARouteThatIsGoneBringsItNotBack) {
  Store(1);
  Credit(Route("a"), 10);
  tracker_.Gone(Route("a"));
  tracker_.SetCredit(Route("a"), 10);
  EXPECT_EQ(Indexes{}, Take());
  EXPECT_EQ(0U, tracker_.agencies());
}

TEST_F(DeliveryTest, NoticesGoToTheNewestConnection) {
  tracker_.Connected(Route("z"));
  tracker_.Connected(Route("a"));
  tracker_.Connected(Route("m"));
  EXPECT_EQ("m", tracker_.RouteOf(kAgency)->route);
  tracker_.Gone(Route("m"));
  EXPECT_EQ("a", tracker_.RouteOf(kAgency)->route);
}

TEST_F(DeliveryTest, MailWithoutACheckpointWaits) {
  Store(1);
  Store(2);
  size_ = 2;  // entry 2 is in the store, its checkpoint is not signed yet
  Credit(Route("a"), 10);
  EXPECT_EQ(Indexes{1}, Take());
  size_ = 3;
  tracker_.Arrived({kAgency, 2, IdOf(2), 6});
  EXPECT_EQ(Indexes{2}, Take());
}

TEST_F(DeliveryTest, AForgottenAgencyGetsNothingMore) {
  Store(1);
  Credit(Route("a"), 10);
  tracker_.Forget(kAgency);
  EXPECT_EQ(Indexes{}, Take());
  tracker_.Gone(Route("a"));
  EXPECT_EQ(0U, tracker_.agencies());
}

TEST_F(DeliveryTest, AgenciesTakeTurns) {
  const std::string other = "ppa.18.71@lampung.example";
  for (LogIndex i = 1; i <= 3; ++i) {
    Store(i);
  }
  mailboxes_.Apply({{{ledger::Table::kMailbox, ledger::MailboxKey(other, 4)}, IdOf(4).str()}});
  size_ = 5;
  Credit(Route("a"), 10);
  Credit({Door::kMain, other, "z"}, 10);
  EXPECT_EQ((Indexes{1, 4}), Take(2));
}

}  // namespace
}  // namespace rujukan::broker
