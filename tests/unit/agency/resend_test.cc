// Goal: what was signed with keys whose time is over, or dated by a wrong clock, is signed anew
// instead of being lost, and never twice for nothing.
// Method: the broker's final refusals, given to an outbox and an inbox.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

std::string Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"].dump();
}

class ResendTest : public ::testing::Test {
 protected:
  ResendTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }
  Json Post() {
    Json body = Json::parse(Vector("referral_with_held_t2.json"));
    body["kunci_idempoten"] = "kunci-1";
    return Json::parse(police_.Call("POST", "/v1/messages", body.dump()).body);
  }
  static link::Refusal Final(const link::Submission& submission, v1::RefusalReason::Code reason) {
    link::Refusal refusal;
    refusal.kind = submission.kind;
    refusal.subject = submission.subject;
    refusal.reason = reason;
    refusal.final = true;
    return refusal;
  }
  // As after a renewal: the same agency with other keys.
  void Renew(Party& party, const std::string& name) { party.member_ = world_.AddApplicant(name); }

  testing::World world_;
  Party police_;
  Party office_;
};

TEST_F(ResendTest, AMessageOfTheOldKeyIsSealedAndSignedAnewUnderANewId) {
  const Json posted = Post();
  const auto old = police_.TakeOutbox().at(0);
  Renew(police_, "uppa.18.01");
  police_.Settle({}, {Final(old, v1::RefusalReason::KEY_EXPIRED)});
  const auto sent = police_.TakeOutbox();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_NE(sent[0].subject, old.subject);
  v1::ClientFrame frame;
  frame.ParseFromString(sent[0].frame);
  EXPECT_EQ(frame.submit().signature().signer_key(),
            police_.member_.signing_certificate.key_id().view());
  v1::Header before;
  v1::Header after;
  before.ParseFromString(old.statement);
  after.ParseFromString(sent[0].statement);
  EXPECT_EQ(after.leg_id(), before.leg_id());
  EXPECT_EQ(after.sequence(), before.sequence());

  const Json told = police_.Get("/v1/messages/" + FormatUuid(old.subject));
  EXPECT_EQ(told["stage"], "REFUSED");
  EXPECT_NE(told["reason"].get<std::string>().find(FormatUuid(sent[0].subject)), std::string::npos);
  // The request is known by the message it has now.
  EXPECT_EQ(Post()["message_id"], FormatUuid(sent[0].subject));
  EXPECT_EQ(posted["message_id"], FormatUuid(old.subject));
}

TEST_F(ResendTest, AMessageRefusedUnderTheKeyInForceStaysRefused) {
  Post();
  const auto sent = police_.TakeOutbox().at(0);
  police_.Settle({}, {Final(sent, v1::RefusalReason::KEY_REVOKED)});
  EXPECT_TRUE(police_.TakeOutbox().empty());
  EXPECT_EQ(police_.Get("/v1/messages/" + FormatUuid(sent.subject))["stage"], "REFUSED");
}

TEST_F(ResendTest, ALegKeepsItsOrderWhenItsFirstMessageIsSentAnew) {
  const Json posted = Post();
  const auto old = police_.TakeOutbox().at(0);
  const std::string leg = posted["leg_id"];
  EXPECT_EQ(police_.Call("POST", "/v1/legs/" + leg + "/cancel", R"({"isi":{"alasan":"x"}})").status,
            202);
  Renew(police_, "uppa.18.01");
  police_.Settle({}, {Final(old, v1::RefusalReason::KEY_EXPIRED)});
  const auto first = police_.TakeOutbox();
  ASSERT_EQ(first.size(), 1U);  // the referral again, not the cancellation behind it
  v1::Header header;
  header.ParseFromString(first[0].statement);
  EXPECT_EQ(header.kind(), v1::Kind::RUJUKAN);
}

class ReceiptAgainTest : public ResendTest {
 protected:
  link::Submission TakeOne() {
    Post();
    const auto submission = police_.TakeOutbox().at(0);
    const auto taken = office_.Take(police_.DeliveryOf(submission, police_.Accept(submission)));
    return taken.receipts.at(0);
  }
  std::vector<link::Submission> SignAnew(const link::Refusal& refusal, UnixMillis now) {
    return *office_.inbox_->SignAnew({refusal}, office_.identity(), now);
  }
  static v1::DeliveryReceipt ReceiptIn(const link::Submission& submission) {
    v1::DeliveryReceipt receipt;
    receipt.ParseFromString(submission.statement);
    return receipt;
  }
};

TEST_F(ReceiptAgainTest, OneFromTheFutureIsDatedByTheClockThatWasSetRight) {
  const auto receipt = TakeOne();
  const UnixMillis right = world_.now() - 3'600'000;
  const auto again = SignAnew(Final(receipt, v1::RefusalReason::CLOCK_SKEW), right);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(ReceiptIn(again[0]).received_at_ms(), right);
  EXPECT_EQ(ReceiptIn(again[0]).message_id(), receipt.subject);
  // Durable: a restart repeats the new one.
  office_.Reopen();
  EXPECT_EQ(office_.inbox_->Unrecorded(9)->at(0).frame, again[0].frame);
}

TEST_F(ReceiptAgainTest, OneOfAnOldKeyIsSignedWithTheNewOneAndKeepsItsDate) {
  const auto receipt = TakeOne();
  Renew(office_, "dinsos.18");
  const auto again = SignAnew(Final(receipt, v1::RefusalReason::KEY_EXPIRED), world_.now() + 9);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(ReceiptIn(again[0]).received_at_ms(), ReceiptIn(receipt).received_at_ms());
}

TEST_F(ReceiptAgainTest, ItIsTriedOnceAConnectionAndOnlyForWhatSigningMends) {
  const auto receipt = TakeOne();
  EXPECT_TRUE(SignAnew(Final(receipt, v1::RefusalReason::BAD_SIGNATURE), world_.now()).empty());
  const auto refusal = Final(receipt, v1::RefusalReason::CLOCK_SKEW);
  EXPECT_EQ(SignAnew(refusal, world_.now()).size(), 1U);
  EXPECT_TRUE(SignAnew(refusal, world_.now()).empty());
  office_.inbox_->Reconnected();
  EXPECT_EQ(SignAnew(refusal, world_.now()).size(), 1U);
}

}  // namespace
}  // namespace rujukan::agency
