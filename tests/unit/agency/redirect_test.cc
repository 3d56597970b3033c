// Goal: a child that one agency cannot take goes on to another with the same stages, at once in an
// emergency, and never in a circle; meanwhile exactly one agency is responsible. Method: three
// parties over a ledger in memory, whose fold has the last word.
#include "agents/agency/episode.h"
#include "agents/agency/render.h"
#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class RedirectTest : public Exchange {
 protected:
  RedirectTest()
      : police_(world_, "uppa.18.01"),
        office_(world_, "dinsos.18"),
        centre_(world_, "sentra.31.75.001") {
    for (Party* party : {&police_, &office_, &centre_}) {
      party->FollowDirectory();
    }
  }
  void Everyone() {
    for (Party* from : {&police_, &office_, &centre_}) {
      Carry(*from, {&police_, &office_, &centre_});
    }
  }
  Json Redirect() {
    return {{"tujuan", centre_.config_.address}, {"alasan", "perlu rehabilitasi"}};
  }
  std::string Forward(const std::string& leg, const Json& body = Json::object()) {
    const auto reply = Post(police_, "/v1/legs/" + leg + "/forward", body);
    EXPECT_EQ(reply.status, 202) << reply.body;
    return reply.status == 202 ? Json::parse(reply.body)["leg_id"].get<std::string>() : "";
  }
  std::string ResponsibleAt(Party& party, const std::string& leg) {
    const auto id = *LegId::FromBytes(*ParseUuid(leg));
    const auto episode = *party.store_->Read([&](Tables& tables) { return tables.EpisodeOf(id); });
    return party.Get("/v1/episodes/" + episode)["penanggung_jawab"];
  }

  Party police_;
  Party office_;
  Party centre_;
};

TEST_F(RedirectTest, TheSenderForwardsWithTheSameStages) {
  const std::string leg = Refer(police_, HighRisk());
  Everyone();
  Do(office_, leg, "redirect", Redirect());
  Everyone();
  EXPECT_EQ(StateAt(police_, leg), "DIALIHKAN");
  EXPECT_EQ(LegAt(police_, leg)["perlu"][0], "CARI_PENERIMA_LAIN");
  const std::string next = Forward(leg);
  EXPECT_TRUE(LegAt(police_, leg)["perlu"].empty());
  Everyone();
  EXPECT_EQ(FoldOf(next).hops(), 1U);
  EXPECT_EQ(FoldOf(leg).continued_by(), *ParseUuid(next));
  const Json got = LegAt(centre_, next);
  EXPECT_EQ(got["messages"][0]["isi"]["rujukan"]["t1"]["ref_anak"],
            HighRisk()["isi"]["rujukan"]["t1"]["ref_anak"]);
  Do(centre_, next, "accept", Acceptance());
  Everyone();
  Everyone();
  EXPECT_NE(LegAt(centre_, next).dump().find("kronologi"), std::string::npos);
}

TEST_F(RedirectTest, InAnEmergencyTheReceiverOpensTheNextLegAtOnce) {
  const std::string leg = Refer(police_, Emergency());
  Everyone();
  Do(office_, leg, "redirect", Redirect());
  Everyone();
  const Json told = LegAt(police_, leg);
  EXPECT_EQ(told["state"], "DIALIHKAN");
  const std::string next = told["messages"].back()["isi"]["alihkan"]["id_rujukan_baru"];
  EXPECT_EQ(told["dilanjutkan_oleh"], next);
  EXPECT_TRUE(told["perlu"].dump().find("CARI_PENERIMA_LAIN") == std::string::npos);
  const auto record = FoldOf(next);
  EXPECT_EQ(record.sender(), office_.config_.address);
  EXPECT_EQ(record.hops(), 1U);
  EXPECT_EQ(record.clock_class(), v1::ClockClass::DARURAT);
  // It holds what the emergency gave it, and the child is still the police unit's to answer for.
  EXPECT_TRUE(LegAt(centre_, next)["messages"][0]["isi"]["rujukan"].contains("t2"));
  EXPECT_EQ(ResponsibleAt(office_, leg), police_.config_.address);
}

