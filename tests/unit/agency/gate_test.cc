// Goal: what the policy forbids is refused before it is queued, by name, with what to do; urgency
// opens no deny rule; without a policy nothing changes.
// Method: the default policy in a real directory, and requests to the API.
#include "agents/agency/gate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "agents/agency/gate_facts.h"
#include "ledger/policy_text.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

Json Vector(const std::string& name) {
  std::ifstream file(std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/valid/" + name);
  return Json::parse(file)["request"];
}

class GateTest : public ::testing::Test {
 protected:
  GateTest() : police_(world_, "uppa.18.01"), office_(world_, "dinsos.18") {
    police_.FollowDirectory();
  }
  void PutPolicyInForce() {
    v1::Act act;
    act.mutable_set_policy()->set_document(std::string(ledger::DefaultPolicyText()));
    act.mutable_set_policy()->set_version(1);
    Record(act);
  }
  void Record(const v1::Act& act) {
    world_.Append(world_.ActEntry(act));
    police_.FollowDirectory();
  }
  Json Referral(const std::string& kind) {
    Json body = Vector("referral_without_t2.json");
    body["kepada"] = office_.config_.address;
    body["isi"]["rujukan"]["jenis_rujukan"] = kind;
    return body;
  }
  ApiReply Post(const Json& body) { return police_.Call("POST", "/v1/messages", body.dump()); }
  static Json Read(const ApiReply& reply) { return Json::parse(reply.body); }

  testing::World world_;
  Party police_;
  Party office_;
};

TEST_F(GateTest, WithoutAPolicyEverythingIsAsBefore) {
  EXPECT_EQ(Post(Referral("PELIMPAHAN_KASUS")).status, 202);
}

TEST_F(GateTest, WhatARuleAllowsIsQueuedAndWhatNoneAllowsNeedsTheSupervisor) {
  PutPolicyInForce();
  EXPECT_EQ(Post(Referral("RUJUKAN_LAYANAN")).status, 202);
  const auto reply = Post(Referral("PELIMPAHAN_KASUS"));
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(reply.content_type, "application/problem+json");
  const Json problem = Read(reply);
  EXPECT_EQ(problem["rule"], "P0");
  EXPECT_EQ(problem["effect"], "supervisor");
  EXPECT_EQ(problem["policy_version"], 1);
  EXPECT_NE(problem["detail"].get<std::string>().find("pengawas"), std::string::npos);
  EXPECT_EQ(police_.TakeOutbox().size(), 1U);  // the first only
}

TEST_F(GateTest, ASupervisorsPermitLetsItPassUntilItExpires) {
  PutPolicyInForce();
  v1::Act act;
  act.mutable_permit()->set_from(police_.config_.address);
  act.mutable_permit()->set_to(office_.config_.address);
  act.mutable_permit()->set_expires_at_ms(world_.now() + 60'000);
  Record(act);
  EXPECT_EQ(Post(Referral("PELIMPAHAN_KASUS")).status, 202);
  world_.Advance(60'000);
  EXPECT_EQ(Post(Referral("PELIMPAHAN_KASUS")).status, 422);
}

TEST_F(GateTest, WhoMustNotBeToldIsNotToldHoweverUrgentItIs) {
  PutPolicyInForce();
  Json body = Vector("referral_with_held_t2.json");  // an emergency
  body["kepada"] = office_.config_.address;
  ASSERT_EQ(Post(body).status, 202);
  body["isi"]["rujukan"]["t1"]["jangan_beritahu"] = {
      {{"siapa", "staf " + office_.config_.address}, {"alasan", "TAKUT_BAHAYA"}}};
  const auto reply = Post(body);
  EXPECT_EQ(reply.status, 422);
  EXPECT_EQ(Read(reply)["rule"], "D2");
  EXPECT_EQ(Read(reply)["effect"], "denied");
  EXPECT_EQ(Read(reply)["detail"].get<std::string>().find("aturan / rule D2: Penerima"), 0U);
}

TEST_F(GateTest, ASuspendedRecipientIsDeniedByRule) {
  PutPolicyInForce();
  v1::Act act;
  act.mutable_suspend()->set_address(office_.config_.address);
  Record(act);
  EXPECT_EQ(Read(Post(Referral("RUJUKAN_LAYANAN")))["rule"], "D1");
}

TEST_F(GateTest, ATopSecretMessageNeedsARecipientWithClearance) {
  PutPolicyInForce();
  Json body = Referral("RUJUKAN_LAYANAN");
  body["klasifikasi"] = "SR";
  EXPECT_EQ(Read(Post(body))["rule"], "D5");
  v1::Act act;
  act.mutable_set_standing()->set_address(office_.config_.address);
  act.mutable_set_standing()->mutable_standing()->set_izin_sangat_rahasia(true);
  Record(act);
  EXPECT_EQ(Post(body).status, 202);
}

TEST_F(GateTest, AnEndedKeyIsDeniedBeforeAnythingIsSealedToIt) {
  PutPolicyInForce();
  world_.Advance(366LL * 24 * 3600 * 1000);
  EXPECT_EQ(Read(Post(Referral("RUJUKAN_LAYANAN")))["rule"], "D9");
}

TEST_F(GateTest, WhatWasQueuedUnderAKeyIsAnsweredAsThenWhenThePolicyChanges) {
  Json body = Referral("PELIMPAHAN_KASUS");
  body["kunci_idempoten"] = "kunci-1";
  EXPECT_EQ(Post(body).status, 202);
  PutPolicyInForce();
  EXPECT_EQ(Post(body).status, 200);
}

TEST_F(GateTest, TheQuestionCanBeAskedBeforeAnythingIsWritten) {
  EXPECT_EQ(police_.api_->Handle({"GET", "/v1/policy/test", {{"to", "x"}, {"kind", "RUJUKAN"}}, ""})
                .status,
            404);
  PutPolicyInForce();
  const auto ask = [&](const std::string& kind) {
    return police_.api_->Handle(
        {"GET", "/v1/policy/test", {{"to", office_.config_.address}, {"kind", kind}}, ""});
  };
  const Json allowed = Read(ask("RUJUKAN_LAYANAN"));
  EXPECT_TRUE(allowed["allowed"].get<bool>());
  EXPECT_EQ(allowed["rule"], "A17");
  EXPECT_TRUE(allowed["rules"].back()["decides"].get<bool>());
  EXPECT_FALSE(Read(ask("PELIMPAHAN_KASUS"))["allowed"].get<bool>());
  const auto unknown = ask("RUJUK");
  EXPECT_EQ(unknown.status, 422);
  EXPECT_NE(unknown.body.find("LAPORAN_AWAL"), std::string::npos);
}

// --- Facts of the content ---

class GateFactsTest : public ::testing::Test {
 protected:
  GateFactsTest() {
    home_.set_address("lksa.18.07.004@lampung.example");
    home_.set_official_name("LKSA Kasih  Bunda (CONTOH)");
    profile_.add_nama_alternatif("Panti Kasih Bunda");
    intent_.content = &content_;
  }
  ledger::ContentFacts Facts() { return FactsOf(intent_, home_, profile_); }
  v1::Referral& referral() { return *content_.mutable_rujukan(); }

  v1::AgencyRecord home_;
  v1::AgencyProfile profile_;
  v1::Content content_;
  Intent intent_;
};

TEST_F(GateFactsTest, AnAgencyIsMeantByItsAddressOrAnyOfItsNamesInWords) {
  const struct {
    const char* siapa;
    bool means;
  } cases[] = {
      {"lksa.18.07.004@lampung.example", true},
      {"lksa.18.07.004", true},
      {"pengurus panti kasih bunda di kota", true},
      {"LKSA KASIH BUNDA (contoh)", true},
      {"ayah tiri", false},
      {"lksa", false},
      {"", false},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(MeansAgency(one.siapa, home_, profile_), one.means) << one.siapa;
  }
}

TEST_F(GateFactsTest, ASuspectAmongTheCaregiversCountsAlsoInWhatIsHeldBack) {
  referral().mutable_t1()->add_dasar_pemrosesan();
  EXPECT_FALSE(*Facts().target_must_not_know);
  EXPECT_FALSE(*Facts().no_basis);
  v1::StageTwo held;
  auto* person = held.add_pengasuh();
  person->set_nama("pengasuh, Panti Kasih Bunda");
  intent_.held = &held;
  EXPECT_FALSE(*Facts().target_must_not_know);
  person->set_terduga_pelaku(true);
  EXPECT_TRUE(*Facts().target_must_not_know);
}

TEST_F(GateFactsTest, APlacementInAHomeNeedsADecisionExceptInAnEmergency) {
  referral().set_jenis_rujukan(v1::ReferralType::PENITIPAN);
  EXPECT_TRUE(*Facts().no_basis);
  EXPECT_TRUE(*Facts().placement_without_gatekeeping);
  intent_.emergency = true;
  EXPECT_FALSE(*Facts().placement_without_gatekeeping);
  intent_.emergency = false;
  auto& decision = *referral().mutable_t1()->mutable_keputusan_kepentingan_terbaik();
  decision.set_oleh("tim");
  decision.set_alasan("tidak ada kerabat");
  EXPECT_FALSE(*Facts().placement_without_gatekeeping);
  decision.clear_oleh();
  home_.set_address("rs.18.71.001@lampung.example");
  EXPECT_FALSE(*Facts().placement_without_gatekeeping);
}

TEST_F(GateFactsTest, WhatTheFormDoesNotHoldIsNotSeen) {
  EXPECT_FALSE(Facts().photo_of_child.has_value());
  intent_.content = nullptr;
  EXPECT_FALSE(Facts().no_basis.has_value());
}

}  // namespace
}  // namespace rujukan::agency
