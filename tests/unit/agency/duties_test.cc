// Goal: what has to follow a message follows by itself, once: an alert when a child is lost, a
// purge when a referral was a mistake, withdrawn consent passed on to all who have the data.
// Method: parties over a ledger in memory, messages delivered twice, restarts.
#include "agents/agency/duties.h"

#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class DutiesTest : public Exchange {
 protected:
  DutiesTest()
      : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18"), home_(world_, "lksa.18.001") {
    for (Party* party : {&police_, &office_, &home_}) {
      party->FollowDirectory();
    }
  }
  void Everyone() {
    for (Party* from : {&police_, &office_, &home_}) {
      Carry(*from, {&police_, &office_, &home_});
    }
  }
  std::string Running(const Json& body = HighRisk()) {
    const std::string leg = Refer(police_, body);
    Everyone();
    Do(office_, leg, "accept", Acceptance());
    Everyone();
    Everyone();
    Do(office_, leg, "contact", {{"waktu", "2026-11-22T02:10:00+07:00"}, {"keadaan", "tenang"}});
    Everyone();
    return leg;
  }
  std::vector<v1::Kind::Code> KindsIn(Party& party, const std::string& leg) {
    std::vector<v1::Kind::Code> kinds;
    const Json seen = LegAt(party, leg);
    for (const auto& message : seen["messages"]) {
      v1::Kind::Code kind = v1::Kind::UNSPECIFIED;
      v1::Kind::Code_Parse(message["kind"].get<std::string>(), &kind);
      kinds.push_back(kind);
    }
    return kinds;
  }

  Party police_;
  Party office_;
  Party home_;
};

TEST_F(DutiesTest, ALostChildIsAnAlertBeforeTheLegFails) {
  const std::string leg = Running();
  Do(office_, leg, "fail", {{"alasan", "KABUR"}, {"tindakan", "lapor polisi, cari di terminal"}});
  Everyone();
  const auto kinds = KindsIn(police_, leg);
  ASSERT_GE(kinds.size(), 2U);
  EXPECT_EQ(kinds[kinds.size() - 2], v1::Kind::PERINGATAN_DARURAT);
  EXPECT_EQ(kinds.back(), v1::Kind::GAGAL);
  EXPECT_EQ(StateAt(police_, leg), "GAGAL");
  const std::string needs = LegAt(police_, leg)["perlu"].dump();
  EXPECT_NE(needs.find("TANGGAPI_PERINGATAN"), std::string::npos);
  EXPECT_NE(needs.find("CARI_PENERIMA_LAIN"), std::string::npos);
  Do(police_, leg, "respond", {{"tindakan", "patroli"}, {"oleh", "piket"}});
  Everyone();
  EXPECT_TRUE(FoldOf(leg).alerts().empty());
}

TEST_F(DutiesTest, WhoMustNotKnowIsToldOfTheEndAndNotAlarmed) {
  const std::string leg = Running();
  Json silent = HighRisk();
  silent["kunci_idempoten"] = "diam";
  silent["kepada"] = home_.config_.address;
  silent["isi"]["rujukan"]["t1"]["jangan_beritahu"] = {
      {{"siapa", "unit"}, {"alasan", "TAKUT_BAHAYA"}, {"alamat", {police_.config_.address}}}};
  Refer(office_, silent);
  Do(office_, leg, "fail", {{"alasan", "KABUR"}, {"tindakan", "lapor polisi"}});
  Everyone();
  EXPECT_EQ(FoldOf(leg).state(), v1::LegState::GAGAL);
  EXPECT_EQ(FoldOf(leg).alerts_size(), 0);
}

TEST_F(DutiesTest, AnOrdinaryFailureRaisesNoAlert) {
  const std::string leg = Running();
  Do(office_, leg, "fail", {{"alasan", "PINDAH_WILAYAH"}});
  Everyone();
  EXPECT_EQ(FoldOf(leg).alerts_size(), 0);
}

TEST_F(DutiesTest, AMistakenReferralIsPurgedAndAttestedWithoutAnOfficer) {
  const std::string leg = Running();
  Do(police_, leg, "recall", {{"alasan", "salah anak"}});
  Everyone();
  EXPECT_EQ(StateAt(office_, leg), "SALAH_INPUT");
  EXPECT_EQ(Review(office_).finished, 1U);
  Everyone();
  const Json purged = LegAt(office_, leg);
  for (const auto& message : purged["messages"]) {
    const bool after = message["kind"] == "SALAH_INPUT" || message["kind"] == "ATESTASI_HAPUS";
    EXPECT_TRUE(after || message["isi"].is_null()) << message["kind"];
  }
  EXPECT_EQ(KindsIn(police_, leg).back(), v1::Kind::ATESTASI_HAPUS);
  Review(police_);
  EXPECT_TRUE(LegAt(police_, leg)["messages"][0]["isi"].is_null());
  EXPECT_EQ(Review(office_).finished, 0U);  // once
}

TEST_F(DutiesTest, ALocalHoldKeepsEvenAMistake) {
  const std::string leg = Running();
  Post(office_, "/v1/legs/" + leg + "/hold", {{"alasan", "perkara berjalan"}});
  Do(police_, leg, "recall", {{"alasan", "salah anak"}});
  Everyone();
  EXPECT_EQ(Review(office_).finished, 0U);
  EXPECT_FALSE(LegAt(office_, leg)["messages"][0]["isi"].is_null());
}

