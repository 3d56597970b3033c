// Goal: every row of the table in connection_table.h. Method: play what the adapter would see, look
// at the cuts and goodbyes that follow. No socket; time is a number.
#include "broker/net/connection_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/bytes.h"

namespace rujukan::broker {
namespace {

std::string ServerRoute(uint32_t counter) {
  std::string route(1, '\0');
  AppendBigEndian32(counter, route);
  return route;
}

class ConnectionTableTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kCookieOffset = 1000;

  void Connect(int fd, Door door = Door::kMain) {
    table_.OnAccepted(door, fd, static_cast<uint64_t>(fd) + kCookieOffset, now_);
  }
  bool Speak(int fd,
             const std::string& user,
             const std::string& route,
             const std::string& claimed = "",
             Door door = Door::kMain) {
    return table_.OnFrame(
        {.door = door, .user = user, .route = route, .claimed_identity = claimed, .fd = fd}, now_);
  }
  std::vector<int> CutFds(CutReason reason) {
    std::vector<int> fds;
    for (const CutOrder& cut : table_.TakeCuts()) {
      EXPECT_EQ(CutReasonText(cut.reason), CutReasonText(reason));
      EXPECT_EQ(cut.cookie, static_cast<uint64_t>(cut.fd) + kCookieOffset);
      fds.push_back(cut.fd);
    }
    return fds;
  }
  std::vector<std::string> GoneRoutes() {
    std::vector<std::string> routes;
    for (const Peer& peer : table_.TakeGone()) {
      routes.push_back(peer.route);
    }
    return routes;
  }
  static Peer MainPeer(const std::string& user, const std::string& route) {
    return {.door = Door::kMain, .user = user, .route = route};
  }

  using Fds = std::vector<int>;
  using Routes = std::vector<std::string>;

  const ConnectionLimits limits_{.main_max = 4,
                                 .enrolment_max = 2,
                                 .per_user_max = 2,
                                 .silent_ms_max = 1000,
                                 .enrolment_idle_ms_max = 5000};
  ConnectionTable table_{limits_};
  int64_t now_ = 0;
  const std::string a_ = ServerRoute(1);
  const std::string b_ = ServerRoute(2);
  const std::string c_ = ServerRoute(3);
};

TEST_F(ConnectionTableTest, AServedConnectionIsReachableUntilItDisconnects) {
  Connect(5);
  EXPECT_FALSE(table_.Reaches(MainPeer("dinsos", a_)));
  EXPECT_TRUE(Speak(5, "dinsos", a_));
  EXPECT_TRUE(table_.Reaches(MainPeer("dinsos", a_)));
  EXPECT_FALSE(table_.Reaches(MainPeer("polres", a_)));
  EXPECT_FALSE(table_.Reaches({.door = Door::kEnrolment, .user = "dinsos", .route = a_}));
  table_.OnDisconnected(Door::kMain, 5);
  EXPECT_FALSE(table_.Reaches(MainPeer("dinsos", a_)));
  EXPECT_EQ(GoneRoutes(), Routes{a_});
  EXPECT_EQ(table_.Count(Door::kMain), 0U);
}

TEST_F(ConnectionTableTest, TheDoorsTotalIsServedAndOneMoreIsCut) {
  for (int fd = 1; fd <= 4; ++fd) {
    Connect(fd);
  }
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{});
  for (int fd = 1; fd <= 4; ++fd) {
    EXPECT_TRUE(Speak(fd, "agency" + std::to_string(fd), ServerRoute(static_cast<uint32_t>(fd))));
  }
  Connect(5);
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{5});
  EXPECT_FALSE(Speak(5, "dinsos", ServerRoute(5)));
  table_.OnDisconnected(Door::kMain, 5);
  table_.OnDisconnected(Door::kMain, 1);
  Connect(6);
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{});
}

TEST_F(ConnectionTableTest, AFullDoorCutsTheOldestThatNeverSpokeAndServesTheNewcomer) {
  for (int fd = 1; fd <= 4; ++fd) {
    Connect(fd);
  }
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  Connect(5);
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{2});
  EXPECT_TRUE(Speak(5, "polres", b_));
  Connect(6);
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{3});
}

