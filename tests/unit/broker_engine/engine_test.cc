// Goal: what an agency sees of a running broker: receipts that verify, delivery, notices, refusals,
// revocation, the public log. Method: real threads on a store in memory; once more on RocksDB.

#include "broker/engine/engine.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/limits.h"
#include "broker/store/rocks_store.h"
#include "ledger/receipt.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

using Frame = v1::ServerFrame;
using Reason = v1::RefusalReason;

class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    world_.AddAgency("ppa.18.71");
    world_.AddAgency("dinsos.18.71");
    Seed(world_, memory_);
    clock_.Set(world_.now());
    broker_ = std::make_unique<Broker>(world_, memory_, clock_);
  }

  v1::Header Notice() const { return NoticeTo(world_, "ppa.18.71", "dinsos.18.71"); }
  void Send(const v1::Header& header) {
    broker_->Offer(PeerOf("ppa.18.71"), SubmitFrame(world_, header));
  }
  RecordingOutlet& outlet() { return broker_->outlet; }
  void ExpectProven(const v1::ProvenEntry& proven) {
    const auto receipt = ledger::Receipt::Parse(proven.proof());
    ASSERT_TRUE(receipt.has_value());
    EXPECT_TRUE(
        ledger::VerifyReceipt(*receipt, proven.entry(), world_.log().verifier()).has_value());
  }

  World world_;
  MemoryStore memory_;
  TestClock clock_;
  std::unique_ptr<Broker> broker_;
};

TEST_F(EngineTest, AnAcceptedMessageComesBackWithAReceiptThatVerifies) {
  const v1::Header header = Notice();
  Send(header);
  const Frame frame = outlet().WaitFor(Frame::kAccepted, 1)[0];
  EXPECT_EQ(header.message_id(), frame.accepted().subject());
  ExpectProven(frame.accepted().proven());
}

TEST_F(EngineTest, ManyMessagesGetOneReceiptEachAndKeepTheSendersOrder) {
  constexpr size_t kMessages = limits::kSendWindowMax;
  std::vector<std::string> ids;
  for (size_t i = 0; i < kMessages; ++i) {
    const v1::Header header = Notice();
    ids.push_back(header.message_id());
    Send(header);
  }
  const auto frames = outlet().WaitFor(Frame::kAccepted, kMessages);
  for (size_t i = 0; i < kMessages; ++i) {
    EXPECT_EQ(ids[i], frames[i].accepted().subject());
  }
  ExpectProven(frames.back().accepted().proven());
}

TEST_F(EngineTest, ARetryGetsTheVerySameReceipt) {
  const v1::Header header = Notice();
  const v1::ClientFrame frame = SubmitFrame(world_, header);
  broker_->Offer(PeerOf("ppa.18.71"), frame);
  broker_->Offer(PeerOf("ppa.18.71"), frame);
  outlet().WaitFor(Frame::kAccepted, 2);
  Send(Notice());  // the ledger grows; the receipt must not
  outlet().WaitFor(Frame::kAccepted, 3);
  broker_->Offer(PeerOf("ppa.18.71"), frame);
  const auto frames = outlet().WaitFor(Frame::kAccepted, 4);
  EXPECT_EQ(frames[0].SerializeAsString(), frames[1].SerializeAsString());
  EXPECT_EQ(frames[0].SerializeAsString(), frames[3].SerializeAsString());
}