TEST_F(RedirectTest, TheNextLegLeavesAfterTheRedirectIsInTheLedger) {
  const std::string leg = Refer(police_, Emergency());
  Everyone();
  Do(office_, leg, "redirect", Redirect());
  const auto first = office_.TakeOutbox();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(HeaderOf(first[0]).kind(), v1::Kind::ALIHKAN);
  office_.Accept(first[0]);
  const auto second = office_.TakeOutbox();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(HeaderOf(second[0]).continues_leg(), *ParseUuid(leg));
}

TEST_F(RedirectTest, NotBackToAnybodyWhoHasHadIt) {
  const std::string leg = Refer(police_, HighRisk());
  Everyone();
  const Json back = {{"tujuan", police_.config_.address}, {"alasan", "x"}};
  EXPECT_EQ(FieldOf(Step(office_, leg, "redirect", back)), "isi.alihkan.tujuan");
  Do(office_, leg, "redirect", Redirect());
  Everyone();
  const auto reply =
      Post(police_, "/v1/legs/" + leg + "/forward", {{"kepada", office_.config_.address}});
  EXPECT_EQ(FieldOf(reply), "kepada");
}

TEST_F(RedirectTest, AfterThreeHopsPeopleTalk) {
  std::vector<std::unique_ptr<Party>> others;
  for (const char* name : {"lksa.18.001", "lksa.18.002", "lksa.18.003", "lksa.18.004"}) {
    others.push_back(std::make_unique<Party>(world_, name));
  }
  for (Party* party :
       {&police_, others[0].get(), others[1].get(), others[2].get(), others[3].get()}) {
    party->FollowDirectory();
  }
  Json body = HighRisk();
  body["kepada"] = others[0]->config_.address;
  std::string leg = Refer(police_, body);
  for (size_t at = 0; at < 3; ++at) {
    Carry(police_, {others[at].get()});
    Do(*others[at],
       leg,
       "redirect",
       {{"tujuan", others[at + 1]->config_.address}, {"alasan", "penuh"}});
    Carry(*others[at], {&police_});
    leg = Forward(leg);
  }
  Carry(police_, {others[3].get()});
  EXPECT_EQ(FoldOf(leg).hops(), 3U);
  // The receiver has not seen the legs before its own: the ledger knows.
  EXPECT_EQ(LegAt(police_, leg)["state"], "SAMPAI");
}

TEST_F(RedirectTest, ADeclinedLegIsForwardedToWhomTheSenderChooses) {
  const std::string leg = Refer(police_, HighRisk());
  Everyone();
  Do(office_, leg, "decline", {{"alasan", "KAPASITAS_PENUH"}, {"alternatif", "sentra"}});
  Everyone();
  EXPECT_EQ(FieldOf(Post(police_, "/v1/legs/" + leg + "/forward", Json::object())), "kepada");
  const std::string next = Forward(leg, {{"kepada", centre_.config_.address}});
  EXPECT_EQ(FieldOf(Post(police_,
                         "/v1/legs/" + leg + "/forward",
                         {{"kepada", centre_.config_.address}, {"kunci_idempoten", "lagi"}})),
            "isi.rujukan.lanjutan_dari.id_rujukan");
  Everyone();
  EXPECT_EQ(StateAt(centre_, next), "SAMPAI");
}

TEST_F(RedirectTest, AnOpenLegIsNotContinued) {
  const std::string leg = Refer(police_, HighRisk());
  Everyone();
  const auto reply =
      Post(police_, "/v1/legs/" + leg + "/forward", {{"kepada", centre_.config_.address}});
  EXPECT_EQ(FieldOf(reply), "isi.rujukan.lanjutan_dari.id_rujukan");
}

