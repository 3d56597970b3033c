// Goal: the session keeps its promises whatever the network does: nothing unanswered is forgotten
// or sent out of turn, and a dead link is given up and made anew. Method: frames are handed in and
// out by the test; time is a number.
#include "tests/unit/link/session_fixture.h"

namespace rujukan::link {
namespace {

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
