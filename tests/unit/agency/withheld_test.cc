// Goal: the sender of a message learns that nobody got it, or that it waits for somebody who was
// suspended, believes only an act that its admin signed, and is told what to do.
// Method: a referral that waits in a mailbox, real acts of a real ledger, and the notices of them.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

class WithheldTest : public ::testing::Test {
 protected:
  WithheldTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) +
                       "/tests/vectors/content/valid/referral_with_held_t2.json");
    const auto reply = police_.Call("POST", "/v1/messages", Json::parse(file)["request"].dump());
    leg_ = Json::parse(reply.body)["leg_id"];
    message_ = Json::parse(reply.body)["message_id"];
    const auto submission = police_.TakeOutbox().at(0);
    id_ = submission.subject;
    police_.Accept(submission);
  }

  link::Noticed Record(const v1::Act& act) {
    const LogIndex index = world_.Append(world_.ActEntry(act));
    return link::Noticed{id_, police_.ProvenAt(index)};
  }
  link::Noticed Suspend(v1::PendingMail::Code mail) {
    v1::Act act;
    act.mutable_suspend()->set_address(office_.config_.address);
    act.mutable_suspend()->set_pending_mail(mail);
    return Record(act);
  }
  link::Noticed Revoke(v1::PendingMail::Code mail) {
    v1::Act act;
    act.mutable_revoke()->set_address(office_.config_.address);
    act.mutable_revoke()->set_reason(v1::RevocationReason::CESSATION);
    act.mutable_revoke()->set_pending_mail(mail);
    return Record(act);
  }
  Result<bool> Take(const link::Noticed& notice) {
    return police_.inbox_->TakeNotice(notice, world_.now());
  }
  Json Message() { return police_.Get("/v1/messages/" + message_); }
  std::string LegState() { return police_.Get("/v1/legs/" + leg_)["state"]; }

  testing::World world_;
  Party police_;
  Party office_;
  std::string leg_;
  std::string message_;
  std::string id_;
};

TEST_F(WithheldTest, ABouncedReferralHasFailedAndSaysWhatToDo) {
  EXPECT_EQ(LegState(), "TERKIRIM");
  EXPECT_TRUE(Take(Suspend(v1::PendingMail::BOUNCE)).value());
  EXPECT_EQ(LegState(), "GAGAL");
  const Json message = Message();
  ASSERT_EQ(message["withheld"].size(), 1U);
  EXPECT_EQ(message["withheld"][0]["status"], "BOUNCED");
  EXPECT_EQ(message["withheld"][0]["recipient"], office_.config_.address);
  EXPECT_TRUE(message["withheld"][0]["receipt"]["verified"].get<bool>());
  EXPECT_NE(message["withheld"][0]["next_step"].get<std::string>().find("pilih penerima lain"),
            std::string::npos);
  EXPECT_EQ(police_.Get("/v1/outbox")["messages"][0]["withheld_as"], "BOUNCED");
  // Nothing more will come: it is not asked for any longer.
  EXPECT_TRUE(police_.store_->Read([](Tables& t) { return t.Undelivered(0, 9); })->empty());
  EXPECT_EQ(police_.Get("/v1/status")["bounced"], 1);
}

TEST_F(WithheldTest, AHeldMessageIsShownAsHeldUntilTheAgencyIsResumed) {
  EXPECT_TRUE(Take(Suspend(v1::PendingMail::HOLD)).value());
  EXPECT_EQ(LegState(), "TERKIRIM");
  EXPECT_EQ(Message()["withheld"][0]["status"], "HELD");
  EXPECT_EQ(police_.Get("/v1/outbox")["messages"][0]["withheld_as"], "HELD");
  EXPECT_FALSE(police_.store_->Read([](Tables& t) { return t.Undelivered(0, 9); })->empty());
  police_.FollowDirectory();
  EXPECT_EQ(Message()["withheld"].size(), 1U);  // still suspended

  v1::Act act;
  act.mutable_resume()->set_address(office_.config_.address);
  Record(act);
  police_.FollowDirectory();
  EXPECT_EQ(Message()["withheld"].size(), 0U);
  EXPECT_FALSE(police_.Get("/v1/outbox")["messages"][0].contains("withheld_as"));
}

