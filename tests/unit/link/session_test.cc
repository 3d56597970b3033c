// Goal: the session keeps its promises whatever the network does: nothing unanswered is forgotten,
// nothing is believed unproven, and a broker that contradicts itself is never talked to again.
// Method: frames are handed in and out by the test over a real (in-memory) ledger; time is a
// number.
#include "agents/link/session.h"

#include <gtest/gtest.h>

#include "certs/merkle.h"
#include "tests/support/log_face.h"
#include "tests/support/world.h"

namespace rujukan::link {
namespace {

using testing::LogFace;
using testing::World;

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : face_(world_) {
    world_.AddAgency("dinsos.18");
    world_.AddAgency("uppa.18.01");
  }

  Session Make(std::string note = "", uint32_t window = 256, uint64_t seed = 1) {
    SessionOptions options;
    options.log = world_.log().verifier();
    options.last_note = std::move(note);
    options.window = window;
    options.seed = seed;
    return std::move(*Session::Make(std::move(options)));
  }

  void Feed(Session& session, const v1::ServerFrame& frame) {
    session.OnFrame(frame.SerializeAsString(), now_);
  }

  void GoLive(Session& session) {
    session.OnConnected(now_);
    session.TakeFrames();
    Feed(session, face_.Welcome(0, world_.size()));
    ASSERT_TRUE(session.live());
    session.TakeEvents();
    session.TakeFrames();
  }

  // A message as an entry of the ledger, and the submission that asked for it.
  struct Message {
    Submission submission;
    LogIndex index = 0;
    v1::Envelope envelope;
  };
  Message AddMessage() {
    const auto header = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
    const auto entry = world_.MessageEntry(header);
    Message message;
    message.envelope.set_header(entry.accepted().header());
    *message.envelope.mutable_signature() = entry.accepted().signature();
    message.submission = *SubmitMessage(message.envelope);
    message.index = world_.Append(entry);
    world_.Advance(1);
    return message;
  }
  v1::ServerFrame ReceiptFor(const Message& message) {
    return face_.Accepted(v1::Subject::MESSAGE, message.submission.subject, message.index);
  }

  template <class Wanted>
  static std::vector<Wanted> Only(std::vector<Event> events) {
    std::vector<Wanted> wanted;
    for (auto& event : events) {
      if (auto* one = std::get_if<Wanted>(&event)) {
        wanted.push_back(std::move(*one));
      }
    }
    return wanted;
  }

  static v1::ClientFrame Parse(const std::string& bytes) {
    v1::ClientFrame frame;
    EXPECT_TRUE(frame.ParseFromString(bytes));
    return frame;
  }

  World world_;
  LogFace face_;
  UnixMillis now_ = 1'000'000;
};

TEST_F(SessionTest, HelloNamesTheLastVerifiedSize) {
  const TreeSize known = world_.size() - 1;
  Session session = Make(face_.NoteAt(known));
  session.OnConnected(now_);
  const auto frames = session.TakeFrames();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(Parse(frames[0]).hello().tree_size(), known);
  Feed(session, face_.Welcome(known, world_.size()));
  EXPECT_TRUE(session.live());
  EXPECT_EQ(session.anchor_note(), face_.NoteAt(world_.size()));
}

TEST_F(SessionTest, ASubmissionWaitsForTheLinkAndIsReceiptedOnce) {
  Session session = Make();
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  EXPECT_TRUE(session.TakeFrames().empty());
  session.OnConnected(now_);
  session.TakeFrames();
  Feed(session, face_.Welcome(0, world_.size()));
  const auto frames = session.TakeFrames();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0], message.submission.frame);
  session.TakeEvents();

  Feed(session, ReceiptFor(message));
  Feed(session, ReceiptFor(message));  // the broker answers a resent frame again
  const auto receipted = Only<Receipted>(session.TakeEvents());
  ASSERT_EQ(receipted.size(), 1U);
  EXPECT_EQ(receipted[0].proven.index, message.index);
  EXPECT_EQ(session.unanswered(), 0U);
}

