// Goal: the traps of libzmq that broker/net/ has to close. Method: the real router on loopback,
// real CURVE clients, honest and not; a fake engine says what came through. Every wait has a
// deadline.
#include "broker/net/router.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "tests/unit/broker_net/router_fixture.h"

namespace rujukan::broker {
namespace {

constexpr uint32_t kZapRefused = 400;

using RouterTest = RouterFixture;

std::string CutMetric(const std::string& reason, int count) {
  return "rujukan_connections_cut_total{reason=\"" + reason + "\"} " + std::to_string(count);
}

TEST_F(RouterTest, AnAdmittedKeyIsServedUnderItsAddressAndAnswered) {
  const auto client = Connect(dinsos_);
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  const Inbound inbound = engine_.Frames().front();
  EXPECT_EQ(inbound.peer.user, kDinsos);
  EXPECT_EQ(inbound.peer.door, Door::kMain);
  EXPECT_EQ(inbound.frame, "hello");
  EXPECT_EQ(inbound.peer.route.size(), 5U);
  outbox_->Send(inbound.peer, std::string(100'000, 'x'));
  EXPECT_EQ(client->Receive(), std::string(100'000, 'x'));
}

TEST_F(RouterTest, AnUnknownKeyGetsNothing) {
  const auto client = Connect(stranger_);
  client->Send("let me in");
  EXPECT_EQ(client->WaitForEvent(ZMQ_EVENT_HANDSHAKE_FAILED_AUTH), kZapRefused);
  ExpectServed(dinsos_, kDinsos);
  EXPECT_EQ(engine_.Frames().size(), 1U);
}

TEST_F(RouterTest, TheEnrolmentDoorTakesAnyKeyAndNamesItInHex) {
  const auto client = Connect(stranger_, {}, Door::kEnrolment);
  client->Send("an invitation");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  EXPECT_EQ(engine_.Frames().front().peer.user, ToHex(stranger_.public_key.view()));
  EXPECT_EQ(engine_.Frames().front().peer.door, Door::kEnrolment);
}

TEST_F(RouterTest, AClientWithoutCurveIsRefused) {
  const auto client = Connect(stranger_, {.curve = false});
  client->Send("in clear");
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL));
  ExpectServed(dinsos_, kDinsos);
  EXPECT_EQ(engine_.Frames().size(), 1U);
}

TEST_F(RouterTest, AClientThatExpectsAnotherServerKeyLearnsNothing) {
  TestClient client(router_->Endpoint(Door::kMain), stranger_.public_key, dinsos_);
  client.Send("for somebody else");
  EXPECT_TRUE(client.WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 1U);
}

TEST_F(RouterTest, ARevokedKeyIsCutAndCannotComeBack) {
  const auto client = Connect(dinsos_);
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  engine_.Revoke(dinsos_.public_key);
  outbox_->Cut(kDinsos);
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  EXPECT_EQ(client->WaitForEvent(ZMQ_EVENT_HANDSHAKE_FAILED_AUTH), kZapRefused);
  ASSERT_TRUE(engine_.WaitForGone(1));
  EXPECT_EQ(engine_.GonePeers().front().user, kDinsos);
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 2U);
}

TEST_F(RouterTest, AConnectedButSilentKeyIsCutWhenItSpeaksAfterItsRevocation) {
  const auto client = Connect(dinsos_);
  ASSERT_TRUE(client->WaitForEvent(ZMQ_EVENT_HANDSHAKE_SUCCEEDED));
  engine_.Revoke(dinsos_.public_key);
  outbox_->Cut(kDinsos);
  ExpectServed(polres_, kPolres);  // the cut has been carried out
  client->Send("hello");
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  EXPECT_TRUE(WaitForMetric(CutMetric("revoked", 1)));
  EXPECT_EQ(engine_.Frames().size(), 1U);
}

TEST_F(RouterTest, AClientThatChoosesItsRoutingIdIsCut) {
  const auto client = Connect(dinsos_, {.routing_id = "polres"});
  client->Send("hello");
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  EXPECT_TRUE(WaitForMetric(CutMetric("claimed_identity", 1)));
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 1U);
}

TEST_F(RouterTest, AnAnswerNeverGoesToAnotherUserOfTheRoute) {
  const auto client = Connect(dinsos_);
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  Peer peer = engine_.Frames().front().peer;
  outbox_->Send({.door = peer.door, .user = kPolres, .route = peer.route}, "for polres");
  outbox_->Send({.door = Door::kEnrolment, .user = kDinsos, .route = peer.route}, "other door");
  outbox_->Send(peer, "for dinsos");
  EXPECT_EQ(client->Receive(), "for dinsos");
  EXPECT_TRUE(WaitForMetric("rujukan_frames_dropped_total 2"));
}

TEST_F(RouterTest, ADisconnectedPeerIsReportedGone) {
  auto client = Connect(dinsos_);
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  client.reset();
  ASSERT_TRUE(engine_.WaitForGone(1));
  EXPECT_EQ(engine_.GonePeers().front().route, engine_.Frames().front().peer.route);
}

TEST_F(RouterTest, AFrameAtTheLimitIsServedAndOnePastItIsCut) {
  const auto client = Connect(dinsos_);
  client->Send(std::string(limits::kFrameBytesMax, 'x'));
  ASSERT_TRUE(engine_.WaitForFrames(1));
  EXPECT_EQ(engine_.Frames().front().frame.size(), limits::kFrameBytesMax);
  client->Send(std::string(limits::kFrameBytesMax + 1, 'x'));
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 2U);
}

TEST_F(RouterTest, AnEnrolmentFrameAtTheLimitIsServedAndOnePastItIsCut) {
  const auto client = Connect(stranger_, {}, Door::kEnrolment);
  client->Send(std::string(limits::kEnrolmentFrameBytesMax, 'x'));
  ASSERT_TRUE(engine_.WaitForFrames(1));
  client->Send(std::string(limits::kEnrolmentFrameBytesMax + 1, 'x'));
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 2U);
}