TEST_F(WithheldTest, ANoticeOfAHoldThatCameAfterTheResumptionChangesNothing) {
  const auto late = Suspend(v1::PendingMail::HOLD);
  v1::Act act;
  act.mutable_resume()->set_address(office_.config_.address);
  Record(act);
  police_.FollowDirectory();
  EXPECT_TRUE(Take(late).value());
  EXPECT_EQ(Message()["withheld"].size(), 0U);
}

TEST_F(WithheldTest, HeldAndThenRevokedIsBouncedAndOldNoticesDoNotUndoIt) {
  const auto held = Suspend(v1::PendingMail::HOLD);
  EXPECT_TRUE(Take(held).value());
  EXPECT_TRUE(Take(Revoke(v1::PendingMail::BOUNCE)).value());
  EXPECT_EQ(Message()["withheld"][0]["status"], "BOUNCED");
  EXPECT_TRUE(Take(held).value());
  EXPECT_EQ(Message()["withheld"][0]["status"], "BOUNCED");
  EXPECT_EQ(LegState(), "GAGAL");
}

TEST_F(WithheldTest, WhatWasCancelledBeforeTheBounceStaysCancelled) {
  EXPECT_EQ(
      police_.Call("POST", "/v1/legs/" + leg_ + "/cancel", R"({"isi":{"alasan":"x"}})").status,
      202);
  police_.Accept(police_.TakeOutbox().at(0));
  EXPECT_EQ(LegState(), "DIBATALKAN");
  EXPECT_TRUE(Take(Suspend(v1::PendingMail::BOUNCE)).value());
  EXPECT_EQ(LegState(), "DIBATALKAN");
}

TEST_F(WithheldTest, WhoTheRootItselfTakesOutIsToldAlike) {
  v1::RootAct act;
  auto& revoke = *act.add_revoke();
  revoke.set_address(office_.config_.address);
  revoke.set_reason(v1::RevocationReason::MISCONDUCT);
  revoke.set_pending_mail(v1::PendingMail::BOUNCE);
  const LogIndex index = world_.Append(world_.RootActEntry(act));
  EXPECT_TRUE(Take(link::Noticed{id_, police_.ProvenAt(index)}).value());
  EXPECT_EQ(LegState(), "GAGAL");
}

TEST_F(WithheldTest, AnActAboutAnotherRecipientOrWithAForeignSignatureIsNotBelieved) {
  Party other(world_, "lpa.31");
  v1::Act act;
  act.mutable_suspend()->set_address(other.config_.address);
  act.mutable_suspend()->set_pending_mail(v1::PendingMail::BOUNCE);
  const auto elsewhere = Take(Record(act));
  ASSERT_FALSE(elsewhere.has_value());
  EXPECT_EQ(elsewhere.error().code, Errc::kCorrupt);

  auto forged = Suspend(v1::PendingMail::BOUNCE);
  forged.proven.entry.mutable_act()->mutable_signature()->mutable_signature()->back() ^= 1;
  const auto taken = Take(forged);
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, Errc::kDenied);
  EXPECT_EQ(LegState(), "TERKIRIM");
}

// Goal: an act of an admin who was appointed a moment ago is taken after a refresh.
TEST_F(WithheldTest, ASignerThatIsNotInTheDirectoryYetMeansRefreshAndTryAgain) {
  auto notice = Suspend(v1::PendingMail::BOUNCE);
  notice.proven.entry.mutable_act()->mutable_signature()->set_signer_key(std::string(32, 'u'));
  const auto taken = Take(notice);
  ASSERT_TRUE(taken.has_value());
  EXPECT_FALSE(*taken);
  EXPECT_EQ(LegState(), "TERKIRIM");
}

}  // namespace
}  // namespace rujukan::agency