TEST_F(SessionTest, WithoutAnAnswerTheSameBytesAreSentAgain) {
  Session session = Make();
  GoLive(session);
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  session.TakeFrames();  // lost
  now_ += limits::kResendAfterMs - 1;
  session.OnTick(now_);
  EXPECT_TRUE(session.TakeFrames().empty());
  EXPECT_EQ(session.NextDeadline(), now_ + 1);
  now_ += 1;
  session.OnTick(now_);
  const auto frames = session.TakeFrames();
  ASSERT_GE(frames.size(), 1U);
  EXPECT_EQ(frames[0], message.submission.frame);
}

TEST_F(SessionTest, NoMoreThanTheWindowIsUnanswered) {
  Session session = Make("", /*window=*/2);
  GoLive(session);
  std::vector<Message> messages{AddMessage(), AddMessage(), AddMessage()};
  for (const auto& message : messages) {
    session.Submit(message.submission, now_);
  }
  EXPECT_EQ(session.TakeFrames().size(), 2U);
  EXPECT_EQ(session.in_flight(), 2U);
  Feed(session, ReceiptFor(messages[0]));
  const auto frames = session.TakeFrames();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0], messages[2].submission.frame);
}

TEST_F(SessionTest, SubmittingTwiceSendsOnce) {
  Session session = Make();
  GoLive(session);
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  session.Submit(message.submission, now_);
  EXPECT_EQ(session.TakeFrames().size(), 1U);
}

TEST_F(SessionTest, AfterAReconnectTheUnansweredGoAgainInTheirOrder) {
  Session session = Make();
  GoLive(session);
  const TreeSize anchored = world_.size();
  std::vector<Message> messages;
  for (int i = 0; i < 20; ++i) {
    messages.push_back(AddMessage());
    session.Submit(messages.back().submission, now_);
  }
  session.TakeFrames();
  Feed(session, ReceiptFor(messages[3]));
  session.OnDisconnected(now_, "cable");
  EXPECT_FALSE(session.WantsConnection(now_));
  now_ = session.NextDeadline();
  ASSERT_TRUE(session.WantsConnection(now_));
  session.OnConnected(now_);
  session.TakeFrames();
  Feed(session, face_.Welcome(anchored, world_.size()));
  auto frames = session.TakeFrames();
  ASSERT_GE(frames.size(), 19U);
  std::vector<std::string> sent;
  for (const auto& frame : frames) {
    if (Parse(frame).has_submit()) {
      sent.push_back(frame);
    }
  }
  ASSERT_EQ(sent.size(), 19U);
  EXPECT_EQ(sent[2], messages[2].submission.frame);
  EXPECT_EQ(sent[3], messages[4].submission.frame);
  EXPECT_EQ(sent[18], messages[19].submission.frame);
}

TEST_F(SessionTest, BackoffGrowsWithJitterUpToItsLimitAndResets) {
  Session session = Make("", 256, /*seed=*/7);
  int64_t base = limits::kReconnectBackoffMsMin;
  for (int i = 0; i < 14; ++i) {
    session.OnConnected(now_);
    session.OnDisconnected(now_, "down");
    const int64_t delay = session.NextDeadline() - now_;
    EXPECT_GE(delay, std::min(base, limits::kReconnectBackoffMsMax));
    EXPECT_LE(delay, std::min(base + base / 2, limits::kReconnectBackoffMsMax));
    base = std::min(base * 2, limits::kReconnectBackoffMsMax);
    now_ += delay;
  }
  session.TakeFrames();
  session.OnConnected(now_);
  Feed(session, face_.Welcome(0, world_.size()));
  session.OnDisconnected(now_, "down");
  EXPECT_LT(session.NextDeadline() - now_, 2 * limits::kReconnectBackoffMsMin);
}

TEST_F(SessionTest, DifferentSeedsComeBackAtDifferentTimes) {
  Session one = Make("", 256, 1);
  Session other = Make("", 256, 2);
  for (auto* session : {&one, &other}) {
    session->OnConnected(now_);
    session->OnDisconnected(now_, "down");
  }
  EXPECT_NE(one.NextDeadline(), other.NextDeadline());
}

