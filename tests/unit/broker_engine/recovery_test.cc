// Goal: the engine goes on only from what it can trust: its clock and what it has signed. Method: a
// store in memory made wrong in one way, a clock set by hand.

#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/checkpoint.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

using Frame = v1::ServerFrame;

class RecoveryTest : public ::testing::Test {
 protected:
  RecoveryTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
    Seed(world_, memory_);
    clock_.Set(world_.now());
  }
  v1::ClientFrame Message() const {
    return SubmitFrame(world_, NoticeTo(world_, "ppa.18.71", "dinsos.18.71"));
  }
  Result<std::unique_ptr<Engine>> Open(bool accept_clock) {
    Engine::Options options;
    options.accept_clock = accept_clock;
    return Engine::Open(memory_, world_.log(), clock_, outlet_, options);
  }

  World world_;
  MemoryStore memory_;
  TestClock clock_;
  RecordingOutlet outlet_;
};

TEST_F(RecoveryTest, AClockThatLeapsForwardStopsTheEngineBeforeAnEntryIsMade) {
  Broker broker(world_, memory_, clock_);
  broker.Offer(PeerOf("ppa.18.71"), Message());
  broker.outlet.WaitFor(Frame::kAccepted, 1);
  const TreeSize size = broker.store.Size().value();
  clock_.Advance(2 * limits::kClockSkewMsMax);
  broker.Offer(PeerOf("ppa.18.71"), Message());
  EXPECT_TRUE(broker.WaitForFailure());
  broker.engine->Stop();
  EXPECT_EQ(size, broker.store.Size().value());
}

TEST_F(RecoveryTest, AHeadAtTheLimitOfAgeIsBelievedAndAnOlderOneOnlyWhenToldSo) {
  const UnixMillis head = ledger::ReadHead(memory_).value().time_ms();
  clock_.Set(head + limits::kHeadAgeMsMax);
  EXPECT_TRUE(Open(/*accept_clock=*/false).has_value());
  clock_.Set(head + limits::kHeadAgeMsMax + 1);
  EXPECT_EQ(Errc::kExpired, Open(/*accept_clock=*/false).error().code);
  EXPECT_TRUE(Open(/*accept_clock=*/true).has_value());
}

TEST_F(RecoveryTest, ATreeThatDoesNotContinueTheSignedOneIsNotSigned) {
  ledger::Checkpoint other;
  other.origin = world_.log().verifier().name;
  other.size = world_.size() - 1;
  other.root = certs::Sha256("another history");
  const Epoch epoch = memory_.Fence().value();
  ASSERT_TRUE(memory_.PutCheckpoint(epoch, other.size, ledger::SignCheckpoint(other, world_.log()))
                  .has_value());
  EXPECT_EQ(Errc::kCorrupt, Open(/*accept_clock=*/false).error().code);
}

}  // namespace
}  // namespace rujukan::broker