TEST_F(ConnectionTableTest, StrangersNeverTakeThePlacesOfAgencies) {
  for (int fd = 1; fd <= 3; ++fd) {
    Connect(fd, Door::kEnrolment);
  }
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{1});
  EXPECT_TRUE(Speak(2, "key", a_, "", Door::kEnrolment));
  EXPECT_TRUE(Speak(3, "other", b_, "", Door::kEnrolment));
  Connect(4, Door::kEnrolment);
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{2}) << "a stranger that spoke, too";
  Connect(9);
  EXPECT_EQ(CutFds(CutReason::kTooManyConnections), Fds{});
}

TEST_F(ConnectionTableTest, OneConnectionTooManyOfAnAgencyCutsItsOldest) {
  Connect(1);
  Connect(2);
  Connect(3);
  // Spoken in another order than accepted: the oldest is still the first accepted.
  EXPECT_TRUE(Speak(2, "dinsos", b_));
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  EXPECT_EQ(CutFds(CutReason::kTooManyOfUser), Fds{});
  EXPECT_TRUE(Speak(3, "dinsos", c_));
  EXPECT_EQ(CutFds(CutReason::kTooManyOfUser), Fds{1});
  EXPECT_EQ(GoneRoutes(), Routes{a_});
  EXPECT_TRUE(table_.Reaches(MainPeer("dinsos", c_)));
}

TEST_F(ConnectionTableTest, ARoutingIdOfTheClientsChoiceIsCut) {
  Connect(1);
  EXPECT_FALSE(Speak(1, "dinsos", "dinsos-1"));
  EXPECT_EQ(CutFds(CutReason::kClaimedIdentity), Fds{1});
  Connect(2);
  EXPECT_FALSE(Speak(2, "dinsos", "Abcde"));  // right length, but libzmq's begin with zero
  EXPECT_EQ(CutFds(CutReason::kClaimedIdentity), Fds{2});
  Connect(3);
  EXPECT_FALSE(Speak(3, "dinsos", a_, /*claimed=*/"x"));
  EXPECT_EQ(CutFds(CutReason::kClaimedIdentity), Fds{3});
}

TEST_F(ConnectionTableTest, ARouteThatSpeaksForAnotherUserIsCutAndTheOwnerKept) {
  Connect(1);
  Connect(2);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  EXPECT_FALSE(Speak(2, "polres", a_));
  EXPECT_EQ(CutFds(CutReason::kRouteOfAnother), Fds{2});
  EXPECT_TRUE(table_.Reaches(MainPeer("dinsos", a_)));
}

TEST_F(ConnectionTableTest, ARevokedUserLosesEveryConnectionTheSilentOnesToo) {
  Connect(1);
  Connect(2);
  Connect(3);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  EXPECT_TRUE(Speak(2, "polres", b_));
  table_.CutUser("dinsos", now_);
  EXPECT_EQ(CutFds(CutReason::kRevoked), Fds{1});
  EXPECT_EQ(GoneRoutes(), Routes{a_});
  // What it had under way is not served, on the cut connection or on one that had not spoken yet.
  EXPECT_FALSE(Speak(1, "dinsos", a_));
  EXPECT_FALSE(Speak(3, "dinsos", c_));
  EXPECT_EQ(CutFds(CutReason::kRevoked), Fds{3});
  EXPECT_TRUE(Speak(2, "polres", b_));
}

TEST_F(ConnectionTableTest, AUserAdmittedAgainMayComeBack) {
  Connect(1);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  table_.CutUser("dinsos", now_);
  table_.OnDisconnected(Door::kMain, 1);
  Connect(1);
  EXPECT_TRUE(Speak(1, "dinsos", b_));
  EXPECT_TRUE(table_.Reaches(MainPeer("dinsos", b_)));
}

class UnfinishedBytes : public ConnectionTableTest, public ::testing::WithParamInterface<bool> {};

TEST_P(UnfinishedBytes, AtTheLimitIsServedAndOnePastItIsCut) {
  const bool drained = GetParam();
  const uint64_t max = UnfinishedBytesMax(Door::kMain, drained);
  constexpr uint64_t kBefore = 50'000'000;
  Connect(1);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  table_.OnMeasured(1, kBefore);
  table_.Judge(drained);
  table_.OnMeasured(1, kBefore + max);
  table_.Judge(drained);
  EXPECT_EQ(CutFds(CutReason::kUnfinished), Fds{});
  table_.OnMeasured(1, kBefore + max + 1);
  table_.Judge(drained);
  EXPECT_EQ(CutFds(CutReason::kUnfinished), Fds{1});
  EXPECT_EQ(GoneRoutes(), Routes{a_});
}

INSTANTIATE_TEST_SUITE_P(DrainedOrNot, UnfinishedBytes, ::testing::Bool());

