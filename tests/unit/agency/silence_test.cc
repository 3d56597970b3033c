// Goal: an agency that must not be told of a child (jangan_beritahu) is never a recipient, a copy,
// the target of a redirect, an invitee, a delegate or somebody an escalation goes to, in whatever
// leg and kind of message. Method: parties over a ledger in memory; everything that leaves is
// looked at.
#include "agents/agency/silence.h"

#include "agents/agency/escalation_targets.h"
#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

const std::string kSilent = "lks.18.02.001@lampung.example";

class SilenceTest : public Exchange {
 protected:
  SilenceTest()
      : police_(world_, "uppa.18.02"),
        office_(world_, "dinsos.18"),
        home_(world_, "lks.18.02.001") {
    v1::AgencyStanding standing;
    standing.set_pengawas(kSilent);
    Describe("dinsos.18", standing);
    for (Party* party : {&police_, &office_, &home_}) {
      party->FollowDirectory();
    }
  }
  static Json Silent() {
    return {{"siapa", "ipar yang bekerja di panti contoh"},
            {"alasan", "TAKUT_BAHAYA"},
            {"alamat", {kSilent}}};
  }
  static Json To(Json body, const std::string& address) {
    body["kepada"] = address;
    return body;
  }
  Json Referral() { return WithT1(HighRisk(), {{"jangan_beritahu", {Silent()}}}); }
  std::string Episode(const std::string& leg) {
    return *police_.store_->Read(
        [&](Tables& tables) { return tables.EpisodeOf(*LegId::FromBytes(*ParseUuid(leg))); });
  }

  Party police_;
  Party office_;
  Party home_;
};

TEST_F(SilenceTest, TheReferralItselfDoesNotGoThere) {
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", To(Referral(), kSilent))), "kepada");
}

TEST_F(SilenceTest, ALaterReferralOfTheEpisodeWithoutAListDoesNotGoThereEither) {
  Refer(police_, Referral());
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", To(HighRisk(), kSilent))), "kepada");
  Json other = To(HighRisk(), kSilent);
  other["isi"]["id_episode"] = "ep-anak-lain";
  EXPECT_EQ(Post(police_, "/v1/messages", other).status, 202);
}

TEST_F(SilenceTest, AListInTheHeldSecondStageCounts) {
  Json body = To(HighRisk(), kSilent);
  body["t2"]["jangan_beritahu"] = {Silent()};
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)), "kepada");
}

TEST_F(SilenceTest, WhoeverReceivedTheListObeysItInItsOwnLegs) {
  const std::string leg = Refer(police_, Referral());
  Carry(police_, {&office_});
  EXPECT_EQ(FieldOf(Post(office_, "/v1/messages", To(HighRisk(), kSilent))), "kepada");
  const Json redirect = {{"tujuan", kSilent}, {"alasan", "lebih dekat"}};
  EXPECT_EQ(FieldOf(Step(office_, leg, "redirect", redirect)), "isi.alihkan.tujuan");
}

TEST_F(SilenceTest, EscalationsGoPastIt) {
  Refer(police_, Referral());
  const auto header = HeaderOf(police_.TakeOutbox().at(0));
  EXPECT_GT(header.escalate_to_size(), 0);  // else the broker would look up the supervisor itself
  for (const auto& told : header.escalate_to()) {
    EXPECT_NE(told, kSilent);
  }
}

TEST_F(SilenceTest, WithoutAListTheSupervisorIsTold) {
  Json body = HighRisk();
  body["isi"]["rujukan"]["t1"]["jangan_beritahu"] = Json::array();
  body["isi"]["id_episode"] = "ep-tanpa-daftar";
  Refer(police_, body);
  const auto header = HeaderOf(police_.TakeOutbox().at(0));
  ASSERT_GT(header.escalate_to_size(), 0);
  EXPECT_EQ(header.escalate_to(0), kSilent);
}