TEST_F(DutiesTest, TheSecondAbsenceIsTheSendersToSee) {
  const std::string leg = Running();
  const Json absence = {{"waktu", "2026-11-23T09:00:00+07:00"}};
  Do(office_, leg, "no-show", absence);
  Everyone();
  EXPECT_EQ(LegAt(police_, leg)["perlu"].dump().find("DUA_KALI_TIDAK_HADIR"), std::string::npos);
  Do(office_, leg, "no-show", absence);
  Everyone();
  EXPECT_NE(LegAt(police_, leg)["perlu"].dump().find("DUA_KALI_TIDAK_HADIR"), std::string::npos);
}

TEST_F(DutiesTest, WithdrawnConsentGoesToEveryOpenLegInOneRequest) {
  Json first = RequestVector("consent_of_the_mother.json");
  first["isi"]["id_episode"] = "ep-satu";
  Json second = first;
  second["kepada"] = home_.config_.address;
  const std::string one = Refer(police_, first);
  const std::string two = Refer(police_, second);
  Everyone();
  const Json body = {{"kunci_idempoten", "tarik"}, {"isi", Withdrawal()}};
  const auto reply = Post(police_, "/v1/episodes/ep-satu/withdraw-consent", body);
  EXPECT_EQ(reply.status, 202) << reply.body;
  EXPECT_EQ(Json::parse(reply.body)["messages"].size(), 2U);
  EXPECT_EQ(Post(police_, "/v1/episodes/ep-satu/withdraw-consent", body).status, 200);
  Everyone();
  for (const auto& leg : {one, two}) {
    EXPECT_EQ(FoldOf(leg).withdrawals_size(), 1);
    EXPECT_FALSE(LegAt(police_, leg)["dibatasi_sejak"].is_null());
  }
  EXPECT_EQ(Post(police_, "/v1/episodes/ep-lain/withdraw-consent", body).status, 404);
}

TEST_F(DutiesTest, WithdrawnConsentOpensNoNewLegOfTheEpisode) {
  Json first = RequestVector("consent_of_the_mother.json");
  first["isi"]["id_episode"] = "ep-satu";
  Refer(police_, first);
  Everyone();
  const Json body = {{"kunci_idempoten", "tarik"}, {"isi", Withdrawal()}};
  ASSERT_EQ(Post(police_, "/v1/episodes/ep-satu/withdraw-consent", body).status, 202);
  Json onward = first;
  onward["kepada"] = home_.config_.address;
  onward["kunci_idempoten"] = "lanjut";
  const auto refused = Post(police_, "/v1/messages", onward);
  EXPECT_EQ(refused.status, 422) << refused.body;
  EXPECT_NE(refused.body.find("isi.rujukan.t1.dasar_pemrosesan"), std::string::npos);
}

TEST_F(DutiesTest, AWithdrawalIsTakenThoughAPartyOfTheEpisodeMustNotBeToldAnyMore) {
  const std::string leg = Running(RequestVector("consent_of_the_mother.json"));
  Json onward = RequestVector("consent_of_the_mother.json");
  onward["kepada"] = home_.config_.address;
  const std::string next = Refer(office_, onward);
  Everyone();
  Json silent = RequestVector("consent_of_the_mother.json");
  silent["kunci_idempoten"] = "diam";
  silent["isi"]["rujukan"]["t1"]["jangan_beritahu"] = {
      {{"siapa", "panti"}, {"alasan", "TAKUT_BAHAYA"}, {"alamat", {home_.config_.address}}}};
  Refer(police_, silent);
  Everyone();
  Do(police_, leg, "withdraw", Withdrawal());
  Everyone();
  EXPECT_FALSE(LegAt(office_, leg)["dibatasi_sejak"].is_null());
  EXPECT_FALSE(LegAt(office_, next)["dibatasi_sejak"].is_null());
}

TEST_F(DutiesTest, TheReceiverPassesItOnToItsOwnLegsOnceHoweverOftenItComes) {
  const std::string leg = Running(RequestVector("consent_of_the_mother.json"));
  Json onward = RequestVector("consent_of_the_mother.json");
  onward["kepada"] = home_.config_.address;
  const std::string next = Refer(office_, onward);
  Everyone();
  Do(police_, leg, "withdraw", Withdrawal());
  const auto submission = police_.TakeOutbox().at(0);
  const LogIndex index = police_.Accept(submission);
  office_.Take(police_.DeliveryOf(submission, index));
  office_.Reopen();
  office_.Take(police_.DeliveryOf(submission, index));
  const auto receipts = office_.inbox_->Unrecorded(10);
  for (const auto& receipt : *receipts) {
    office_.Accept(receipt);
  }
  Everyone();
  EXPECT_EQ(FoldOf(next).withdrawals_size(), 1);
  const auto kinds = KindsIn(home_, next);
  EXPECT_EQ(std::count(kinds.begin(), kinds.end(), v1::Kind::PENARIKAN_PERSETUJUAN), 1);
}

}  // namespace
}  // namespace rujukan::agency
