// Goal: the header says of a referral what the blind broker's fold needs, and exactly what the
// content says. Method: what leaves the outbox, against the content it was made of.
#include "agents/agency/draft.h"
#include "agents/link/content_fits.h"
#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class OpeningHeader : public Exchange {
 protected:
  OpeningHeader() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
    office_.FollowDirectory();
  }
  v1::Header Sent(const Json& body) {
    Refer(police_, body);
    return HeaderOf(police_.TakeOutbox().at(0));
  }

  Party police_;
  Party office_;
};

TEST_F(OpeningHeader, TheClassOfClocksIsTheRisks) {
  EXPECT_EQ(Sent(HighRisk()).clock_class(), v1::ClockClass::TINGGI);
  EXPECT_EQ(Sent(Emergency()).clock_class(), v1::ClockClass::DARURAT);
}

TEST_F(OpeningHeader, WhoHurriesMoreThanTheRiskIsUnderTheClocksOfTheUrgency) {
  Json body = WithT1(HighRisk(), {{"tingkat_risiko", "RENDAH"}});
  body["urgensi"] = "AMAT_SEGERA";
  const auto header = Sent(body);
  EXPECT_EQ(header.clock_class(), v1::ClockClass::UNSPECIFIED);
  EXPECT_EQ(header.urgency(), v1::Urgency::AMAT_SEGERA);
}

TEST_F(OpeningHeader, ResponsibilityMovesWithATransferOrAPlacement) {
  EXPECT_FALSE(Sent(HighRisk()).moves_responsibility());
  Json body = HighRisk();
  for (const char* type : {"PELIMPAHAN_KASUS", "PENITIPAN"}) {
    body["isi"]["rujukan"]["jenis_rujukan"] = type;
    EXPECT_TRUE(Sent(body).moves_responsibility()) << type;
  }
}

TEST_F(OpeningHeader, TheSignatureFollowsAnEmergencyAndIsSeenAsMissing) {
  EXPECT_TRUE(Sent(HighRisk()).signed_off());
  const std::string leg = Refer(police_, Emergency());
  Carry(police_, {&office_});
  EXPECT_FALSE(FoldOf(leg).signed_off());
  EXPECT_EQ(LegAt(police_, leg)["perlu"][0], "SAHKAN");
  Do(police_, leg, "sign-off", {{"penandatangan", {{"jabatan", "Kanit"}, {"nama", "CONTOH"}}}});
  Carry(police_, {&office_});
  EXPECT_TRUE(FoldOf(leg).signed_off());
}

TEST_F(OpeningHeader, TheFirstServiceSetsTheDate) {
  const Json services = {{{"kode", "GIZI"}, {"batas", "2026-12-20T10:00:00+07:00"}},
                         {{"kode", "PENDAMPINGAN"}, {"batas", "2026-12-10T10:00:00+07:00"}}};
  EXPECT_EQ(Sent(WithT1(HighRisk(), {{"layanan_diminta", services}})).due_ms(),
            1'796'871'600'000);  // 2026-12-10T03:00Z
  EXPECT_EQ(Sent(HighRisk()).due_ms(), 0);
}

TEST_F(OpeningHeader, ADateThatIsPastIsToldByItsField) {
  const Json past = {{{"kode", "GIZI"}, {"batas", "2026-01-01T10:00:00+07:00"}}};
  const Json body = WithT1(HighRisk(), {{"layanan_diminta", past}});
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)),
            "isi.rujukan.t1.layanan_diminta[0].batas");
}

TEST_F(OpeningHeader, ConsentThatHasEndedOrCoversOthersIsToldByItsField) {
  Json body = RequestVector("consent_of_the_mother.json");
  body["isi"]["rujukan"]["t1"]["persetujuan"]["berlaku_sampai"] = "2026-01-01";
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)),
            "isi.rujukan.t1.persetujuan.berlaku_sampai");
  body = RequestVector("consent_of_the_mother.json");
  body["isi"]["rujukan"]["t1"]["persetujuan"]["penerima"] = {"rs.18.001@lampung.example"};
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)), "kepada");
}

TEST_F(OpeningHeader, APauseHasItsDateAndNoEmergencyIsPaused) {
  const auto running = [&](const Json& body) {
    const std::string leg = Refer(police_, body);
    Carry(police_, {&office_});
    Do(office_, leg, "accept", Acceptance());
    Carry(office_, {&police_});
    Carry(police_, {&office_});
    Do(office_, leg, "contact", {{"waktu", "2026-11-22T02:10:00+07:00"}, {"keadaan", "tenang"}});
    Carry(office_, {&police_});
    return leg;
  };
  const std::string leg = running(HighRisk());
  const std::string soon = FormatTime(world_.now() + 10LL * 86'400'000, 420).substr(0, 10);
  const std::string late = FormatTime(world_.now() + 40LL * 86'400'000, 420).substr(0, 10);
  EXPECT_EQ(FieldOf(Step(office_, leg, "pause", {{"alasan", "libur"}, {"ditinjau", late}})),
            "isi.tunda.ditinjau");
  Do(office_, leg, "pause", {{"alasan", "libur"}, {"ditinjau", soon}});
  Carry(office_, {&police_});
  EXPECT_EQ(StateAt(police_, leg), "DITUNDA");
  Json emergency = Emergency();
  emergency["isi"]["id_episode"] = "ep-darurat";
  const std::string urgent = running(emergency);
  EXPECT_EQ(Step(office_, urgent, "pause", {{"alasan", "x"}, {"ditinjau", soon}}).status, 409);
}