TEST_F(SilenceTest, NoInvitationAndNoTaskGoesThere) {
  const std::string leg = Refer(police_, Referral());
  Json invitation = RequestVector("invitation_with_a_guest.json");
  invitation["isi"]["id_episode"] = Episode(leg);
  invitation["isi"]["undangan_konferensi_kasus"]["undangan"][0]["alamat"] = kSilent;
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", invitation)), "kepada");
  Json minutes = RequestVector("minutes_with_a_task.json");
  minutes["isi"]["id_episode"] = Episode(leg);
  minutes["isi"]["notula"]["tugas"][0]["penanggung_jawab"] = kSilent;
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", minutes)),
            "isi.notula.tugas[0].penanggung_jawab");
}

TEST_F(SilenceTest, PutOnTheListLaterItGetsNothingMoreButIsAskedToForget) {
  const std::string before = Refer(police_, To(HighRisk(), kSilent));
  Carry(police_, {&home_});
  Do(home_, before, "accept", Acceptance());
  Refer(police_, Referral());
  Carry(home_, {&police_});
  for (const auto& submission : police_.TakeOutbox()) {  // the second stage was not released
    EXPECT_NE(HeaderOf(submission).kind(), v1::Kind::RINCIAN);
  }
  const Json alert = {
      {"jenis", "BAHAYA"}, {"terakhir_terlihat", "kemendagri:18.02"}, {"tindakan_diminta", "cari"}};
  EXPECT_EQ(FieldOf(Step(police_, before, "alert", alert)), "kepada");
  const Json request = {{"alasan", "pindah"}, {"pengasuhan", "pada ibunya"}};
  EXPECT_EQ(Step(police_, before, "request-cancel", request).status, 202);
}

TEST_F(SilenceTest, NothingOfTheListIsReadableInTheDatabase) {
  Refer(police_, Referral());
  for (const char* name : {"agent.db", "agent.db-wal"}) {
    std::ifstream file(police_.scratch_.file(name), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(bytes.find("ipar yang bekerja"), std::string::npos) << name;
  }
}

// I6 over whole histories: a seeded choice of what the police unit tries next, to whom.
TEST_F(SilenceTest, WhateverIsTriedNothingOfTheEpisodeEverLeavesForIt) {
  const std::string leg = Refer(police_, Referral());
  uint32_t seed = 1;
  const auto next = [&seed](uint32_t below) {
    seed = seed * 1'664'525U + 1'013'904'223U;
    return (seed >> 16) % below;
  };
  const std::vector<std::string> to = {kSilent, office_.config_.address};
  for (int i = 0; i < 60; ++i) {
    Json body;
    switch (next(4)) {
      case 0:
        body = HighRisk();
        break;
      case 1:
        body = RequestVector("minutes_with_a_task.json");
        break;
      case 2:
        body = Referral();
        break;
      default:
        body = Emergency();
    }
    body["isi"]["id_episode"] = Episode(leg);
    body["kepada"] = to[next(2)];
    Post(police_, "/v1/messages", body);
  }
  const auto rows = police_.store_->Read(
      [](Tables& tables) { return tables.List({.outgoing = true, .after = 0, .max = 200}); });
  ASSERT_GT(rows->size(), 10U);
  for (const auto& row : *rows) {
    v1::Header header;
    header.ParseFromString(row.header);
    for (const auto& list : {header.to(), header.escalate_to()}) {
      EXPECT_EQ(std::count(list.begin(), list.end(), kSilent), 0) << v1::Kind::Code_Name(row.kind);
    }
  }
}

TEST_F(SilenceTest, ANameInWordsCountsToo) {
  Silence silence;
  silence.words = {"lks.18.02.001"};
  EXPECT_TRUE(*MustNotKnow(silence, police_.store_->directory(), kSilent));
  EXPECT_FALSE(*MustNotKnow(silence, police_.store_->directory(), office_.config_.address));
}

}  // namespace
}  // namespace rujukan::agency
