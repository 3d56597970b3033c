// Goal: no field leaves before its stage: T2 after acceptance, T3 by compartment to who asked and
// is cleared; an emergency alone carries T2 at once; consent that was withdrawn stops what stands
// on it. The register says by name what went to whom. Method: parties over a ledger in memory.
#include "agents/agency/disclosure.h"
#include "agents/agency/sending_rules.h"
#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class StagesTest : public Exchange {
 protected:
  StagesTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }
  void Clear() {
    v1::AgencyStanding standing;
    standing.set_izin_sangat_rahasia(true);
    Describe("dinsos.18", standing);
    police_.FollowDirectory();
  }
  std::string Accepted(const Json& body) {
    const std::string leg = Refer(police_, body);
    Carry(police_, {&office_});
    Do(office_, leg, "accept", Acceptance());
    Carry(office_, {&police_});
    Carry(police_, {&office_});
    return leg;
  }
  void Ask(const std::string& leg, const std::string& compartment) {
    Do(office_, leg, "request-details", {{"kompartemen", compartment}, {"alasan", "pemeriksaan"}});
    Carry(office_, {&police_});
  }
  static Json Visum() {
    return {{"t3",
             {{"kompartemen", "visum"},
              {"visum", "hasil contoh"},
              {"dasar_pemrosesan", {{{"kode", "KEWAJIBAN_HUKUM"}, {"pasal", "x"}}}}}}};
  }
  static Json SecondStage(const std::string& basis) {
    Json t2 = HighRisk()["t2"];
    t2["dasar_pemrosesan"] = {{{"kode", basis}, {"pasal", "x"}}};
    return {{"t2", t2}};
  }
  Findings AttachAt(Party& party, const std::string& leg_text, v1::Classification::Code code) {
    v1::Content content;
    content.mutable_lampiran()->set_klasifikasi(code);
    const auto leg = *LegId::FromBytes(*ParseUuid(leg_text));
    const auto checked = party.store_->Read([&](Tables& tables) -> Result<void> {
      ASSIGN_OR_RETURN(const auto row, tables.FindLeg(leg));
      return CheckNewStep(tables, *row, {v1::Kind::LAMPIRAN, content});
    });
    return checked ? Findings() : FindingsOf(checked.error());
  }

  Party police_;
  Party office_;
};

TEST_F(StagesTest, DetailsBeforeAcceptanceAreAConflictInEveryState) {
  const std::string leg = Refer(police_, HighRisk());
  const Json details = SecondStage("TUGAS_PUBLIK");
  EXPECT_EQ(Step(police_, leg, "details", details).status, 409);  // TERKIRIM
  Carry(police_, {&office_});
  EXPECT_EQ(Step(police_, leg, "details", details).status, 409);  // SAMPAI
  Do(office_, leg, "ack");
  Carry(office_, {&police_});
  EXPECT_EQ(Step(police_, leg, "details", details).status, 409);  // DIKAJI
  Do(office_, leg, "ask", {{"pertanyaan", {"Sudah visum?"}}});
  Carry(office_, {&police_});
  EXPECT_EQ(Step(police_, leg, "details", details).status, 409);  // MENUNGGU_INFO
}

// I4 over everything that leaves before acceptance, whatever is answered.
TEST_F(StagesTest, NothingThatLeavesBeforeAcceptanceHasAFieldOfALaterStage) {
  const std::string leg = Refer(police_, HighRisk());
  Carry(police_, {&office_});
  Do(office_, leg, "ack");
  Carry(office_, {&police_});
  Do(office_, leg, "ask", {{"kode", {"IDENTITAS"}}});
  Carry(office_, {&police_});
  EXPECT_EQ(FieldOf(Step(police_, leg, "answer", {{"jawaban", {"NIK 9900000000000015"}}})),
            "isi.jawaban_info.jawaban[0]");
  Do(police_, leg, "answer", {{"alasan_menolak", "setelah diterima"}});
  Carry(police_, {&office_});
  const Json list = police_.Get("/v1/legs/" + leg + "/disclosures")["disclosures"];
  ASSERT_GE(list.size(), 3U);
  for (const auto& one : list) {
    EXPECT_EQ(one["tahap"], "T1");
    for (const auto& field : one["bidang"]) {
      EXPECT_EQ(field.get<std::string>().rfind("t2.", 0), std::string::npos);
      EXPECT_EQ(field.get<std::string>().rfind("t3.", 0), std::string::npos);
    }
  }
}

