// Goal: messages without a leg go exactly to whom they may: complaints to supervisors, invitations
// to those invited, answers to who asked; minutes make tasks; no name goes to an expert. Method:
// parties over a ledger in memory.
#include "agents/agency/beside.h"

#include "agents/agency/escalation_targets.h"
#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class BesideTest : public Exchange {
 protected:
  BesideTest()
      : lpa_(world_, "lpa.18"),
        office_(world_, "dinsos.18.07"),
        province_(world_, "dinsos.18"),
        home_(world_, "lksa.18.07.004") {
    v1::AgencyStanding standing;
    standing.set_pengawas(office_.config_.address);
    Describe("lksa.18.07.004", standing);
    standing.set_pengawas(province_.config_.address);
    Describe("dinsos.18.07", standing);
    for (Party* party : {&lpa_, &office_, &province_, &home_}) {
      party->FollowDirectory();
    }
  }
  ApiReply Complain(const Json& to) {
    Json body = RequestVector("complaint.json");
    body["kepada"] = to;
    return Post(lpa_, "/v1/messages", body);
  }
  std::string Known() {
    Json body = HighRisk();
    body["kepada"] = province_.config_.address;
    Refer(lpa_, body);
    Carry(lpa_, {&province_});
    return body["isi"]["id_episode"];
  }

  Party lpa_;
  Party office_;
  Party province_;
  Party home_;
};

TEST_F(BesideTest, AComplaintGoesToTheSupervisorsAndNeverToTheAgency) {
  EXPECT_EQ(Complain({office_.config_.address, province_.config_.address}).status, 202);
  EXPECT_EQ(FieldOf(Complain({home_.config_.address})), "kepada");
  EXPECT_EQ(FieldOf(Complain({office_.config_.address, home_.config_.address})), "kepada");
  EXPECT_EQ(FieldOf(Complain({lpa_.config_.address})), "kepada");
}

TEST_F(BesideTest, AnAnonymousComplaintNamesNoOfficer) {
  Json body = RequestVector("complaint_anonymous.json");
  body["isi"]["petugas"] = {{"peran", "pendamping"}, {"nama", "Merak"}};
  const auto reply = Post(lpa_, "/v1/messages", body);
  ASSERT_EQ(reply.status, 202) << reply.body;
  const Json sent =
      lpa_.Get("/v1/messages/" + Json::parse(reply.body)["message_id"].get<std::string>());
  EXPECT_EQ(sent.dump().find("Merak"), std::string::npos);
}

TEST_F(BesideTest, AnAnswerToAComplaintGoesToWhoComplained) {
  const auto reply = Complain({office_.config_.address});
  const std::string id = Json::parse(reply.body)["message_id"];
  Carry(lpa_, {&office_});
  Json answer = {
      {"pesan", id},
      {"isi",
       {{"petugas", {{"peran", "p"}, {"nama", "n"}}}, {"tanggapan", {{"isi", "diperiksa"}}}}}};
  Json elsewhere = answer;
  elsewhere["kepada"] = home_.config_.address;
  EXPECT_EQ(FieldOf(Post(office_, "/v1/messages", elsewhere)), "kepada");
  EXPECT_EQ(Post(office_, "/v1/messages", answer).status, 202);
  const auto header = HeaderOf(office_.TakeOutbox().at(0));
  EXPECT_EQ(header.to(0), lpa_.config_.address);
  EXPECT_EQ(header.cause(), *ParseUuid(id));
}

TEST_F(BesideTest, AnInvitationGoesToExactlyTheAgenciesInvited) {
  Json body = RequestVector("invitation_with_a_guest.json");
  body["isi"]["id_episode"] = Known();
  EXPECT_EQ(Post(lpa_, "/v1/messages", body).status, 202);
  const auto header = HeaderOf(lpa_.TakeOutbox().at(0));
  ASSERT_EQ(header.to_size(), 1);  // the guest gets nothing
  EXPECT_EQ(header.to(0), province_.config_.address);
  body["kepada"] = office_.config_.address;
  EXPECT_EQ(FieldOf(Post(lpa_, "/v1/messages", body)), "kepada");
}

