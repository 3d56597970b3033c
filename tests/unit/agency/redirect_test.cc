// Goal: a child that one agency cannot take goes on to another with the same stages, at once in an
// emergency, and never in a circle; meanwhile exactly one agency is responsible. Method: three
// parties over a ledger in memory, whose fold has the last word.
#include "agents/agency/episode.h"
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
