// Goal: content that is erased is gone from every file of the agent, is attested only then, and
// takes no proof with it; a hold keeps it. Method: two parties over a ledger in memory; the
// database's files are searched for the very bytes that were in them before.
#include "agents/agency/erasure.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

std::string Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"].dump();
}

class ErasureTest : public ::testing::Test {
 protected:
  ErasureTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
    const auto reply = police_.Call("POST", "/v1/messages", Vector("referral_with_held_t2.json"));
    EXPECT_EQ(reply.status, 202) << reply.body;
    leg_ = Json::parse(reply.body)["leg_id"];
    referral_ = Json::parse(reply.body)["message_id"];
    Carry(police_, office_);
  }

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
  Erasures::Reviewed Review(Party& party, bool automatic = false) {
    Erasures erasures(*party.store_, party.config_.officer, automatic);
    auto reviewed = erasures.Review(party.config_.address, world_.now());
    CHECK(reviewed.has_value());
    return *reviewed;
  }
  // The police asks; the request has arrived at the office. Its id.
  std::string Ask(Json more = Json::object()) {
    Json body = {{"isi", {{"dasar", "UU 27/2022 ps. 8"}, {"alasan", "permintaan wali"}}}};
    body.update(more);
    const auto reply = police_.Call("POST", "/v1/legs/" + leg_ + "/erase", body.dump());
    EXPECT_EQ(reply.status, 202) << reply.body;
    Carry(police_, office_);
    return Json::parse(reply.body)["message_id"];
  }
  int Decide(const std::string& request, const std::string& decision, const Json& isi = {}) {
    const Json body = isi.is_null() ? Json::object() : Json{{"isi", isi}};
    return office_.Call("POST", "/v1/erasures/" + request + "/" + decision, body.dump()).status;
  }
  Json Erasure(Party& party, size_t which = 0) {
    return party.Get("/v1/erasures")["erasures"][which];
  }
  MessageRow RowOf(Party& party, const std::string& id) {
    const auto bytes = MessageId::FromBytes(*ParseUuid(id));
    return **party.store_->Read([&](Tables& tables) { return tables.Find(*bytes); });
  }
  // Whether any file of the database holds these bytes.
  static bool InFiles(Party& party, const std::string& bytes) {
    for (const char* name : {"agent.db", "agent.db-wal"}) {
      std::ifstream file(party.scratch_.file(name), std::ios::binary);
      const std::string text((std::istreambuf_iterator<char>(file)), {});
      if (text.find(bytes) != std::string::npos) {
        return true;
      }
    }
    return false;
  }
  // A piece of the message's ciphertext that lies in the files as it is (not over a page's end).
  std::string PieceInFiles(Party& party) {
    constexpr size_t kPiece = 48;
    const std::string whole = RowOf(party, referral_).ciphertext;
    for (size_t at = 0; at + kPiece <= whole.size(); at += kPiece) {
      if (InFiles(party, whole.substr(at, kPiece))) {
        return whole.substr(at, kPiece);
      }
    }
    return "";
  }
  void PlaceHold() {
    v1::Act act;
    act.mutable_place_hold()->set_leg_id(*ParseUuid(leg_));
    act.mutable_place_hold()->set_note("perkara 12");
    world_.Append(world_.ActEntry(act));
    office_.FollowDirectory();
    police_.FollowDirectory();
  }

  testing::World world_;
  Party police_;
  Party office_;
  std::string leg_;
  std::string referral_;
};

TEST_F(ErasureTest, AnOfficerDecidesAndSeesWhyItWasAsked) {
  const std::string request = Ask();
  const Json shown = Erasure(office_);
  EXPECT_EQ(shown["request"], request);
  EXPECT_EQ(shown["state"], "ASKED");
  EXPECT_EQ(shown["dasar"], "UU 27/2022 ps. 8");
  EXPECT_FALSE(Review(office_).queued);  // nothing happens without a decision
  EXPECT_NE(RowOf(office_, referral_).content, "");
}

