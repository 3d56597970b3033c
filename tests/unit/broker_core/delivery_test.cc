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

  // A message is committed: in the mailbox, and the tracker is told.
  void Arrive(LogIndex index) {
    Store(index);
    tracker_.Arrived({kAgency, index, IdOf(index)});
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
  tracker_.SetCredit(Route("a"), 3);
  EXPECT_EQ((Indexes{1, 2, 3}), Take());
  EXPECT_EQ(Indexes{}, Take());
  Answer(2);
  EXPECT_EQ(Indexes{4}, Take());
}

TEST_F(DeliveryTest, CreditIsAbsoluteSoSayingItTwiceChangesNothing) {
  for (LogIndex i = 1; i <= 5; ++i) {
    Store(i);
  }
  tracker_.SetCredit(Route("a"), 2);
  Take();
  tracker_.SetCredit(Route("a"), 2);
  EXPECT_EQ(Indexes{}, Take());
}

TEST_F(DeliveryTest, CreditOverTheLimitCountsAsTheLimit) {
  for (LogIndex i = 0; i < limits::kDeliveryCreditMax + 10; ++i) {
    Store(i);
  }
  tracker_.SetCredit(Route("a"), limits::kDeliveryCreditMax + 5);
  EXPECT_EQ(limits::kDeliveryCreditMax, Take().size());
}

TEST_F(DeliveryTest, FreshMailFollowsOnceTheBacklogIsDone) {
  Store(1);
  tracker_.SetCredit(Route("a"), 10);
  EXPECT_EQ(Indexes{1}, Take());
  Arrive(2);
  Arrive(3);
  EXPECT_EQ((Indexes{2, 3}), Take());
}

TEST_F(DeliveryTest, MoreFreshMailThanMemoryHoldsIsReadFromTheMailbox) {
  tracker_.SetCredit(Route("a"), 0);
  tracker_.SetCredit(Route("a"), 1);
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
  tracker_.SetCredit(Route("a"), 10);
  Take();
  Answer(1);
  tracker_.Gone(Route("a"));
  tracker_.SetCredit(Route("b"), 10);
  EXPECT_EQ(Indexes{2}, Take());
  EXPECT_EQ("b", last_route_);
}

TEST_F(DeliveryTest, TwoConnectionsShareTheMailAndNeitherGetsTheOthers) {
  for (LogIndex i = 1; i <= 4; ++i) {
    Store(i);
  }
  tracker_.SetCredit(Route("a"), 2);
  tracker_.SetCredit(Route("b"), 2);
  EXPECT_EQ((Indexes{1, 2, 3, 4}), Take());
  tracker_.Gone(Route("a"));
  EXPECT_EQ(Indexes{}, Take());  // b is at its credit
  tracker_.SetCredit(Route("b"), 10);
  EXPECT_EQ(2U, Take().size());
  EXPECT_EQ(4U, tracker_.under_way());
}

TEST_F(DeliveryTest, AnUnansweredMessageIsDeliveredAgainAfterAWhile) {
  Store(1);
  tracker_.SetCredit(Route("a"), 10);
  Take();
  now_ += limits::kRedeliverAfterMs - 1;
  tracker_.Tick(now_);
  EXPECT_EQ(Indexes{}, Take());
  now_ += 1;
  tracker_.Tick(now_);
  EXPECT_EQ(Indexes{1}, Take());
}

TEST_F(DeliveryTest, MailWithoutACheckpointWaits) {
  Store(1);
  Store(2);
  size_ = 2;  // entry 2 is in the store, its checkpoint is not signed yet
  tracker_.SetCredit(Route("a"), 10);
  EXPECT_EQ(Indexes{1}, Take());
  size_ = 3;
  tracker_.Arrived({kAgency, 2, IdOf(2)});
  EXPECT_EQ(Indexes{2}, Take());
}

TEST_F(DeliveryTest, AForgottenAgencyGetsNothingMore) {
  Store(1);
  tracker_.SetCredit(Route("a"), 10);
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
  tracker_.SetCredit(Route("a"), 10);
  tracker_.SetCredit({Door::kMain, other, "z"}, 10);
  EXPECT_EQ((Indexes{1, 4}), Take(2));
}

}  // namespace
}  // namespace rujukan::broker