TEST_F(RedirectTest, ADateOfAServiceThatIsOverIsLeftOutWhenItIsForwarded) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["t1"]["layanan_diminta"][0]["batas"] = TimeOf(world_.now() + 3'600'000);
  const std::string leg = Refer(police_, body);
  Everyone();
  Do(office_, leg, "decline", {{"alasan", "KAPASITAS_PENUH"}, {"alternatif", "sentra"}});
  Everyone();
  world_.Advance(7'200'000);
  const std::string next = Forward(leg, {{"kepada", centre_.config_.address}});
  Everyone();
  const Json t1 = LegAt(centre_, next)["messages"][0]["isi"]["rujukan"]["t1"];
  EXPECT_EQ(t1["layanan_diminta"][0]["kode"], "PENAMPUNGAN_SEMENTARA");
  EXPECT_FALSE(t1["layanan_diminta"][0].contains("batas"));
}

// --- in another office's place ---

class CoverTest : public RedirectTest {
 protected:
  CoverTest() : regency_(world_, "dinsos.18.13") {
    regency_.FollowDirectory();
    office_.FollowDirectory();
  }
  // A leg of the province to its regency, withdrawn; `level`: how far it had escalated.
  std::string Unanswered(uint32_t level) {
    Json body = HighRisk();
    body["kepada"] = regency_.config_.address;
    const std::string leg = Refer(office_, body);
    Carry(office_, {&regency_});
    if (level > 0) {
      Escalate(leg, level);
    }
    Do(office_, leg, "cancel", {{"alasan", "tidak dijawab"}});
    Carry(office_, {&regency_});
    return leg;
  }
  void Escalate(const std::string& leg, uint32_t level) {
    link::Proven proven;
    proven.index = 1'000;
    proven.size = 1'001;
    v1::DeadlineMissed& missed = *proven.entry.mutable_deadline_missed();
    missed.set_leg_id(*ParseUuid(leg));
    missed.set_deadline(v1::Deadline::KONFIRMASI);
    missed.set_level(level);
    proven.entry_bytes = proven.entry.SerializeAsString();
    proven.proof = "proof";
    const auto put = office_.store_->Write([&](Tables& tables) -> Result<void> {
      ASSIGN_OR_RETURN(const LegId id, tables.PutNotice(proven));
      return tables.RefoldLeg(id, world_.now());
    });
    ASSERT_TRUE(put.has_value()) << put.error().context;
  }
  void MakeTypeC() {
    v1::AgencyStanding standing;
    standing.set_pengawas(office_.config_.address);
    standing.set_tipe_dinas(v1::OfficeType::C);
    Describe("dinsos.18.13", standing);
    office_.FollowDirectory();
  }
  ApiReply CoverFor(const std::string& leg) {
    Json body = HighRisk();
    body["kepada"] = centre_.config_.address;
    body["isi"]["rujukan"]["lanjutan_dari"] = {{"id_rujukan", leg},
                                               {"alasan", "tidak dijawab"},
                                               {"bertindak_atas_nama", regency_.config_.address}};
    return Post(office_, "/v1/messages", body);
  }
  static constexpr const char* kField = "isi.rujukan.lanjutan_dari.bertindak_atas_nama";

  Party regency_;
};

TEST_F(CoverTest, ASupervisorActsInThePlaceOfASilentOfficeOfTypeC) {
  MakeTypeC();
  const auto reply = CoverFor(Unanswered(1));
  EXPECT_EQ(reply.status, 202) << reply.body;
  Carry(office_, {&centre_});
  const Json leg = LegAt(centre_, Json::parse(reply.body)["leg_id"]);
  EXPECT_EQ(leg["messages"][0]["isi"]["rujukan"]["lanjutan_dari"]["bertindak_atas_nama"],
            regency_.config_.address);
}

TEST_F(CoverTest, BeforeTheFirstEscalationNobodyDoes) {
  MakeTypeC();
  EXPECT_EQ(FieldOf(CoverFor(Unanswered(0))), kField);
}

TEST_F(CoverTest, OnlyForAnOfficeOfTypeCBelowTheSender) {
  EXPECT_EQ(FieldOf(CoverFor(Unanswered(1))), kField);
}

// --- who is responsible (I1, I2) ---