TEST_F(ErasureTest, CarriedOutTheBytesAreGoneFromEveryFileBeforeItIsAttested) {
  const std::string cipher = PieceInFiles(office_);
  ASSERT_NE(cipher, "");
  const std::string request = Ask();
  EXPECT_EQ(Decide(request, "carry-out"), 202);
  EXPECT_TRUE(office_.TakeOutbox().empty());  // not attested: old pages are in the log of writes
  EXPECT_TRUE(InFiles(office_, cipher));
  EXPECT_TRUE(Review(office_).queued);
  EXPECT_FALSE(InFiles(office_, cipher));
  const Json message = office_.Get("/v1/messages/" + referral_);
  EXPECT_TRUE(message["isi"].is_null());
  EXPECT_NE(message["isi_dihapus"]["note"], nullptr);
  EXPECT_TRUE(message["receipt"]["verified"].get<bool>());
  Carry(office_, police_);
  EXPECT_EQ(Erasure(police_)["state"], "ATTESTED");
}

TEST_F(ErasureTest, KilledBetweenErasingAndAttestingItGoesOn) {
  const std::string request = Ask();
  ASSERT_EQ(Decide(request, "carry-out"), 202);
  office_.Reopen();
  EXPECT_TRUE(Review(office_).queued);
  EXPECT_FALSE(Review(office_).queued);  // attested once
  EXPECT_EQ(office_.TakeOutbox().size(), 1U);
  EXPECT_EQ(Erasure(office_)["state"], "DONE");
}

TEST_F(ErasureTest, OurOwnCopyGoesWhenTheOtherSideHasAttested) {
  const std::string cipher = PieceInFiles(police_);
  ASSERT_NE(cipher, "");
  const auto leg = *LegId::FromBytes(*ParseUuid(leg_));
  const auto held = [&] {
    return *police_.store_->Read([&](Tables& tables) { return tables.FindHeld(leg); });
  };
  const std::string request = Ask();
  EXPECT_NE(held(), "");
  ASSERT_EQ(Decide(request, "carry-out"), 202);
  Review(office_);
  EXPECT_NE(RowOf(police_, referral_).content, "");
  Carry(office_, police_);
  Review(police_);
  EXPECT_EQ(RowOf(police_, referral_).content, "");
  EXPECT_EQ(held(), "");  // the second stage that was never sent goes with it
  EXPECT_FALSE(InFiles(police_, cipher));
  EXPECT_EQ(Erasure(police_)["state"], "DONE");
}

TEST_F(ErasureTest, WhileSomebodyReadsTheFileNothingIsCalledErasedYet) {
  const std::string cipher = PieceInFiles(police_);
  const std::string request = Ask();
  ASSERT_EQ(Decide(request, "carry-out"), 202);
  Review(office_);
  Carry(office_, police_);
  {
    // Another program in the middle of reading keeps the log of writes from being emptied.
    auto reader = Database::OpenReadOnly(police_.scratch_.file("agent.db"));
    ASSERT_TRUE((*reader)->Run("BEGIN"));
    ASSERT_TRUE((*reader)->Run("SELECT count(*) FROM messages"));
    EXPECT_TRUE(Review(police_).again);
    EXPECT_EQ(Erasure(police_)["state"], "ERASING");
  }
  EXPECT_FALSE(Review(police_).again);
  EXPECT_EQ(Erasure(police_)["state"], "DONE");
  EXPECT_FALSE(InFiles(police_, cipher));
}

TEST_F(ErasureTest, OurOwnCopyGoesAtOnceWhenAsked) {
  Ask({{"isi_sendiri", true}});
  Review(police_);
  EXPECT_EQ(RowOf(police_, referral_).content, "");
  EXPECT_NE(RowOf(office_, referral_).content, "");
}

TEST_F(ErasureTest, OneMessageIsErasedAndTheOthersStay) {
  EXPECT_EQ(office_.Call("POST", "/v1/legs/" + leg_ + "/ack", R"({"isi":{}})").status, 202);
  const auto answers = office_.TakeOutbox();
  ASSERT_EQ(answers.size(), 1U);
  const auto answer = answers[0];
  const LogIndex index = office_.Accept(answer);
  for (const auto& receipt : police_.Take(office_.DeliveryOf(answer, index)).receipts) {
    police_.Accept(receipt);
  }
  const std::string request = Ask({{"pesan", referral_}});
  ASSERT_EQ(Decide(request, "carry-out"), 202);
  Review(office_);
  EXPECT_EQ(RowOf(office_, referral_).content, "");
  EXPECT_NE(RowOf(office_, FormatUuid(answer.subject)).content, "");
  EXPECT_EQ(Erasure(office_)["erased"], 1);
}

