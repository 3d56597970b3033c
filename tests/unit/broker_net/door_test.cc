// Goal: a door protects itself even when ZAP is missing, and has every option that bounds
// strangers. Method: a door in a context without a ZAP handler, where libzmq lets everybody in.
#include "broker/net/door.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/limits.h"
#include "broker/net/zap.h"
#include "tests/unit/broker_net/fake_engine.h"
#include "tests/unit/broker_net/test_client.h"

namespace rujukan::broker {
namespace {

class DoorTest : public ::testing::Test {
 protected:
  // Waits for a message; kNothing: none came.
  static Reception Next(DoorSocket& door, ReceivedFrame& out) {
    zmq_pollitem_t item{door.handle(), 0, ZMQ_POLLIN, 0};
    zmq_poll(&item,
             1,
             std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds(kPatience))
                 .count());
    return door.Receive(out);
  }
  template <class T>
  static T OptionOf(DoorSocket& door, int option) {
    T value{};
    size_t size = sizeof value;
    EXPECT_EQ(zmq_getsockopt(door.handle(), option, &value, &size), 0);
    return value;
  }

  const certs::TransportKeyPair server_ = certs::GenerateTransportKeyPair();
  const certs::TransportKeyPair client_ = certs::GenerateTransportKeyPair();
  Context context_{zmq_ctx_new()};
};

TEST_F(DoorTest, WithoutZapNoFrameComesThrough) {
  DoorSocket door = *DoorSocket::Open(
      context_.get(), {.door = Door::kMain, .endpoint = "tcp://127.0.0.1:0"}, server_);
  TestClient client(door.endpoint(), server_.public_key, client_);
  ASSERT_TRUE(client.WaitForEvent(ZMQ_EVENT_HANDSHAKE_SUCCEEDED)) << "libzmq now fails closed";
  client.Send("hello");
  ReceivedFrame received;
  EXPECT_EQ(Next(door, received), Reception::kUnauthenticated);
  EXPECT_TRUE(received.user.empty());
  EXPECT_TRUE(received.frame.empty());
}

TEST_F(DoorTest, EveryProtectiveOptionIsSet) {
  for (const Door which : {Door::kMain, Door::kEnrolment}) {
    DoorSocket door = *DoorSocket::Open(
        context_.get(), {.door = which, .endpoint = "tcp://127.0.0.1:0"}, server_);
    EXPECT_EQ(OptionOf<int64_t>(door, ZMQ_MAXMSGSIZE),
              static_cast<int64_t>(FrameBytesMaxOf(which) + kCurveOverheadBytes));
    EXPECT_EQ(OptionOf<int>(door, ZMQ_LINGER), 0);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_RCVHWM), limits::kReceiveQueueMax);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_SNDHWM), limits::kSendQueueMax);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_RCVBUF), limits::kKernelBufferBytes);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_HANDSHAKE_IVL), limits::kHandshakeMsMax);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_TCP_KEEPALIVE), 1);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_MECHANISM), ZMQ_CURVE);
    EXPECT_EQ(OptionOf<int>(door, ZMQ_HEARTBEAT_IVL), 0);
  }
}

TEST_F(DoorTest, SendingToNobodyIsNoticed) {
  DoorSocket door = *DoorSocket::Open(
      context_.get(), {.door = Door::kMain, .endpoint = "tcp://127.0.0.1:0"}, server_);
  EXPECT_EQ(door.Send(std::string("\0abcd", 5), "hello"), DoorSocket::Sent::kGone);
}

TEST_F(DoorTest, AnAddressThatIsNotOursIsAnError) {
  const auto door = DoorSocket::Open(
      context_.get(), {.door = Door::kMain, .endpoint = "tcp://192.0.2.1:7400"}, server_);
  ASSERT_FALSE(door);
  EXPECT_EQ(door.error().code, Errc::kUnavailable);
}

// The handler's judgement, without sockets.
TEST(Zap, OnlyAWellFormedRequestOfAnAdmittedKeyGetsAUser) {
  FakeEngine gatekeeper;
  const TransportKey known = certs::GenerateTransportKeyPair().public_key;
  const TransportKey unknown = certs::GenerateTransportKeyPair().public_key;
  gatekeeper.Admit(known, "dinsos@lampung.example");
  const ZapRequest good{.version = "1.0",
                        .domain = ZapDomainOf(Door::kMain),
                        .mechanism = "CURVE",
                        .credentials = known.view()};
  EXPECT_EQ(UserOf(good, gatekeeper), "dinsos@lampung.example");

  ZapRequest request = good;
  request.credentials = unknown.view();
  EXPECT_EQ(UserOf(request, gatekeeper), std::nullopt);
  request = good;
  request.credentials = known.view().substr(1);
  EXPECT_EQ(UserOf(request, gatekeeper), std::nullopt);
  request = good;
  request.mechanism = "NULL";
  EXPECT_EQ(UserOf(request, gatekeeper), std::nullopt);
  request = good;
  request.domain = "";
  EXPECT_EQ(UserOf(request, gatekeeper), std::nullopt);
  request = good;
  request.version = "2.0";
  EXPECT_EQ(UserOf(request, gatekeeper), std::nullopt);
  // An address that is empty would pass for "ZAP did not speak".
  gatekeeper.Admit(known, "");
  EXPECT_EQ(UserOf(good, gatekeeper), std::nullopt);
}

}  // namespace
}  // namespace rujukan::broker