TEST_F(BesideTest, AConferenceIsAboutAnEpisodeOfThisAgency) {
  const Json body = RequestVector("invitation_with_a_guest.json");
  EXPECT_EQ(FieldOf(Post(lpa_, "/v1/messages", body)), "isi.id_episode");
}

TEST_F(BesideTest, ASecretConferenceInvitesOnlyWhoIsCleared) {
  Json body = RequestVector("invitation_with_a_guest.json");
  body["isi"]["id_episode"] = Known();
  body["isi"]["undangan_konferensi_kasus"]["sangat_rahasia"] = true;
  EXPECT_EQ(FieldOf(Post(lpa_, "/v1/messages", body)), "kepada");
}

TEST_F(BesideTest, MinutesMakeTasksOfWhoeverHasThem) {
  Json body = RequestVector("minutes_with_a_task.json");
  body["isi"]["id_episode"] = Known();
  Json own = body["isi"]["notula"]["tugas"][0];
  own["penanggung_jawab"] = lpa_.config_.address;
  body["isi"]["notula"]["tugas"].push_back(own);
  const auto reply = Post(lpa_, "/v1/messages", body);
  ASSERT_EQ(reply.status, 202) << reply.body;
  Carry(lpa_, {&province_});
  const Json theirs = province_.Get("/v1/tasks")["tasks"];
  ASSERT_EQ(theirs.size(), 1U);
  EXPECT_EQ(theirs[0]["nomor"], 0);
  EXPECT_TRUE(theirs[0]["selesai"].is_null());
  const Json ours = lpa_.Get("/v1/tasks")["tasks"];
  ASSERT_EQ(ours.size(), 1U);
  EXPECT_EQ(ours[0]["nomor"], 1);
  const std::string done = "/v1/tasks/" + theirs[0]["notula"].get<std::string>() + "/done";
  EXPECT_EQ(FieldOf(Post(province_, done, Json::object())), "nomor");
  EXPECT_EQ(Post(province_, done, {{"nomor", 0}}).status, 200);
  EXPECT_FALSE(province_.Get("/v1/tasks")["tasks"][0]["selesai"].is_null());
  EXPECT_EQ(Post(office_, done, {{"nomor", 0}}).status, 404);
}

TEST_F(BesideTest, WhoeverHasATaskGetsTheMinutes) {
  Json body = RequestVector("minutes_with_a_task.json");
  body["isi"]["id_episode"] = Known();
  body["isi"]["notula"]["tugas"][0]["penanggung_jawab"] = office_.config_.address;
  EXPECT_EQ(FieldOf(Post(lpa_, "/v1/messages", body)), "isi.notula.tugas[0].penanggung_jawab");
}

TEST_F(BesideTest, NoNameOfAChildGoesToAnExpert) {
  Json referral = RequestVector("referral_with_held_t2.json");
  referral["kepada"] = province_.config_.address;
  Refer(lpa_, referral);
  Json body = RequestVector("question_to_an_expert.json");
  body["kepada"] = office_.config_.address;
  EXPECT_EQ(Post(lpa_, "/v1/messages", body).status, 202);
  body["isi"]["konsultasi_ahli"]["pertanyaan"] = "Apakah MELATI perlu dirawat?";
  EXPECT_EQ(FieldOf(Post(lpa_, "/v1/messages", body)), "isi.konsultasi_ahli.pertanyaan");
}

TEST_F(BesideTest, SupervisorsAreNamedNearestFirst) {
  const auto chain = SupervisorsOf(lpa_.store_->directory(), home_.config_.address);
  ASSERT_TRUE(chain.has_value());
  ASSERT_GE(chain->size(), 2U);
  EXPECT_EQ((*chain)[0], office_.config_.address);
  EXPECT_EQ((*chain)[1], province_.config_.address);
}

}  // namespace
}  // namespace rujukan::agency