TEST_F(ConnectionTableTest, WholeMessagesMayWaitWhileTheEngineIsFull) {
  EXPECT_GE(UnfinishedBytesMax(Door::kMain, /*drained=*/false),
            UnfinishedBytesMax(Door::kMain, /*drained=*/true) +
                limits::kReceiveQueueMax * limits::kFrameBytesMax);
}

TEST_F(ConnectionTableTest, ABusyConnectionThatCompletesMessagesIsNeverCut) {
  Connect(1);
  for (uint64_t round = 1; round <= 100; ++round) {
    EXPECT_TRUE(Speak(1, "dinsos", a_));
    table_.OnMeasured(1, round * 2 * limits::kUnfinishedBytesMax);
    table_.Judge(/*drained=*/true);
  }
  EXPECT_EQ(CutFds(CutReason::kUnfinished), Fds{});
}

TEST_F(ConnectionTableTest, WhoeverNeverSpeaksIsCutAndWhoeverSpokeMayRest) {
  Connect(1);
  Connect(2);
  EXPECT_TRUE(Speak(2, "dinsos", a_));
  now_ = limits_.silent_ms_max;
  table_.OnTick(now_);
  EXPECT_EQ(CutFds(CutReason::kSilent), Fds{});
  now_ += 1;
  table_.OnTick(now_);
  EXPECT_EQ(CutFds(CutReason::kSilent), Fds{1});
  now_ += 1'000'000;
  table_.OnTick(now_);
  EXPECT_EQ(CutFds(CutReason::kSilent), Fds{});
}

TEST_F(ConnectionTableTest, AnIdleStrangerIsCut) {
  Connect(1, Door::kEnrolment);
  EXPECT_TRUE(Speak(1, "key", a_, "", Door::kEnrolment));
  now_ = limits_.enrolment_idle_ms_max;
  table_.OnTick(now_);
  EXPECT_EQ(CutFds(CutReason::kIdle), Fds{});
  now_ += 1;
  table_.OnTick(now_);
  EXPECT_EQ(CutFds(CutReason::kIdle), Fds{1});
}

TEST_F(ConnectionTableTest, ALateMessageOfAClosedConnectionCountsButIsNotAnsweredToItsSuccessor) {
  Connect(1);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  table_.OnDisconnected(Door::kMain, 1);
  Connect(1);  // the kernel reuses the number
  EXPECT_TRUE(Speak(1, "polres", b_));
  EXPECT_TRUE(Speak(1, "dinsos", a_));  // was still in libzmq's queue
  EXPECT_FALSE(table_.Reaches(MainPeer("dinsos", a_)));
  EXPECT_TRUE(table_.Reaches(MainPeer("polres", b_)));
  EXPECT_EQ(table_.TakeCuts().size(), 0U);
}

TEST_F(ConnectionTableTest, ASuccessorTakesTheNumberOverFromALateFirstMessage) {
  Connect(1);
  EXPECT_TRUE(Speak(1, "dinsos", ServerRoute(0xffffffff)));
  EXPECT_TRUE(Speak(1, "polres", ServerRoute(0)));  // newer: the counter wrapped
  EXPECT_TRUE(table_.Reaches(MainPeer("polres", ServerRoute(0))));
  EXPECT_EQ(GoneRoutes(), Routes{ServerRoute(0xffffffff)});
}

TEST_F(ConnectionTableTest, AGoodbyeFromTheOtherDoorsMonitorComesTooLateToHarm) {
  Connect(1, Door::kMain);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  Connect(1, Door::kEnrolment);
  EXPECT_EQ(GoneRoutes(), Routes{a_});
  table_.OnDisconnected(Door::kMain, 1);
  EXPECT_EQ(table_.Count(Door::kMain), 0U);
  EXPECT_EQ(table_.Count(Door::kEnrolment), 1U);
}

TEST_F(ConnectionTableTest, APeerThatDoesNotReadIsCutByItsRoute) {
  Connect(1);
  EXPECT_TRUE(Speak(1, "dinsos", a_));
  table_.CutRoute(MainPeer("dinsos", a_), CutReason::kNotReading);
  table_.CutRoute(MainPeer("dinsos", a_), CutReason::kNotReading);
  EXPECT_EQ(CutFds(CutReason::kNotReading), Fds{1});
  EXPECT_EQ(GoneRoutes(), Routes{a_});
}

}  // namespace
}  // namespace rujukan::broker
