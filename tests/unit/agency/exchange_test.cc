// Goal: a referral between two agencies loses nothing and tells nothing too early, through crashes,
// repetitions and lost answers.
// Method: two parties over a real ledger in memory; the test is the network and decides what
// arrives.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "certs/hash.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

std::string Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"].dump();
}

class ExchangeTest : public ::testing::Test {
 protected:
  ExchangeTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }

  // Police sends the referral with a held second stage; returns the leg.
  std::string Refer() {
    const auto reply = police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json"));
    EXPECT_EQ(reply.status, 202) << reply.body;
    return Json::parse(reply.body)["leg_id"];
  }

  // Everything in `from`'s outbox becomes entries and arrives at `to`, receipts included.
  void Carry(Party& from, Party& to) {
    for (const auto& submission : from.TakeOutbox()) {
      const LogIndex index = from.Accept(submission);
      for (const auto& receipt : to.Take(from.DeliveryOf(submission, index)).receipts) {
        const LogIndex recorded = to.Accept(receipt);
        const link::Noticed notice{submission.subject, from.ProvenAt(recorded)};
        EXPECT_TRUE(from.inbox_->TakeNotice(notice, world_.now()).value());
      }
    }
  }

  std::string StateAt(Party& party, const std::string& leg) {
    return party.Get("/v1/legs/" + leg)["state"];
  }
  int Act(Party& party, const std::string& leg, const std::string& action, const Json& isi) {
    return party.Call("POST", "/v1/legs/" + leg + "/" + action, Json{{"isi", isi}}.dump()).status;
  }
  static Json Acceptance() {
    return {{"pekerja", {{"peran", "peksos"}, {"nama", "Wulan"}}}, {"rencana_kontak", "kini"}};
  }

  testing::World world_;
  Party police_;
  Party office_;
};

TEST_F(ExchangeTest, IdentityIsSentOnlyAfterAcceptance) {
  const std::string leg = Refer();
  Carry(police_, office_);
  EXPECT_EQ(StateAt(police_, leg), "SAMPAI");
  EXPECT_EQ(office_.Get("/v1/legs/" + leg).dump().find("Melati"), std::string::npos);
  EXPECT_TRUE(police_.TakeOutbox().empty());

  EXPECT_EQ(Act(office_, leg, "accept", Acceptance()), 202);
  Carry(office_, police_);
  EXPECT_EQ(StateAt(police_, leg), "DITERIMA");
  Carry(police_, office_);
  const Json seen = office_.Get("/v1/legs/" + leg);
  EXPECT_NE(seen.dump().find("Melati"), std::string::npos);
  const Json& disclosure = seen["messages"].back()["isi"]["rincian"];
  EXPECT_EQ(disclosure["daftar_pengungkapan"][0], "t2.nama");
  EXPECT_TRUE(police_.TakeOutbox().empty());  // released once
}

TEST_F(ExchangeTest, TheWholeLifeClosesTheLoopWithProofs) {
  const std::string leg = Refer();
  Carry(police_, office_);
  const Json report = {{"perkembangan", "a"},
                       {"permasalahan", "b"},
                       {"solusi", "c"},
                       {"status_tempat_tinggal", "LKSA"}};
  const Json contact = {{"waktu", "2026-11-22T02:10:00+07:00"}, {"keadaan", "tenang"}};
  const Json final_report = {{"hasil", "REINTEGRASI_KELUARGA"},
                             {"pandangan_anak", "x"},
                             {"tindak_lanjut", "y"},
                             {"risiko_tersisa", "z"}};
  EXPECT_EQ(Act(office_, leg, "ack", Json::object()), 202);
  Carry(office_, police_);
  EXPECT_EQ(Act(office_, leg, "accept", Acceptance()), 202);
  Carry(office_, police_);
  Carry(police_, office_);
  EXPECT_EQ(Act(office_, leg, "contact", contact), 202);
  Carry(office_, police_);
  EXPECT_EQ(Act(office_, leg, "progress", report), 202);
  Carry(office_, police_);
  EXPECT_EQ(Act(office_, leg, "finish", final_report), 202);
  Carry(office_, police_);
  EXPECT_EQ(Act(police_, leg, "close", Json::object()), 202);
  Carry(police_, office_);
  EXPECT_EQ(StateAt(police_, leg), "DITUTUP");
  EXPECT_EQ(StateAt(office_, leg), "DITUTUP");
  for (const auto& message : police_.Get("/v1/legs/" + leg)["messages"]) {
    EXPECT_TRUE(message["receipt"]["verified"].get<bool>());
  }
}