TEST_F(StagesTest, AnEmergencyMayCarryBothAtOnceAndNothingElseMay) {
  Refer(police_, Emergency());
  Json body = Emergency();
  body["isi"]["rujukan"]["t1"]["bahaya_langsung"] = false;
  body["isi"]["rujukan"]["penandatangan"] = {{"jabatan", "kepala"}, {"nama", "CONTOH"}};
  body["isi"]["rujukan"]["t1"]["keputusan_kepentingan_terbaik"]["disetujui_supervisor"] = "X";
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)), "isi.rujukan.t2");
}

TEST_F(StagesTest, ACompartmentGoesToWhoAskedForItAndIsCleared) {
  const std::string leg = Accepted(HighRisk());
  EXPECT_EQ(FieldOf(Step(police_, leg, "details", Visum())), "isi.rincian.t3.kompartemen");
  Ask(leg, "litmas");
  EXPECT_EQ(FieldOf(Step(police_, leg, "details", Visum())), "isi.rincian.t3.kompartemen");
  Ask(leg, "visum");
  EXPECT_EQ(FieldOf(Step(police_, leg, "details", Visum())), "isi.rincian.t3");
  Clear();
  Do(police_, leg, "details", Visum());
  EXPECT_EQ(HeaderOf(police_.TakeOutbox().at(0)).classification(), v1::Classification::SR);
}

TEST_F(StagesTest, ACompartmentHoldsNothingOfAnother) {
  const std::string leg = Accepted(HighRisk());
  Ask(leg, "visum");
  Clear();
  Json two = Visum();
  two["t3"]["status_hiv"] = "x";
  EXPECT_EQ(FieldOf(Step(police_, leg, "details", two)), "isi.rincian.t3.status_hiv");
}

TEST_F(StagesTest, AnAttachmentFollowsAcceptanceExceptInAnEmergency) {
  const std::string leg = Refer(police_, HighRisk());
  ASSERT_FALSE(AttachAt(police_, leg, v1::Classification::R).empty());
  EXPECT_EQ(AttachAt(police_, leg, v1::Classification::R)[0].field, "isi.lampiran");
  Json emergency = Emergency();
  emergency["isi"]["id_episode"] = "ep-darurat";
  EXPECT_TRUE(AttachAt(police_, Refer(police_, emergency), v1::Classification::R).empty());
  const std::string accepted = Accepted(WithT1(HighRisk(), {{"ref_anak", "B-2"}}));
  EXPECT_TRUE(AttachAt(police_, accepted, v1::Classification::R).empty());
  EXPECT_EQ(AttachAt(police_, accepted, v1::Classification::SR).at(0).field,
            "isi.lampiran.klasifikasi");
}

TEST_F(StagesTest, AfterWithdrawalOnlyAnotherBasisDiscloses) {
  const std::string leg = Accepted(RequestVector("consent_of_the_mother.json"));
  Do(police_, leg, "withdraw", Withdrawal());
  EXPECT_EQ(FieldOf(Step(police_, leg, "details", SecondStage("PERSETUJUAN"))),
            "isi.rincian.t2.dasar_pemrosesan");
  EXPECT_EQ(AttachAt(police_, leg, v1::Classification::R).at(0).field, "isi.lampiran");
  EXPECT_EQ(Step(police_, leg, "details", SecondStage("KEPENTINGAN_VITAL")).status, 202);
}