TEST_F(RouterTest, AMessageOfTwoFramesIsRefusedAndItsConnectionCut) {
  const auto client = Connect(dinsos_);
  client->Send("one", ZMQ_SNDMORE);
  client->Send("two");
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  EXPECT_TRUE(WaitForMetric(CutMetric("malformed", 1)));
  ExpectServed(polres_, kPolres);
  EXPECT_EQ(engine_.Frames().size(), 1U);
}

// Frames of a closed connection may wait for admission and make the engine think it is there.
TEST_F(RouterTest, WhoeverWritesToAConnectionThatIsGoneIsToldSoAgain) {
  auto client = Connect(dinsos_);
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  const Peer peer = engine_.Frames().front().peer;
  client.reset();
  ASSERT_TRUE(engine_.WaitForGone(1));
  outbox_->Send(peer, "to nobody");
  ASSERT_TRUE(engine_.WaitForGone(2));
  EXPECT_EQ(peer.route, engine_.GonePeers().back().route);
}

TEST_F(RouterTest, AConnectionTheEngineDropsIsCutAndItsUserMayComeBack) {
  const auto client = Connect(dinsos_);
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  outbox_->Drop(engine_.Frames().front().peer);
  EXPECT_TRUE(engine_.WaitForGone(1));
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  ExpectServed(dinsos_, kDinsos);
}

TEST_F(RouterTest, AFullEngineStopsTheReadingAndNothingIsLostOrReordered) {
  constexpr size_t kSent = 500;
  constexpr size_t kTaken = 10;
  engine_.SetCapacity(kTaken);
  const auto client = Connect(dinsos_);
  for (size_t i = 0; i < kSent; ++i) {
    client->Send(std::to_string(i));
  }
  ASSERT_TRUE(engine_.WaitForRefusals(1));
  // Answers go out meanwhile, or nobody would ever make room.
  outbox_->Send(engine_.Frames().front().peer, "patience");
  EXPECT_EQ(client->Receive(), "patience");
  EXPECT_EQ(engine_.Frames().size(), kTaken);
  outbox_->Resume();  // too early: it is still full
  ASSERT_TRUE(engine_.WaitForRefusals(2));
  engine_.SetCapacity(kSent);
  outbox_->Resume();
  ASSERT_TRUE(engine_.WaitForFrames(kSent));
  const std::vector<Inbound> frames = engine_.Frames();
  for (size_t i = 0; i < kSent; ++i) {
    ASSERT_EQ(frames[i].frame, std::to_string(i));
  }
}

TEST_F(RouterTest, APeerThatDoesNotReadIsCutAndOthersAreServed) {
  const auto client = Connect(dinsos_, {.receive_queue = 1, .reconnect_ms = -1});
  client->Send("hello");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  const Peer peer = engine_.Frames().front().peer;
  // More than its queue, its own one and the kernel's buffers of both sides hold.
  for (size_t i = 0; i < 4 * limits::kSendQueueMax; ++i) {
    outbox_->Send(peer, std::string(16 * 1024, 'x'));
  }
  ASSERT_TRUE(engine_.WaitForGone(1));
  EXPECT_TRUE(WaitForMetric(CutMetric("not_reading", 1)));
  ExpectServed(polres_, kPolres);
}

TEST_F(RouterTest, ASilentConnectionIsCut) {
  StartRouter({.silent_ms_max = 10});
  const auto client = Connect(dinsos_);
  ASSERT_TRUE(client->WaitForEvent(ZMQ_EVENT_HANDSHAKE_SUCCEEDED));
  EXPECT_TRUE(client->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
}

TEST_F(RouterTest, TheDoorsTotalIsServedAndOneMoreIsCut) {
  StartRouter({.main_max = 2});
  const auto first = Connect(dinsos_);
  first->Send("1");
  ASSERT_TRUE(engine_.WaitForFrames(1));
  const auto second = Connect(dinsos_);
  second->Send("2");
  ASSERT_TRUE(engine_.WaitForFrames(2));
  const auto third = Connect(dinsos_, {.reconnect_ms = -1});
  EXPECT_TRUE(third->WaitForEvent(ZMQ_EVENT_DISCONNECTED));
  first->Send("3");
  ASSERT_TRUE(engine_.WaitForFrames(3));
  EXPECT_EQ(engine_.Frames().back().frame, "3");
}

TEST_F(RouterTest, StoppingWithConnectedClientsNeverHangsAndTheyComeBack) {
  for (int round = 0; round < 10; ++round) {
    const auto client = Connect(dinsos_);
    client->Send("hello");
    ASSERT_TRUE(engine_.WaitForFrames(static_cast<size_t>(round) + 1));
    StartRouter({});
  }
}

TEST_F(RouterTest, AnAddressThatIsTakenIsAnErrorNotAnAbort) {
  auto second = Router::Start({.main_endpoint = router_->Endpoint(Door::kMain),
                               .enrolment_endpoint = "tcp://127.0.0.1:0",
                               .keys = server_,
                               .limits = {}},
                              {.outbox = *outbox_, .inlet = engine_, .gatekeeper = engine_});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  ExpectServed(dinsos_, kDinsos);
}

}  // namespace
}  // namespace rujukan::broker