TEST_F(EngineTest, ARecipientWithCreditGetsTheMessageAndItsSenderTheNotice) {
  broker_->Offer(PeerOf("ppa.18.71"), HelloFrame());
  broker_->Offer(PeerOf("dinsos.18.71"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 2);
  broker_->Offer(PeerOf("dinsos.18.71"), CreditFrame(8));
  const v1::Header header = Notice();
  Send(header);
  const Frame deliver = outlet().WaitFor(Frame::kDeliver, 1)[0];
  EXPECT_EQ("sealed", deliver.deliver().envelope().content());
  EXPECT_EQ(header.SerializeAsString(), deliver.deliver().envelope().header());
  ExpectProven(deliver.deliver().proven());
  broker_->Offer(PeerOf("dinsos.18.71"), DeliveryFrame(world_, header));
  const Frame notice = outlet().WaitFor(Frame::kNotice, 1)[0];
  EXPECT_EQ(header.message_id(), notice.notice().message_id());
  ExpectProven(notice.notice().proven());
}

TEST_F(EngineTest, AResentDeliveryReceiptIsAcceptedAndAnotherOneIsRefused) {
  const v1::Header header = Notice();
  Send(header);
  outlet().WaitFor(Frame::kAccepted, 1);
  const v1::ClientFrame receipt = DeliveryFrame(world_, header);
  broker_->Offer(PeerOf("dinsos.18.71"), receipt);
  broker_->Offer(PeerOf("dinsos.18.71"), receipt);
  const auto accepted = outlet().WaitFor(Frame::kAccepted, 3);
  EXPECT_EQ(accepted[1].SerializeAsString(), accepted[2].SerializeAsString());
  broker_->Offer(PeerOf("dinsos.18.71"),
                 DeliveryFrame(world_, header, v1::DeliveryOutcome::UNREADABLE));
  EXPECT_EQ(Reason::ALREADY_DELIVERED, outlet().WaitFor(Frame::kRefused, 1)[0].refused().reason());
}

TEST_F(EngineTest, ARefusalSaysWhyAndIsProven) {
  v1::Header header = Notice();
  header.set_to(0, World::Address("lpa.18.71"));
  Send(header);
  const Frame frame = outlet().WaitFor(Frame::kRefused, 1)[0];
  EXPECT_EQ(Reason::UNKNOWN_RECIPIENT, frame.refused().reason());
  EXPECT_EQ(header.message_id(), frame.refused().subject());
  EXPECT_FALSE(frame.refused().advice().empty());
  ExpectProven(frame.refused().proven());
}

TEST_F(EngineTest, JunkOfOneAgencyDoesNotKeepTheBrokerFromServingOthers) {
  for (int i = 0; i < 200; ++i) {
    Inbound junk{PeerOf("dinsos.18.71"), "\x12\xff junk"};
    ASSERT_TRUE(broker_->engine->Offer(junk));
  }
  Send(Notice());
  outlet().WaitFor(Frame::kAccepted, 1);
  EXPECT_EQ(200U, outlet().WaitFor(Frame::kRefused, 200).size());
}

TEST_F(EngineTest, RevocationCutsTheAgencyOffAndHoldsFromThenOn) {
  const TransportKey key = world_.member("ppa.18.71").transport.public_key;
  EXPECT_EQ(World::Address("ppa.18.71"), broker_->engine->AddressOf(key));
  broker_->Offer({Door::kMain, world_.admin().address, "admin"}, RevokeFrame(world_, "ppa.18.71"));
  EXPECT_TRUE(outlet().WaitForCut(World::Address("ppa.18.71")));
  outlet().WaitFor(Frame::kAccepted, 1);
  EXPECT_EQ(std::nullopt, broker_->engine->AddressOf(key));
  Send(Notice());
  EXPECT_EQ(Reason::SENDER_NOT_ACTIVE, outlet().WaitFor(Frame::kRefused, 1)[0].refused().reason());
}

TEST_F(EngineTest, TheSuspendedNeitherFetchNorSendAndFindTheirMailWhenTheyAreResumed) {
  broker_->Offer(PeerOf("ppa.18.71"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 1);
  const v1::Header waiting = Notice();
  Send(waiting);
  outlet().WaitFor(Frame::kAccepted, 1);
  broker_->Offer(AdminOf(world_), SuspendFrame(world_, "dinsos.18.71", v1::PendingMail::HOLD));
  EXPECT_TRUE(outlet().WaitForCut(World::Address("dinsos.18.71")));
  const Frame held = outlet().WaitFor(Frame::kNotice, 1)[0];
  EXPECT_EQ(waiting.message_id(), held.notice().message_id()) << "its sender is there, and told";
  ExpectProven(held.notice().proven());
  outlet().WaitFor(Frame::kAccepted, 2);

  const Peer suspended = PeerOf("dinsos.18.71", "route-2");
  const TransportKey key = world_.member("dinsos.18.71").transport.public_key;
  EXPECT_EQ(std::nullopt, broker_->engine->AddressOf(key));
  broker_->Offer(suspended, CreditFrame(8));
  broker_->Offer(suspended, SubmitFrame(world_, NoticeTo(world_, "dinsos.18.71", "ppa.18.71")));
  for (const Frame& refused : outlet().WaitFor(Frame::kRefused, 2)) {
    EXPECT_EQ(Reason::SENDER_NOT_ACTIVE, refused.refused().reason());
  }
  EXPECT_TRUE(outlet().Frames(Frame::kDeliver).empty());

  broker_->Offer(AdminOf(world_), ResumeFrame(world_, "dinsos.18.71"));
  outlet().WaitFor(Frame::kAccepted, 3);
  EXPECT_EQ(World::Address("dinsos.18.71"), broker_->engine->AddressOf(key));
  broker_->Offer(suspended, HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 2);
  broker_->Offer(suspended, CreditFrame(8));
  const Frame deliver = outlet().WaitFor(Frame::kDeliver, 1)[0];
  EXPECT_EQ(waiting.SerializeAsString(), deliver.deliver().envelope().header());
}

TEST_F(EngineTest, BouncedMailIsToldToItsSenderAndNotDeliveredAfterwards) {
  broker_->Offer(PeerOf("ppa.18.71"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 1);
  const v1::Header bounced = Notice();
  Send(bounced);
  outlet().WaitFor(Frame::kAccepted, 1);
  broker_->Offer(AdminOf(world_), SuspendFrame(world_, "dinsos.18.71", v1::PendingMail::BOUNCE));
  const Frame notice = outlet().WaitFor(Frame::kNotice, 1)[0];
  EXPECT_EQ(bounced.message_id(), notice.notice().message_id());
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(notice.notice().proven().entry()));
  EXPECT_TRUE(entry.has_act());
  broker_->Offer(AdminOf(world_), ResumeFrame(world_, "dinsos.18.71"));
  outlet().WaitFor(Frame::kAccepted, 3);
  broker_->Offer(PeerOf("dinsos.18.71", "route-2"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 2);
  broker_->Offer(PeerOf("dinsos.18.71", "route-2"), CreditFrame(8));
  const v1::Header later = Notice();
  Send(later);
  EXPECT_EQ(later.SerializeAsString(),
            outlet().WaitFor(Frame::kDeliver, 1)[0].deliver().envelope().header());
}

TEST_F(EngineTest, WithoutRoomSendersAreToldToWaitAndWithRoomServiceGoesOn) {
  broker_->store.Set(Fault::kAppendNoRoom);
  const v1::Header header = Notice();
  Send(header);
  const Frame refused = outlet().WaitFor(Frame::kRefused, 1)[0];
  EXPECT_EQ(Reason::STORAGE_FULL, refused.refused().reason());
  EXPECT_GT(refused.refused().retry_after_ms(), 0U);
  EXPECT_FALSE(broker_->engine->Failure().has_value());
  broker_->store.Set(Fault::kNone);
  clock_.Advance(limits::kStorageProbeMs);
  Send(header);
  ExpectProven(outlet().WaitFor(Frame::kAccepted, 1)[0].accepted().proven());
}

TEST_F(EngineTest, TheQueueFullTurnsFramesAwayAndResumesLater) {
  broker_->engine->Stop();
  broker_ = nullptr;
  RecordingOutlet outlet;
  FaultyStore store(memory_);
  auto engine = Engine::Open(store, world_.log(), clock_, outlet, {.workers = 1}).value();
  for (size_t i = 0; i < limits::kAdmissionQueueMax; ++i) {
    Inbound ping{PeerOf("ppa.18.71"), v1::ClientFrame(HelloFrame()).SerializeAsString()};
    ASSERT_TRUE(engine->Offer(ping));
  }
  Inbound over{PeerOf("ppa.18.71"), "kept"};
  EXPECT_FALSE(engine->Offer(over));
  EXPECT_EQ("kept", over.frame);
  engine->Start();
  EXPECT_TRUE(outlet.WaitForResume());
}

TEST_F(EngineTest, OneMessageOverTheSendWindowIsRefused) {
  broker_ = nullptr;
  RecordingOutlet outlet;
  FaultyStore store(memory_);
  auto engine = Engine::Open(store, world_.log(), clock_, outlet, {.workers = 1}).value();
  for (size_t i = 0; i <= limits::kSendWindowMax; ++i) {  // nothing is answered before Start
    Inbound inbound{PeerOf("ppa.18.71"), Bytes(SubmitFrame(world_, Notice()))};
    ASSERT_TRUE(engine->Offer(inbound));
  }
  engine->Start();
  outlet.WaitFor(Frame::kAccepted, limits::kSendWindowMax);
  EXPECT_EQ(Reason::WINDOW_EXCEEDED, outlet.WaitFor(Frame::kRefused, 1)[0].refused().reason());
}

TEST_F(EngineTest, AClientFollowsTheLogByConsistencyProofs) {
  const TreeSize old_size = world_.size();
  Send(Notice());
  outlet().WaitFor(Frame::kAccepted, 1);
  broker_->Offer(PeerOf("ppa.18.71"), HelloFrame(old_size));
  const v1::Welcome welcome = outlet().WaitFor(Frame::kWelcome, 1)[0].welcome();
  const auto now = ledger::OpenCheckpoint(welcome.checkpoint(), world_.log().verifier()).value();
  EXPECT_EQ(limits::kSendWindowMax, welcome.send_window());
  std::vector<Digest> proof;
  for (const std::string& hash : welcome.consistency()) {
    proof.push_back(Digest::FromBytes(hash).value());
  }
  const Digest old_root = ledger::RootAt(old_size, memory_).value();
  EXPECT_TRUE(ledger::VerifyConsistency(old_size, old_root, now.size, now.root, proof).has_value());
}

TEST_F(EngineTest, TheDirectoryComesWithProofsPageByPage) {
  v1::ClientFrame frame;
  frame.mutable_directory()->set_from_index(1);
  broker_->Offer(PeerOf("ppa.18.71"), frame);
  const v1::DirectoryPage page = outlet().WaitFor(Frame::kDirectory, 1)[0].directory();
  ASSERT_EQ(static_cast<int>(world_.size()) - 1, page.entries_size());
  EXPECT_EQ(world_.entries()[1], page.entries(0).entry());
  EXPECT_FALSE(page.more());
  EXPECT_EQ(world_.size(), page.next_index());
  for (const v1::ProvenEntry& entry : page.entries()) {
    ExpectProven(entry);
  }
}

TEST_F(EngineTest, ASenderLearnsOfDeliveriesItMissedAndNobodyElseDoes) {
  const v1::Header header = Notice();
  Send(header);
  outlet().WaitFor(Frame::kAccepted, 1);
  broker_->Offer(PeerOf("dinsos.18.71"), DeliveryFrame(world_, header));
  outlet().WaitFor(Frame::kAccepted, 2);
  v1::ClientFrame status;
  status.mutable_status()->add_message_ids(header.message_id());
  status.mutable_status()->add_message_ids(header.message_id());  // once is enough for an answer
  broker_->Offer(PeerOf("dinsos.18.71"), status);                 // not its message: no answer
  broker_->Offer(PeerOf("ppa.18.71"), status);
  ExpectProven(outlet().WaitFor(Frame::kNotice, 1)[0].notice().proven());
  broker_->Offer(PeerOf("ppa.18.71"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 1);  // the courier has seen all of the above
  EXPECT_EQ(1U, outlet().Frames(Frame::kNotice).size());
}

TEST_F(EngineTest, OneQueryOverTheWindowIsRefusedAndAnAnswerMakesRoom) {
  broker_ = nullptr;
  RecordingOutlet outlet;
  FaultyStore store(memory_);
  auto engine = Engine::Open(store, world_.log(), clock_, outlet, {.workers = 1}).value();
  const auto offer = [&] {
    Inbound hello{PeerOf("ppa.18.71"), HelloFrame().SerializeAsString()};
    ASSERT_TRUE(engine->Offer(hello));
  };
  for (size_t i = 0; i <= limits::kQueryWindowMax; ++i) {  // nothing is answered before Start
    offer();
  }
  engine->Start();
  outlet.WaitFor(Frame::kWelcome, limits::kQueryWindowMax);
  const v1::Refused refused = outlet.WaitFor(Frame::kRefused, 1)[0].refused();
  EXPECT_EQ(Reason::RATE_LIMITED, refused.reason());
  EXPECT_GT(refused.retry_after_ms(), 0U);
  offer();
  outlet.WaitFor(Frame::kWelcome, limits::kQueryWindowMax + 1);
}

TEST_F(EngineTest, ARecipientThatDoesNotAnswerIsDisconnectedAndServedOnItsNextConnection) {
  broker_->Offer(PeerOf("dinsos.18.71", "deaf"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 1);  // two workers: the credit could overtake it
  broker_->Offer(PeerOf("dinsos.18.71", "deaf"), CreditFrame(8));
  Send(Notice());
  outlet().WaitFor(Frame::kDeliver, 1);
  clock_.Advance(limits::kRedeliverAfterMs);
  EXPECT_TRUE(outlet().WaitForDrop("deaf"));
  broker_->Offer(PeerOf("dinsos.18.71", "next"), HelloFrame());
  outlet().WaitFor(Frame::kWelcome, 2);
  broker_->Offer(PeerOf("dinsos.18.71", "next"), CreditFrame(8));
  outlet().WaitFor(Frame::kDeliver, 2);
}

TEST_F(EngineTest, OnlyAdminsSeeEnrolments) {
  v1::ClientFrame frame;
  frame.mutable_enrolments();
  broker_->Offer(PeerOf("ppa.18.71"), frame);
  EXPECT_EQ(Reason::NO_RIGHT, outlet().WaitFor(Frame::kRefused, 1)[0].refused().reason());
  broker_->Offer({Door::kMain, world_.admin().address, "admin"}, frame);
  EXPECT_EQ(3, outlet().WaitFor(Frame::kEnrolments, 1)[0].enrolments().agencies_size());
}

TEST_F(EngineTest, ThePublicLogShowsWhatTheCheckpointCoversAndNoMore) {
  Send(Notice());
  outlet().WaitFor(Frame::kAccepted, 1);
  const auto checkpoint =
      ledger::OpenCheckpoint(broker_->engine->CheckpointNote().value(), world_.log().verifier())
          .value();
  const auto width = static_cast<uint32_t>(checkpoint.size);
  EXPECT_EQ(width * Digest::kSize, broker_->engine->HashTile(0, 0, width).value().size());
  const std::string bundle = broker_->engine->EntryBundle(0, width).value();
  EXPECT_EQ(world_.entries()[0], ledger::ParseBundle(bundle, width).value()[0]);
  EXPECT_EQ(Errc::kNotFound, broker_->engine->HashTile(0, 0, width + 1).error().code);
  EXPECT_EQ(Errc::kNotFound, broker_->engine->EntryBundle(0, width + 1).error().code);
  EXPECT_EQ(Errc::kNotFound, broker_->engine->EntryBundle(1, 1).error().code);
}

TEST_F(EngineTest, MetricsCountWhatHappened) {
  Send(Notice());
  outlet().WaitFor(Frame::kAccepted, 1);
  const std::string text = broker_->engine->MetricsText();
  EXPECT_NE(std::string::npos, text.find("rujukan_accepted_total{kind=\"MESSAGE\"} 1\n"));
  EXPECT_NE(std::string::npos, text.find("rujukan_mailbox_messages 1\n"));
  EXPECT_NE(std::string::npos, text.find("rujukan_commit_seconds_count 1\n"));
}

TEST_F(EngineTest, AnotherLogKeyThanTheGenesisNamesIsTurnedAway) {
  broker_ = nullptr;
  RecordingOutlet outlet;
  auto other = ledger::NoteSigner::Make("rujukan/lampung.example", certs::Ed25519Key::Generate());
  EXPECT_EQ(Errc::kDenied, Engine::Open(memory_, *other, clock_, outlet, {}).error().code);
}

TEST(EngineOnRocks, AMessageGoesThroughAndSurvivesARestart) {
  World world;
  world.AddAgency("ppa.18.71");
  world.AddAgency("dinsos.18.71");
  TestClock clock;
  clock.Set(world.now());
  std::string dir = (std::filesystem::temp_directory_path() / "engine_XXXXXX").string();
  ASSERT_NE(nullptr, mkdtemp(dir.data()));
  const v1::ClientFrame frame = SubmitFrame(world, NoticeTo(world, "ppa.18.71", "dinsos.18.71"));
  std::string first;
  {
    auto store = RocksStore::Open(dir).value();
    Seed(world, *store);
    Broker broker(world, *store, clock);
    broker.Offer(PeerOf("ppa.18.71"), frame);
    first = broker.outlet.WaitFor(Frame::kAccepted, 1)[0].SerializeAsString();
  }
  {
    auto store = RocksStore::Open(dir).value();
    Broker broker(world, *store, clock);
    broker.Offer(PeerOf("ppa.18.71"), frame);
    EXPECT_EQ(first, broker.outlet.WaitFor(Frame::kAccepted, 1)[0].SerializeAsString());
    broker.Offer(PeerOf("dinsos.18.71"), HelloFrame());
    broker.outlet.WaitFor(Frame::kWelcome, 1);
    broker.Offer(PeerOf("dinsos.18.71"), CreditFrame(1));
    EXPECT_EQ("sealed",
              broker.outlet.WaitFor(Frame::kDeliver, 1)[0].deliver().envelope().content());
  }
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace rujukan::broker