TEST_F(OpeningHeader, ALowerRiskNeedsTheSupervisorAndAHigherOneDoesNot) {
  const std::string leg = Refer(police_, HighRisk());
  Carry(police_, {&office_});
  const Json lower = {{"tingkat_risiko", "RENDAH"}, {"alasan", "keluarga ditemukan"}};
  EXPECT_EQ(FieldOf(Step(police_, leg, "risk", lower)),
            "isi.perubahan_risiko.disetujui_supervisor");
  Do(office_,
     leg,
     "risk",
     {{"tingkat_risiko", "TINGGI"}, {"bahaya_langsung", true}, {"alasan", "diancam"}});
  Carry(office_, {&police_});
  EXPECT_EQ(FoldOf(leg).clock_class(), v1::ClockClass::DARURAT);
  Json signed_off = lower;
  signed_off["disetujui_supervisor"] = "Kabid (CONTOH)";
  EXPECT_EQ(Step(office_, leg, "risk", signed_off).status, 409) << "loosening is the sender's";
  Do(police_, leg, "risk", signed_off);
  Carry(police_, {&office_});
  EXPECT_EQ(FoldOf(leg).clock_class(), v1::ClockClass::RENDAH);
}

TEST_F(OpeningHeader, AReportIsFilledInWithItsPeriodAndTheNextDate) {
  const std::string leg = Refer(police_, HighRisk());
  Carry(police_, {&office_});
  Do(office_, leg, "accept", Acceptance());
  Carry(office_, {&police_});
  Carry(police_, {&office_});
  Do(office_, leg, "contact", {{"waktu", "2026-11-22T02:10:00+07:00"}, {"keadaan", "tenang"}});
  Carry(office_, {&police_});
  Do(office_,
     leg,
     "progress",
     {{"perkembangan", "a"},
      {"permasalahan", "b"},
      {"solusi", "c"},
      {"status_tempat_tinggal", "LKSA"}});
  Carry(office_, {&police_});
  const Json report = LegAt(police_, leg)["messages"].back()["isi"]["laporan_kemajuan"];
  EXPECT_EQ(report["tingkat_risiko"], "TINGGI");
  EXPECT_EQ(report["periode_sampai"], FormatTime(world_.now(), 420).substr(0, 10));
  EXPECT_EQ(report["laporan_berikutnya"],
            FormatTime(world_.now() + 7LL * 86'400'000, 420).substr(0, 10));
}

// What another program might write. The receiver's agent finds it, whatever the broker thinks.
TEST(HeaderMisfit, AHeaderThatSaysAnotherThingThanItsContentIsFound) {
  v1::Content content;
  v1::Referral& referral = *content.mutable_rujukan();
  referral.set_jenis_rujukan(v1::ReferralType::PELIMPAHAN_KASUS);
  referral.mutable_t1()->set_tingkat_risiko(v1::RiskLevel::TINGGI);
  v1::Header honest;
  honest.set_kind(v1::Kind::RUJUKAN);
  honest.set_urgency(v1::Urgency::AMAT_SEGERA);
  honest.set_clock_class(v1::ClockClass::TINGGI);
  honest.set_moves_responsibility(true);
  honest.add_to("dinsos.18@lampung.example");
  EXPECT_EQ(link::HeaderMisfit(honest, content), "");
  v1::Header bent = honest;
  bent.set_clock_class(v1::ClockClass::RENDAH);
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  bent = honest;
  bent.clear_clock_class();
  EXPECT_EQ(link::HeaderMisfit(bent, content), "");
  bent.set_urgency(v1::Urgency::BIASA);
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  bent = honest;
  bent.set_moves_responsibility(false);
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  bent = honest;
  bent.set_signed_off(true);
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  bent = honest;
  bent.set_continues_leg(std::string(16, 'l'));
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  bent = honest;
  bent.set_kind(v1::Kind::TERIMA);
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  referral.mutable_t1()->add_jangan_beritahu()->add_alamat("lks.18@lampung.example");
  EXPECT_EQ(link::HeaderMisfit(honest, content), "");
  bent = honest;
  bent.add_escalate_to("lks.18@lampung.example");
  EXPECT_NE(link::HeaderMisfit(bent, content), "");
  referral.mutable_t2()->set_nama("CONTOH");
  EXPECT_NE(link::HeaderMisfit(honest, content), "");  // identity before acceptance
}

TEST(HeaderMisfit, AChangeOfRiskSaysItsClassToo) {
  v1::Content content;
  content.mutable_perubahan_risiko()->set_tingkat_risiko(v1::RiskLevel::SEDANG);
  v1::Header header;
  header.set_kind(v1::Kind::PERUBAHAN_RISIKO);
  header.set_clock_class(v1::ClockClass::SEDANG);
  EXPECT_EQ(link::HeaderMisfit(header, content), "");
  header.set_signed_off(true);
  EXPECT_NE(link::HeaderMisfit(header, content), "");
  content.mutable_perubahan_risiko()->set_disetujui_supervisor("X");
  EXPECT_EQ(link::HeaderMisfit(header, content), "");
  header.set_clock_class(v1::ClockClass::RENDAH);
  EXPECT_NE(link::HeaderMisfit(header, content), "");
}

}  // namespace
}  // namespace rujukan::agency