TEST_F(RedirectTest, AServiceReferralLeavesResponsibilityWhereItWas) {
  const std::string leg = Refer(police_, HighRisk());
  Everyone();
  Do(office_, leg, "accept", Acceptance());
  Everyone();
  EXPECT_EQ(ResponsibleAt(police_, leg), police_.config_.address);
  EXPECT_EQ(ResponsibleAt(office_, leg), police_.config_.address);
}

TEST_F(RedirectTest, ATransferMovesItWithTheSecondSignatureAndNotBefore) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["jenis_rujukan"] = "PELIMPAHAN_KASUS";
  const std::string leg = Refer(police_, body);
  Everyone();
  Do(office_, leg, "accept", Acceptance());
  Everyone();
  Do(police_, leg, "handover", Handover());
  Everyone();
  for (Party* party : {&police_, &office_}) {
    EXPECT_EQ(ResponsibleAt(*party, leg), police_.config_.address);
  }
  Do(office_, leg, "handover");  // the same record, signed
  Everyone();
  for (Party* party : {&police_, &office_}) {
    EXPECT_EQ(ResponsibleAt(*party, leg), office_.config_.address);
    EXPECT_EQ(StateAt(*party, leg), "BERJALAN");
  }
  EXPECT_TRUE(FoldOf(leg).receiver_responsible());
  const Json messages = LegAt(police_, leg)["messages"];
  EXPECT_EQ(messages.back()["isi"]["serah_terima"]["keadaan_anak"], "sehat, tenang");
}

Json Report(Json body) {
  body["isi"]["rujukan"]["jenis_rujukan"] = "LAPORAN_AWAL";
  body["isi"]["rujukan"]["pelapor_saja"] = true;
  return body;
}

TEST_F(RedirectTest, WhoOnlyReportsIsRelievedByTheFirstContact) {
  const std::string leg = Refer(police_, Report(HighRisk()));
  Everyone();
  Do(office_, leg, "accept", Acceptance());
  Everyone();
  EXPECT_EQ(ResponsibleAt(office_, leg), police_.config_.address);
  Do(office_, leg, "contact", {{"waktu", "2026-11-22T14:00:00+07:00"}, {"keadaan", "tenang"}});
  Everyone();
  for (Party* party : {&police_, &office_}) {
    EXPECT_EQ(ResponsibleAt(*party, leg), office_.config_.address);
    EXPECT_EQ(StateAt(*party, leg), "BERJALAN");
    EXPECT_EQ(LegAt(*party, leg)["pelapor_saja"], true);
  }
  EXPECT_TRUE(FoldOf(leg).receiver_responsible());
  // The child is the office's now: it may hand it on, as the first leg's receiver.
  Json onward = HighRisk();
  onward["kepada"] = centre_.config_.address;
  onward["isi"]["rujukan"]["jenis_rujukan"] = "PELIMPAHAN_KASUS";
  const std::string next = Refer(office_, onward);
  Everyone();
  Do(centre_, next, "accept", Acceptance());
  Everyone();
  Do(office_, next, "handover", Handover());
}

TEST_F(RedirectTest, AChildIsReportedAwayOnce) {
  Refer(police_, Report(HighRisk()));
  Json again = Report(HighRisk());
  again["kepada"] = centre_.config_.address;
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", again)), "isi.rujukan.pelapor_saja");
  again["isi"]["rujukan"]["pelapor_saja"] = false;  // told as well, and not made responsible
  Refer(police_, again);
}

TEST_F(RedirectTest, AReportThatIsBeingCancelledMayStillBeTakenUp) {
  const std::string leg = Refer(police_, Report(HighRisk()));
  Everyone();
  Do(police_, leg, "cancel", {{"alasan", "salah alamat"}});  // queued: the office may be faster
  Json other = Report(HighRisk());
  other["kepada"] = centre_.config_.address;
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", other)), "isi.rujukan.pelapor_saja");
  Everyone();
  Refer(police_, other);
}