// An answer of the office that reaches the police only after all before the request was erased
// there.
class LateMessageTest : public ErasureTest {
 protected:
  LateMessageTest() {
    EXPECT_EQ(office_.Call("POST", "/v1/legs/" + leg_ + "/ack", R"({"isi":{}})").status, 202);
    late_ = office_.TakeOutbox().at(0);
    index_ = office_.Accept(late_);
    const Json body = {{"isi", {{"dasar", "UU 27/2022 ps. 8"}, {"alasan", "permintaan wali"}}}};
    const auto reply = office_.Call("POST", "/v1/legs/" + leg_ + "/erase", body.dump());
    EXPECT_EQ(reply.status, 202) << reply.body;
    Carry(office_, police_);
    const std::string request = Json::parse(reply.body)["message_id"];
    EXPECT_EQ(police_.Call("POST", "/v1/erasures/" + request + "/carry-out", "{}").status, 202);
    Review(police_);
  }
  std::string ContentOnceItComes() {
    police_.Take(office_.DeliveryOf(late_, index_));
    return RowOf(police_, FormatUuid(late_.subject)).content;
  }

  link::Submission late_;
  LogIndex index_ = 0;
};

TEST_F(LateMessageTest, WhatComesAfterItWasErasedIsErasedOnArrival) {
  EXPECT_EQ(ContentOnceItComes(), "");
}

TEST_F(LateMessageTest, UnderAHoldThatCameMeanwhileItIsKept) {
  PlaceHold();
  EXPECT_NE(ContentOnceItComes(), "");
}

TEST_F(ErasureTest, ErasingIsLoggedInTheReadTrail) {
  const std::string request = Ask();
  Decide(request, "carry-out");
  const Json reads = office_.Get("/v1/reads")["reads"];
  const Json& last = reads.back();
  EXPECT_EQ(last["action"], "ERASED");
  EXPECT_EQ(last["message_id"], referral_);
  EXPECT_NE(last["reason"].get<std::string>().find(request), std::string::npos);
}

TEST_F(ErasureTest, AnObjectionIsSentWithItsReasonAndErasesNothing) {
  const std::string request = Ask();
  EXPECT_EQ(Decide(request, "object"), 422);  // it says why
  EXPECT_EQ(Decide(request, "object", {{"alasan", "wajib simpan 5 tahun"}}), 202);
  EXPECT_EQ(Decide(request, "carry-out"), 409);
  Carry(office_, police_);
  EXPECT_EQ(Erasure(police_)["state"], "OBJECTED");
  Review(police_);
  EXPECT_NE(RowOf(police_, referral_).content, "");
  EXPECT_NE(RowOf(office_, referral_).content, "");
}

TEST_F(ErasureTest, ALocalHoldIsInTheWayUntilItIsLifted) {
  const std::string request = Ask();
  EXPECT_EQ(office_.Call("POST", "/v1/legs/" + leg_ + "/hold", "{}").status, 422);
  EXPECT_EQ(
      office_.Call("POST", "/v1/legs/" + leg_ + "/hold", R"({"alasan":"audit internal"})").status,
      200);
  EXPECT_EQ(Decide(request, "carry-out"), 409);
  EXPECT_FALSE(Review(office_, /*automatic=*/true).queued);
  EXPECT_NE(RowOf(office_, referral_).content, "");
  EXPECT_EQ(office_.Call("POST", "/v1/legs/" + leg_ + "/unhold", "").status, 200);
  EXPECT_TRUE(Review(office_, /*automatic=*/true).queued);
  EXPECT_EQ(RowOf(office_, referral_).content, "");
}