TEST_F(ExchangeTest, AStepThatIsNotLegalNowIsAConflictThatSaysWhatIs) {
  const std::string leg = Refer();
  Carry(police_, office_);
  const auto reply =
      office_.Call("POST",
                   "/v1/legs/" + leg + "/finish",
                   R"({"isi":{"hasil":"MANDIRI_18","pandangan_anak":"x","tindak_lanjut":"y",)"
                   R"("risiko_tersisa":"z"}})");
  EXPECT_EQ(reply.status, 409);
  EXPECT_NE(reply.body.find("accept"), std::string::npos);
}

TEST_F(ExchangeTest, AMessageDeliveredTwiceIsInTheInboxOnce) {
  Refer();
  const auto submission = police_.TakeOutbox().at(0);
  const LogIndex index = police_.Accept(submission);
  const auto first = office_.Take(police_.DeliveryOf(submission, index));
  office_.Reopen();  // crashed before the receipt left
  const auto again = office_.Take(police_.DeliveryOf(submission, index));
  EXPECT_EQ(office_.Get("/v1/inbox")["messages"].size(), 1U);
  ASSERT_EQ(again.receipts.size(), 1U);
  EXPECT_EQ(again.receipts[0].frame, first.receipts.at(0).frame);  // the very same receipt
  EXPECT_EQ(again.stored, 0U);
}

TEST_F(ExchangeTest, AReceiptThatNeverLeftIsFoundAfterARestart) {
  Refer();
  const auto submission = police_.TakeOutbox().at(0);
  const auto taken = office_.Take(police_.DeliveryOf(submission, police_.Accept(submission)));
  office_.Reopen();
  const auto unrecorded = office_.inbox_->Unrecorded(10);
  ASSERT_TRUE(unrecorded.has_value());
  ASSERT_EQ(unrecorded->size(), 1U);
  EXPECT_EQ(unrecorded->at(0).frame, taken.receipts.at(0).frame);
  office_.Accept(unrecorded->at(0));
  EXPECT_TRUE(office_.inbox_->Unrecorded(10)->empty());
}

TEST_F(ExchangeTest, AfterACrashTheSameSealedBytesAreSentAgain) {
  Refer();
  const auto before = police_.TakeOutbox();
  police_.Reopen();
  const auto after = police_.TakeOutbox();
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(before[0].frame, after[0].frame);
}

TEST_F(ExchangeTest, WhatTheApiAcknowledgedSurvivesACrash) {
  const std::string leg = Refer();
  police_.Reopen();
  EXPECT_EQ(StateAt(police_, leg), "DRAF");
  EXPECT_EQ(police_.TakeOutbox().size(), 1U);
}

TEST_F(ExchangeTest, AMessageInFlightIsNotTakenTwice) {
  Refer();
  EXPECT_EQ(police_.TakeOutbox().size(), 1U);
  EXPECT_TRUE(police_.TakeOutbox().empty());
}

TEST_F(ExchangeTest, AnAnswerWaitsUntilOurReceiptIsRecorded) {
  const std::string leg = Refer();
  const auto submission = police_.TakeOutbox().at(0);
  const auto taken = office_.Take(police_.DeliveryOf(submission, police_.Accept(submission)));
  EXPECT_EQ(Act(office_, leg, "ack", Json::object()), 202);
  EXPECT_TRUE(office_.TakeOutbox().empty());
  office_.Accept(taken.receipts.at(0));
  EXPECT_EQ(office_.TakeOutbox().size(), 1U);
}

