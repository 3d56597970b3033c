// Goal: for every place where the broker can stop between persisting and delivering, and for every
// store call that can fail with or without effect, nothing acknowledged is lost and nothing is
// answered that is not durable. Method: a store that fails on command; "crash" is stopping the
// engine there and opening another on what the store kept. The places are named in
// broker/engine/committer.cc.

#include <gtest/gtest.h>

#include "ledger/receipt.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

using Frame = v1::ServerFrame;

class CrashTest : public ::testing::Test {
 protected:
  CrashTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
    Seed(world_, memory_);
    clock_.Set(world_.now());
    frame_ = SubmitFrame(world_, NoticeTo(world_, "ppa.18.71", "dinsos.18.71"));
  }

  // Sends the message into a broker that has this fault, and lets it die of it.
  void DieOf(Fault fault) {
    Broker broker(world_, memory_, clock_);
    broker.store.Set(fault);
    broker.Offer(PeerOf("ppa.18.71"), frame_);
    ASSERT_TRUE(broker.WaitForFailure());
    EXPECT_EQ(Errc::kFatal, broker.engine->Failure()->code);
    EXPECT_FALSE(broker.engine->Ready());
    broker.engine->Stop();
    EXPECT_TRUE(broker.outlet.Frames(Frame::kAccepted).empty());
  }
  // Sends it again into a healthy broker: the receipt must verify and cover exactly one entry of
  // it.
  std::string Retry() {
    Broker broker(world_, memory_, clock_);
    broker.Offer(PeerOf("ppa.18.71"), frame_);
    const Frame frame = broker.outlet.WaitFor(Frame::kAccepted, 1)[0];
    const auto receipt = ledger::Receipt::Parse(frame.accepted().proven().proof());
    EXPECT_TRUE(
        receipt.has_value() &&
        ledger::VerifyReceipt(*receipt, frame.accepted().proven().entry(), world_.log().verifier())
            .has_value());
    EXPECT_EQ(world_.size() + 1, memory_.Size().value());
    return frame.accepted().proven().proof();
  }

  World world_;
  MemoryStore memory_;
  TestClock clock_;
  v1::ClientFrame frame_;
};

TEST_F(CrashTest, CrashBeforePersistLosesOnlyWhatWasNotAnswered) {
  DieOf(Fault::kAppendNotPersisted);
  EXPECT_EQ(world_.size(), memory_.Size().value());
  Retry();
}

TEST_F(CrashTest, CrashAfterPersistIsSignedOnRestartAndAnsweredOnRetry) {
  DieOf(Fault::kAppendPersisted);
  EXPECT_EQ(world_.size() + 1, memory_.Size().value());
  EXPECT_EQ(world_.size(), memory_.LatestCheckpoint().value()->size);
  Retry();
  EXPECT_EQ(world_.size() + 1, memory_.LatestCheckpoint().value()->size);
}

TEST_F(CrashTest, ACheckpointThatWasNotKeptIsSignedAgainToTheSameBytes) {
  DieOf(Fault::kCheckpointNotPersisted);
  const std::string first = Retry();
  memory_.Crash();  // a power cut loses the checkpoint just put; Ed25519 makes the same again
  EXPECT_EQ(first, Retry());
}

TEST_F(CrashTest, CrashAfterSigningGivesTheSameReceiptOnRetry) {
  DieOf(Fault::kCheckpointPersisted);
  const std::string kept = memory_.LatestCheckpoint().value()->note;
  const std::string receipt = Retry();
  EXPECT_NE(std::string::npos, receipt.find(kept));
  EXPECT_EQ(receipt, Retry());
}

TEST_F(CrashTest, CrashAfterAnswerStillDelivers) {
  {
    Broker broker(world_, memory_, clock_);
    broker.Offer(PeerOf("ppa.18.71"), frame_);
    broker.outlet.WaitFor(Frame::kAccepted, 1);
  }
  Broker broker(world_, memory_, clock_);
  broker.Offer(PeerOf("dinsos.18.71"), HelloFrame());
  broker.outlet.WaitFor(Frame::kWelcome, 1);
  broker.Offer(PeerOf("dinsos.18.71"), CreditFrame(1));
  const Frame deliver = broker.outlet.WaitFor(Frame::kDeliver, 1)[0];
  EXPECT_EQ(frame_.submit().header(), deliver.deliver().envelope().header());
}

TEST_F(CrashTest, WhatWasDeliveredButNotReceiptedIsDeliveredAgain) {
  for (int run = 0; run < 2; ++run) {
    Broker broker(world_, memory_, clock_);
    broker.Offer(PeerOf("ppa.18.71"), frame_);
    broker.Offer(PeerOf("dinsos.18.71"), HelloFrame());
    broker.outlet.WaitFor(Frame::kWelcome, 1);  // before it nobody has credit
    broker.Offer(PeerOf("dinsos.18.71"), CreditFrame(1));
    broker.outlet.WaitFor(Frame::kDeliver, 1);
  }
}

TEST_F(CrashTest, ACheckpointLargerThanTheLedgerStopsTheBrokerInsteadOfForkingIt) {
  { Broker broker(world_, memory_, clock_); }
  const Epoch epoch = memory_.Fence().value();
  ledger::Checkpoint ahead;
  ahead.origin = world_.log().verifier().name;
  ahead.size = world_.size() + 1;
  ASSERT_TRUE(memory_.PutCheckpoint(epoch, ahead.size, ledger::SignCheckpoint(ahead, world_.log()))
                  .has_value());
  RecordingOutlet outlet;
  EXPECT_EQ(Errc::kCorrupt, Engine::Open(memory_, world_.log(), clock_, outlet, {}).error().code);
}

}  // namespace
}  // namespace rujukan::broker