TEST_F(ErasureTest, WhereItIsSaidSoTheAgentCarriesOutByItself) {
  Ask();
  EXPECT_TRUE(Review(office_, /*automatic=*/true).queued);
  EXPECT_EQ(Erasure(office_)["state"], "DONE");
  EXPECT_EQ(office_.Get("/v1/reads")["reads"].back()["reader"], "rujukan-agent");
}

TEST_F(ErasureTest, UnderALegalHoldTheAgentObjectsByItselfWithTheReason) {
  const std::string request = Ask();
  PlaceHold();
  EXPECT_EQ(Decide(request, "carry-out"), 409);
  EXPECT_TRUE(Review(office_, /*automatic=*/true).queued);
  EXPECT_NE(RowOf(office_, referral_).content, "");
  Carry(office_, police_);
  EXPECT_EQ(Erasure(police_)["state"], "OBJECTED");
  const Json answer = police_.Get("/v1/legs/" + leg_)["messages"].back();
  EXPECT_EQ(answer["kind"], "KEBERATAN_HAPUS");
  EXPECT_NE(answer["isi"].dump().find("perkara 12"), std::string::npos);
}

TEST_F(ErasureTest, UnderALegalHoldNothingIsAskedInTheFirstPlace) {
  PlaceHold();
  const auto reply =
      police_.Call("POST",
                   "/v1/legs/" + leg_ + "/erase",
                   R"({"isi":{"dasar":"UU 27/2022 ps. 8","alasan":"permintaan wali"}})");
  EXPECT_EQ(reply.status, 409);
  EXPECT_NE(reply.body.find("perkara 12"), std::string::npos);
}

TEST_F(ErasureTest, AHoldThatCameMeanwhileKeepsOurOwnCopyToo) {
  const std::string request = Ask();
  Decide(request, "carry-out");
  Review(office_);
  Carry(office_, police_);
  PlaceHold();
  Review(police_);
  EXPECT_EQ(Erasure(police_)["state"], "DONE");
  EXPECT_NE(RowOf(police_, referral_).content, "");
}

TEST_F(ErasureTest, ARefusedRequestIsShownWithItsReason) {
  Json body = {{"isi", {{"dasar", "UU 27/2022 ps. 8"}, {"alasan", "permintaan wali"}}}};
  police_.Call("POST", "/v1/legs/" + leg_ + "/erase", body.dump());
  const auto submission = police_.TakeOutbox().at(0);
  link::Refusal refusal;
  refusal.kind = submission.kind;
  refusal.subject = submission.subject;
  refusal.reason = v1::RefusalReason::LEGAL_HOLD;
  refusal.advice = "the leg is under a legal hold by admin.01: perkara 12";
  refusal.final = true;
  police_.Settle({}, {refusal});
  EXPECT_EQ(Erasure(police_)["state"], "REFUSED");
  EXPECT_NE(Erasure(police_).dump().find("perkara 12"), std::string::npos);
}

TEST_F(ErasureTest, TheSameRequestTwiceIsOneRequest) {
  const Json body = {{"kunci_idempoten", "hapus-1"},
                     {"isi", {{"dasar", "UU 27/2022 ps. 8"}, {"alasan", "permintaan wali"}}}};
  EXPECT_EQ(police_.Call("POST", "/v1/legs/" + leg_ + "/erase", body.dump()).status, 202);
  EXPECT_EQ(police_.Call("POST", "/v1/legs/" + leg_ + "/erase", body.dump()).status, 200);
  EXPECT_EQ(police_.Get("/v1/erasures")["erasures"].size(), 1U);
}

TEST_F(ErasureTest, WhatIsNoRequestCannotBeDecided) {
  EXPECT_EQ(Decide(referral_, "carry-out"), 404);
  EXPECT_EQ(Decide("not-an-id", "carry-out"), 422);
  const auto reply =
      police_.Call("POST",
                   "/v1/legs/" + leg_ + "/erase",
                   Json{{"pesan", leg_}, {"isi", {{"dasar", "x"}, {"alasan", "y"}}}}.dump());
  EXPECT_EQ(reply.status, 404);  // no message of this leg
}

}  // namespace
}  // namespace rujukan::agency