TEST_F(StagesTest, DetailsThatWaitForANetworkDoNotLeaveOnceConsentIsWithdrawn) {
  const std::string leg = Accepted(RequestVector("consent_of_the_mother.json"));
  Do(police_, leg, "details", SecondStage("PERSETUJUAN"));
  Do(police_, leg, "withdraw", Withdrawal());
  std::vector<std::string> left;
  for (int round = 0; round < 4; ++round) {
    for (const auto& submission : police_.TakeOutbox()) {
      left.push_back(v1::Kind::Code_Name(HeaderOf(submission).kind()));
      police_.Accept(submission);
    }
  }
  EXPECT_EQ(left, std::vector<std::string>{"PENARIKAN_PERSETUJUAN"});
  EXPECT_NE(LegAt(police_, leg).dump().find("persetujuan telah ditarik"), std::string::npos);
}

TEST_F(StagesTest, TheHeldStageIsNotReleasedOnConsentThatWasWithdrawn) {
  const std::string leg = Refer(police_, RequestVector("consent_of_the_mother.json"));
  Carry(police_, {&office_});
  Do(police_, leg, "withdraw", Withdrawal());
  Carry(police_, {&office_});
  Do(office_, leg, "accept", Acceptance());
  Carry(office_, {&police_});
  EXPECT_EQ(StateAt(police_, leg), "DITERIMA");
  EXPECT_TRUE(police_.TakeOutbox().empty());
}

TEST_F(StagesTest, TheReceiverAnswersAWithdrawalAndTheSenderSeesIt) {
  const std::string leg = Accepted(RequestVector("consent_of_the_mother.json"));
  Do(police_, leg, "withdraw", Withdrawal());
  Carry(police_, {&office_});
  EXPECT_EQ(LegAt(office_, leg)["perlu"][0], "TANGGAPI_PENARIKAN");
  EXPECT_FALSE(LegAt(office_, leg)["dibatasi_sejak"].is_null());
  EXPECT_EQ(FieldOf(Step(office_, leg, "answer-withdrawal")), "isi.tanggapan_penarikan.dibatasi");
  Do(office_, leg, "answer-withdrawal", {{"dibatasi", true}});
  Carry(office_, {&police_});
  EXPECT_TRUE(FoldOf(leg).withdrawals().empty());
}

TEST_F(StagesTest, TheRegisterNamesFieldsAndHasNoValue) {
  const std::string leg = Accepted(HighRisk());
  const Json answer = police_.Get("/v1/legs/" + leg + "/disclosures");
  const std::string text = answer.dump();
  EXPECT_NE(text.find("t1.kategori"), std::string::npos);
  EXPECT_NE(text.find("t2.kronologi"), std::string::npos);
  const Json t2 = HighRisk()["t2"];
  EXPECT_EQ(text.find(t2["kronologi"].get<std::string>()), std::string::npos);
  EXPECT_EQ(answer["disclosures"][0]["to"][0], office_.config_.address);
  EXPECT_EQ(answer["disclosures"].size(), 2U);
  const Json received = office_.Get("/v1/legs/" + leg + "/disclosures")["disclosures"];
  EXPECT_EQ(received.size(), 2U);
  EXPECT_EQ(received[1]["direction"], "in");
}

TEST_F(StagesTest, TheRegisterStaysWhenContentIsErased) {
  const std::string leg = Accepted(HighRisk());
  Do(police_, leg, "recall", {{"alasan", "salah anak"}});
  Carry(police_, {&office_});
  Review(office_);
  Carry(office_, {&police_});
  Review(police_);
  EXPECT_TRUE(LegAt(police_, leg)["messages"][0]["isi"].is_null());
  EXPECT_NE(police_.Get("/v1/legs/" + leg + "/disclosures").dump().find("t2.kronologi"),
            std::string::npos);
}

TEST_F(StagesTest, TheListInAReferralIsTheMachines) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["daftar_pengungkapan"] = {"t9.karangan"};
  const std::string leg = Refer(police_, body);
  const Json list = LegAt(police_, leg)["messages"][0]["isi"]["rujukan"]["daftar_pengungkapan"];
  EXPECT_EQ(list[0], "t1.ref_anak");
  EXPECT_EQ(list.dump().find("karangan"), std::string::npos);
}

}  // namespace
}  // namespace rujukan::agency