TEST_F(SessionTest, AnotherRootForTheSameSizeIsAFork) {
  Session session = Make(face_.NoteAt(world_.size()));
  session.OnConnected(now_);
  const ledger::Checkpoint forked{
      ledger::OriginOf(World::kDomain), world_.size(), certs::LeafHash("another history")};
  v1::ServerFrame frame;
  frame.mutable_welcome()->set_checkpoint(ledger::SignCheckpoint(forked, world_.log()));
  Feed(session, frame);
  const auto alarms = Only<Alarm>(session.TakeEvents());
  ASSERT_EQ(alarms.size(), 1U);
  EXPECT_EQ(alarms[0].error.code, Errc::kCorrupt);
  EXPECT_NE(alarms[0].evidence.find(frame.welcome().checkpoint()), std::string::npos);
  EXPECT_FALSE(session.WantsConnection(now_ + 1'000'000'000));
  session.Submit(AddMessage().submission, now_);
  session.OnTick(now_ + 1'000'000'000);
  EXPECT_TRUE(session.TakeFrames().empty());
}

TEST_F(SessionTest, AShorterLedgerIsARollback) {
  Session session = Make(face_.NoteAt(world_.size()));
  session.OnConnected(now_);
  Feed(session, face_.Welcome(0, world_.size() - 1));
  EXPECT_EQ(session.state(), Session::State::kAlarmed);
}

TEST_F(SessionTest, AnInconsistentLedgerIsAFork) {
  const TreeSize known = world_.size() - 2;
  Session session = Make(face_.NoteAt(known));
  session.OnConnected(now_);
  auto frame = face_.Welcome(known, world_.size());
  ASSERT_GT(frame.welcome().consistency_size(), 0);
  (*frame.mutable_welcome()->mutable_consistency(0))[5] ^= 1;
  Feed(session, frame);
  EXPECT_EQ(session.state(), Session::State::kAlarmed);
}

TEST_F(SessionTest, ACheckpointOfAnotherKeyIsAnAlarm) {
  auto signer =
      ledger::NoteSigner::Make(ledger::OriginOf(World::kDomain), certs::Ed25519Key::Generate());
  ASSERT_TRUE(signer.has_value());
  const ledger::Checkpoint checkpoint{
      ledger::OriginOf(World::kDomain), 1, certs::LeafHash(world_.entries()[0])};
  v1::ServerFrame frame;
  frame.mutable_welcome()->set_checkpoint(ledger::SignCheckpoint(checkpoint, *signer));
  Session session = Make();
  session.OnConnected(now_);
  Feed(session, frame);
  EXPECT_EQ(session.state(), Session::State::kAlarmed);
}

TEST_F(SessionTest, AReceiptWhosePathLeadsElsewhereIsAnAlarm) {
  Session session = Make();
  GoLive(session);
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  auto frame = ReceiptFor(message);
  frame.mutable_accepted()->mutable_proven()->set_entry(world_.entries()[1]);
  Feed(session, frame);
  EXPECT_EQ(Only<Alarm>(session.TakeEvents()).size(), 1U);
}

TEST_F(SessionTest, AReceiptForAnotherMessageIsAnAlarm) {
  Session session = Make();
  GoLive(session);
  const auto mine = AddMessage();
  const auto another = AddMessage();
  session.Submit(mine.submission, now_);
  Feed(session, face_.Accepted(v1::Subject::MESSAGE, mine.submission.subject, another.index));
  EXPECT_EQ(Only<Alarm>(session.TakeEvents()).size(), 1U);
}

TEST_F(SessionTest, AFinalRefusalIsToldAndDropped) {
  Session session = Make();
  GoLive(session);
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  session.TakeFrames();
  v1::ServerFrame frame;
  frame.mutable_refused()->set_subject_kind(v1::Subject::MESSAGE);
  frame.mutable_refused()->set_subject(message.submission.subject);
  frame.mutable_refused()->set_reason(v1::RefusalReason::EXPIRED);
  Feed(session, frame);
  const auto refusals = Only<Refusal>(session.TakeEvents());
  ASSERT_EQ(refusals.size(), 1U);
  EXPECT_TRUE(refusals[0].final);
  EXPECT_EQ(session.unanswered(), 0U);
}

TEST_F(SessionTest, ARetryableRefusalIsSentAgainWhenTold) {
  Session session = Make();
  GoLive(session);
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  session.TakeFrames();
  v1::ServerFrame frame;
  frame.mutable_refused()->set_subject_kind(v1::Subject::MESSAGE);
  frame.mutable_refused()->set_subject(message.submission.subject);
  frame.mutable_refused()->set_reason(v1::RefusalReason::STORAGE_FULL);
  frame.mutable_refused()->set_retry_after_ms(2'000);
  Feed(session, frame);
  EXPECT_FALSE(Only<Refusal>(session.TakeEvents()).at(0).final);
  now_ += 1'999;
  session.OnTick(now_);
  EXPECT_TRUE(session.TakeFrames().empty());
  now_ += 1;
  session.OnTick(now_);
  ASSERT_EQ(session.TakeFrames().size(), 1U);
  EXPECT_EQ(session.unanswered(), 1U);
}

TEST_F(SessionTest, AQuietLinkIsPingedAndADeadOneGivenUp) {
  Session session = Make();
  GoLive(session);
  now_ += limits::kKeepAliveMs;
  session.OnTick(now_);
  const auto frames = session.TakeFrames();
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_TRUE(Parse(frames[0]).has_ping());
  now_ += 2 * limits::kKeepAliveMs;
  session.OnTick(now_);
  EXPECT_EQ(session.state(), Session::State::kDown);
  EXPECT_EQ(Only<Disconnected>(session.TakeEvents()).size(), 1U);
}

TEST_F(SessionTest, AnUnansweredHelloIsGivenUp) {
  Session session = Make();
  session.OnConnected(now_);
  session.OnTick(now_ + limits::kHandshakeMsMax);
  EXPECT_EQ(session.state(), Session::State::kDown);
}

TEST_F(SessionTest, NewerCheckpointsSeenInReceiptsAreTiedToTheAnchor) {
  Session session = Make();
  GoLive(session);
  const TreeSize anchored = world_.size();
  const auto message = AddMessage();
  session.Submit(message.submission, now_);
  Feed(session, ReceiptFor(message));
  const TreeSize seen = world_.size();
  AddMessage();
  session.TakeFrames();
  now_ += limits::kKeepAliveMs;
  session.OnTick(now_);
  std::vector<TreeSize> hellos;
  for (const auto& frame : session.TakeFrames()) {
    if (Parse(frame).has_hello()) {
      hellos.push_back(Parse(frame).hello().tree_size());
    }
  }
  EXPECT_EQ(hellos, (std::vector<TreeSize>{anchored, seen}));
  Feed(session, face_.Welcome(anchored, world_.size()));
  Feed(session, face_.Welcome(seen, world_.size()));
  EXPECT_TRUE(session.live());
  EXPECT_EQ(session.anchor_note(), face_.NoteAt(world_.size()));
}

TEST_F(SessionTest, ADeliveryIsHandedOnWithItsProofOrNotAtAll) {
  Session session = Make();
  GoLive(session);
  const auto message = AddMessage();
  const auto another = AddMessage();
  Feed(session, face_.Deliver(message.envelope, message.index));
  const auto delivered = Only<Delivered>(session.TakeEvents());
  ASSERT_EQ(delivered.size(), 1U);
  EXPECT_EQ(delivered[0].proven.index, message.index);
  Feed(session, face_.Deliver(message.envelope, another.index));
  EXPECT_EQ(session.state(), Session::State::kAlarmed);
}

TEST_F(SessionTest, AFrameThatDoesNotParseEndsTheConnection) {
  Session session = Make();
  GoLive(session);
  session.OnFrame("\xff\xff\xff", now_);
  EXPECT_EQ(session.state(), Session::State::kDown);
}

TEST_F(SessionTest, CreditIsSentAgainAfterEveryReconnect) {
  Session session = Make();
  GoLive(session);
  session.SetCredit(64, now_);
  EXPECT_EQ(Parse(session.TakeFrames().at(0)).credit().messages(), 64U);
  session.OnDisconnected(now_, "cable");
  session.OnConnected(now_);
  session.TakeFrames();
  Feed(session, face_.Welcome(world_.size(), world_.size()));
  EXPECT_EQ(Parse(session.TakeFrames().at(0)).credit().messages(), 64U);
}

TEST_F(SessionTest, TheEnrolmentDoorKnowsNoHello) {
  SessionOptions options;
  options.door = Door::kEnrolment;
  options.log = world_.log().verifier();
  Session session = std::move(*Session::Make(std::move(options)));
  session.OnConnected(now_);
  EXPECT_TRUE(session.live());
  EXPECT_TRUE(session.TakeFrames().empty());
}

}  // namespace
}  // namespace rujukan::link