TEST_F(ExchangeTest, MessagesOfALegGoOneAtATime) {
  const std::string leg = Refer();
  Carry(police_, office_);
  EXPECT_EQ(Act(office_, leg, "ack", Json::object()), 202);
  EXPECT_EQ(Act(office_, leg, "accept", Acceptance()), 202);
  const auto first = office_.TakeOutbox();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_TRUE(office_.TakeOutbox().empty());
  office_.Accept(first[0]);
  EXPECT_EQ(office_.TakeOutbox().size(), 1U);
}

TEST_F(ExchangeTest, AnUnreadableMessageGetsANegativeReceiptAndIsShown) {
  Refer();
  const auto submission = police_.TakeOutbox().at(0);
  auto delivered = police_.DeliveryOf(submission, police_.Accept(submission));
  delivered.envelope.mutable_content()->back() ^= 1;
  const auto taken = office_.Take(delivered);
  EXPECT_EQ(taken.unreadable, 1U);
  v1::ClientFrame frame;
  v1::DeliveryReceipt receipt;
  frame.ParseFromString(taken.receipts.at(0).frame);
  receipt.ParseFromString(frame.delivery().receipt());
  EXPECT_EQ(receipt.outcome(), v1::DeliveryOutcome::DIGEST_MISMATCH);
  EXPECT_EQ(office_.Get("/v1/inbox")["messages"][0]["outcome"], "DIGEST_MISMATCH");
}

TEST_F(ExchangeTest, AnUnknownSenderWaitsForTheDirectory) {
  Party newcomer(world_, "lpa.31");
  newcomer.FollowDirectory();
  newcomer.Call("POST", "/v1/messages", Vector("referral_without_t2.json"));
  const auto submission = newcomer.TakeOutbox().at(0);
  const auto delivered = newcomer.DeliveryOf(submission, newcomer.Accept(submission));
  const auto early = office_.Take(delivered, /*final_try=*/false);
  EXPECT_EQ(early.deferred.size(), 1U);
  EXPECT_TRUE(early.receipts.empty());
  office_.FollowDirectory();
  EXPECT_EQ(office_.Take(early.deferred[0]).stored, 1U);
}

TEST_F(ExchangeTest, AFinalRefusalIsShownWithItsReasonAndFreesTheLeg) {
  const std::string leg = Refer();
  Carry(police_, office_);
  EXPECT_EQ(Act(office_, leg, "ack", Json::object()), 202);
  const auto submission = office_.TakeOutbox().at(0);
  link::Refusal refusal;
  refusal.kind = v1::Subject::MESSAGE;
  refusal.subject = submission.subject;
  refusal.reason = v1::RefusalReason::ILLEGAL_TRANSITION;
  refusal.final = true;
  office_.Settle({}, {refusal});
  const Json message = office_.Get("/v1/messages/" + FormatUuid(submission.subject));
  EXPECT_EQ(message["stage"], "REFUSED");
  EXPECT_NE(message["reason"].get<std::string>().find("ILLEGAL_TRANSITION"), std::string::npos);
  EXPECT_EQ(office_.Get("/v1/legs/" + leg)["planned_state"], "SAMPAI");
}

TEST_F(ExchangeTest, ADeliveryReceiptOfSomebodyElseIsNotKept) {
  Refer();
  const auto submission = police_.TakeOutbox().at(0);
  police_.Accept(submission);
  const auto another = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
  world_.Append(world_.MessageEntry(another));
  const LogIndex index =
      world_.Append(world_.DeliveryEntry(another, v1::DeliveryOutcome::DELIVERED));
  const auto taken =
      police_.inbox_->TakeNotice({submission.subject, police_.ProvenAt(index)}, world_.now());
  ASSERT_FALSE(taken.has_value());
  EXPECT_EQ(taken.error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace rujukan::agency
