// Goal: a record is edited only by what the code lists allow, signed by this agency, and answered
// when it is an entry or refused with the broker's reason.
// Method: the API with a link thread that the test plays on the real fold.
#include <gtest/gtest.h>

#include "agents/agency/profile_check.h"
#include "base/limits.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

class DirectoryEditTest : public ::testing::Test {
 protected:
  DirectoryEditTest() : office_(world_, "dinsos.18"), other_(world_, "dinsos.31") {
    office_.FollowDirectory();
    office_.woken_ = [this] { Carry(); };
  }
  // What was handed in becomes entries, as far as the fold lets it.
  void Carry() {
    const auto submissions = *office_.acts_.TakeNew(office_.identity(), world_.now());
    for (const auto& submission : submissions) {
      v1::ClientFrame frame;
      frame.ParseFromString(submission.frame);
      v1::Entry entry;
      entry.mutable_act()->set_act(frame.act().act());
      *entry.mutable_act()->mutable_signature() = frame.act().signature();
      const auto refused = world_.Try(entry);
      if (refused) {
        link::Refusal refusal;
        refusal.kind = submission.kind;
        refusal.subject = submission.subject;
        refusal.reason = refused->reason;
        refusal.final = true;
        office_.acts_.TakeRefusal(refusal);
        continue;
      }
      office_.acts_.TakeReceipt(
          {submission.kind, submission.subject, office_.ProvenAt(world_.size() - 1)});
    }
    office_.FollowDirectory();
  }
  ApiReply Put(const std::string& address, const Json& body) {
    return office_.Call("PUT", "/v1/directory/" + address, body.dump());
  }
  static Json Profile() {
    return Json::parse(R"({"layanan":[{"kode":"PENAMPUNGAN_SEMENTARA","usia_max":17}],
      "wilayah_kerja":["kemendagri:18"],"kontak_24jam":"+62-000-555-0104",
      "kapasitas":{"status":"TERBATAS","tempat_tidur":[{"jumlah":12,"terisi":10}]}})");
  }

  testing::World world_;
  Party office_;
  Party other_;
};

TEST_F(DirectoryEditTest, OurOwnProfileIsSignedRecordedAndShown) {
  const auto reply = Put(office_.config_.address, {{"profile", Profile()}});
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(Json::parse(reply.body)["entries"][0], world_.size() - 1);
  const Json record = office_.Get("/v1/directory/" + office_.config_.address);
  EXPECT_EQ(record["profile_edited"]["by"], office_.config_.address);
  EXPECT_EQ(record["capacity"]["status"], "TERBATAS");
  EXPECT_EQ(record["capacity"]["beds"][0]["jumlah"], 12);
}

TEST_F(DirectoryEditTest, WhatIsShownCanBeEditedAndPutBack) {
  ASSERT_EQ(Put(office_.config_.address, {{"profile", Profile()}}).status, 200);
  Json profile = office_.Get("/v1/directory/" + office_.config_.address)["profile"];
  profile["kontak_24jam"] = "+62-000-555-0105";
  ASSERT_EQ(Put(office_.config_.address, {{"profile", profile}}).status, 200);
  EXPECT_EQ(office_.Get("/v1/directory/" + office_.config_.address)["profile"]["kontak_24jam"],
            "+62-000-555-0105");
}

TEST_F(DirectoryEditTest, AnothersRecordIsRefusedByTheLedgerWithTheReason) {
  const auto reply = Put(other_.config_.address, {{"profile", Profile()}});
  EXPECT_EQ(reply.status, 403);
  EXPECT_NE(reply.body.find("NO_RIGHT"), std::string::npos);
}

TEST_F(DirectoryEditTest, AStewardSetsTheStandingOfItsAgency) {
  v1::Act act;
  act.mutable_set_standing()->set_address(other_.config_.address);
  act.mutable_set_standing()->set_steward(office_.config_.address);
  world_.Append(world_.ActEntry(act));
  office_.FollowDirectory();
  const Json body = {{"standing", {{"pengawas", "dinsos.18@lampung.example"}}}};
  EXPECT_EQ(Put(other_.config_.address, body).status, 200);
  EXPECT_EQ(office_.Get("/v1/directory/" + other_.config_.address)["standing"]["pengawas"],
            "dinsos.18@lampung.example");
}

TEST_F(DirectoryEditTest, WhatTheCodeListsDoNotHaveIsNamedByField) {
  const struct {
    const char* patch;
    const char* field;
  } cases[] = {
      {R"({"layanan":[{"kode":"TERBANG"}]})", "profile.layanan[0].kode"},
      {R"({"layanan":[{"kode":"KESEHATAN","usia_min":9,"usia_max":8}]})", "usia_max"},
      {R"({"layanan":[{"kode":"KESEHATAN"}],"kontak_24jam":""})", "profile.kontak_24jam"},
      {R"({"wilayah_kerja":["3172"]})", "profile.wilayah_kerja[0]"},
      {R"({"kapasitas":{"status":"TERSEDIA","tempat_tidur":[{"jumlah":1,"terisi":2}]}})",
       "profile.kapasitas.tempat_tidur[0].terisi"},
      {R"({"zona_waktu":"GMT"})", "profile.zona_waktu"},
      {R"({"bukan_bidang":1})", "profile.bukan_bidang"},
  };
  for (const auto& one : cases) {
    Json profile = Profile();
    profile.update(Json::parse(one.patch));
    const auto reply = Put(office_.config_.address, {{"profile", profile}});
    EXPECT_EQ(reply.status, 422) << one.patch;
    EXPECT_NE(reply.body.find(one.field), std::string::npos) << reply.body;
  }
  EXPECT_EQ(Put(office_.config_.address, Json::object()).status, 422);
  EXPECT_EQ(Put(office_.config_.address, {{"profil", 1}}).status, 422);
}

TEST_F(DirectoryEditTest, CapacityIsTrueForADayAtTheMost) {
  v1::AgencyProfile profile;
  profile.mutable_kapasitas()->set_status(v1::CapacityStatus::PENUH);
  profile.mutable_kapasitas()->set_berlaku_sampai_ms(1'000 + limits::kCapacityLifeMsMax);
  EXPECT_TRUE(ValidateProfile(profile, 1'000).empty());
  EXPECT_EQ(ValidateProfile(profile, 999).size(), 1U);
  profile.mutable_kapasitas()->clear_berlaku_sampai_ms();
  FillCapacityTimes(profile, 1'000);
  EXPECT_TRUE(ValidateProfile(profile, 1'000).empty());
  EXPECT_EQ(profile.kapasitas().diperbarui_ms(), 1'000);
}

TEST_F(DirectoryEditTest, AStandingIsCheckedToo) {
  v1::AgencyStanding standing;
  standing.set_pengawas("kepala dinas");
  standing.set_tgl_verifikasi("2026-02-30");
  standing.add_perjanjian();
  EXPECT_EQ(ValidateStanding(standing).size(), 3U);
}

TEST_F(DirectoryEditTest, WithoutAnAnswerNothingIsPromisedAndTheDeskIsFreeAgain) {
  ActDesk desk;
  for (size_t i = 0; i < kActsWaitingMax; ++i) {
    ASSERT_TRUE(desk.HandIn(v1::Act()).has_value());
  }
  EXPECT_EQ(desk.HandIn(v1::Act()).error().code, Errc::kLimit);
  const auto outcome = desk.Await(1, 1);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, Errc::kUnavailable);
  EXPECT_TRUE(desk.HandIn(v1::Act()).has_value());
}

}  // namespace
}  // namespace rujukan::agency