TEST_F(RedirectTest, AnEmergencysReportIsPassedOnAtOnceAndNotAsAReport) {
  const std::string leg = Refer(police_, Report(Emergency()));
  Everyone();
  Do(office_, leg, "redirect", Redirect());
  Everyone();
  const std::string next =
      LegAt(police_, leg)["messages"].back()["isi"]["alihkan"]["id_rujukan_baru"];
  EXPECT_FALSE(FoldOf(next).contact_takes_over());
  EXPECT_EQ(ResponsibleAt(police_, leg), police_.config_.address);
}

TEST_F(RedirectTest, OnlyAReportLetsTheChildGoByContact) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["pelapor_saja"] = true;
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)), "isi.rujukan.pelapor_saja");
}

TEST_F(RedirectTest, TheHalvesOfAHandoverSayTheSame) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["jenis_rujukan"] = "PENITIPAN";
  body["isi"]["rujukan"]["t1"]["layanan_diminta"] = {{{"kode", "PENDAMPINGAN"}}};
  const std::string leg = Refer(police_, body);
  Everyone();
  Do(office_, leg, "accept", Acceptance());
  Everyone();
  Do(office_, leg, "handover", Handover());
  Everyone();
  Json other = Handover();
  other["keadaan_anak"] = "demam";
  EXPECT_EQ(FieldOf(Step(police_, leg, "handover", other)), "isi.serah_terima");
  Do(police_, leg, "handover", Handover());
}

TEST_F(RedirectTest, AFailedTransferFallsBackToTheSender) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["jenis_rujukan"] = "PELIMPAHAN_KASUS";
  const std::string leg = Refer(police_, body);
  Everyone();
  Do(office_, leg, "accept", Acceptance());
  Everyone();
  Do(office_, leg, "handover", Handover());
  Everyone();
  Do(police_, leg, "handover");
  Everyone();
  Do(office_, leg, "fail", {{"alasan", "LAYANAN_TERHENTI"}});
  Everyone();
  EXPECT_EQ(ResponsibleAt(police_, leg), police_.config_.address);
  EXPECT_EQ(LegAt(police_, leg)["perlu"][0], "CARI_PENERIMA_LAIN");
}

TEST_F(RedirectTest, ParallelLegsHaveOneResponsibleAgency) {
  const std::string one = Refer(police_, HighRisk());
  Json second = HighRisk();
  second["kepada"] = centre_.config_.address;
  const std::string two = Refer(police_, second);
  Everyone();
  const Json episodes = police_.Get("/v1/episodes")["episodes"];
  ASSERT_EQ(episodes.size(), 1U);
  EXPECT_EQ(episodes[0]["legs"].size(), 2U);
  EXPECT_EQ(episodes[0]["penanggung_jawab"], police_.config_.address);
  EXPECT_TRUE(episodes[0]["terbuka"]);
  EXPECT_EQ(ResponsibleAt(centre_, two), police_.config_.address);
}

TEST(ResponsibleFor, ItFollowsTheHandoversInTheirOrder) {
  const auto leg = [](const char* from, const char* to, LogIndex opened, LogIndex moved) {
    LegRow row;
    row.record.set_state(v1::LegState::BERJALAN);
    row.record.set_sender(from);
    row.record.set_receiver(to);
    row.record.set_opened_at_index(opened);
    row.record.set_receiver_responsible(moved != 0);
    row.plan = row.record;
    row.handed_over = moved;
    return row;
  };
  EXPECT_EQ(ResponsibleFor({}), "");
  EXPECT_EQ(ResponsibleFor({leg("a", "b", 1, 0)}), "a");
  EXPECT_EQ(ResponsibleFor({leg("b", "c", 5, 9), leg("a", "b", 1, 4)}), "c");
  EXPECT_EQ(ResponsibleFor({leg("a", "b", 1, 4), leg("b", "c", 5, 9), leg("c", "a", 10, 12)}), "a");
  EXPECT_EQ(ResponsibleFor({leg("a", "b", 1, 0), leg("b", "c", 5, 9)}), "a");  // not b's to give
}

}  // namespace
}  // namespace rujukan::agency
