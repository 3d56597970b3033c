// Goal: an officer writes to whoever does the work in a place; it goes to the nearest open office,
// to the one that stands in for it where there is none, and the answer says to whom.
// Method: a real directory; the API of a party that follows it.
#include "agents/agency/role_address.h"

#include <gtest/gtest.h>

#include "tests/unit/agency/exchange.h"

namespace rujukan::agency {
namespace {

class RoleAddressTest : public Exchange {
 protected:
  RoleAddressTest() : police_(world_, "uppa.18.13") {
    for (const char* name : {"uptdppa.18",
                             "uptdppa.18.01",
                             "uptdppa.18.02",
                             "dpppa.18.13",
                             "dinsos.18.13",
                             "dinsos.18",
                             "dinsos.18.01",
                             "kemensos.00"}) {
      world_.AddAgency(name);
    }
    police_.FollowDirectory();
  }

  std::string Resolve(const std::string& text, const std::string& without = "-") {
    const auto role = RoleAddress::Parse(text);
    EXPECT_TRUE(role.has_value()) << text;
    const auto found = ResolveRole(
        police_.store_->directory(),
        *role,
        [&](const std::string& address) -> Result<bool> { return address.starts_with(without); },
        world_.now());
    return found ? found->substr(0, found->find('@')) : found.error().context;
  }
  void Apply(v1::Act act) {
    world_.Append(world_.ActEntry(std::move(act)));
    police_.FollowDirectory();
  }
  void Suspend(const std::string& name) {
    v1::Act act;
    act.mutable_suspend()->set_address(testing::World::Address(name));
    act.mutable_suspend()->set_note("CONTOH");
    Apply(act);
  }
  void SayFull(const std::string& name) {
    v1::Act act;
    act.mutable_describe()->set_address(testing::World::Address(name));
    auto& capacity = *act.mutable_describe()->mutable_profile()->mutable_kapasitas();
    capacity.set_status(v1::CapacityStatus::PENUH);
    capacity.set_berlaku_sampai_ms(world_.now() + 3'600'000);
    Apply(act);
  }

  Party police_;
};

TEST_F(RoleAddressTest, TheOfficeOfThePlaceIsFirst) {
  EXPECT_EQ(Resolve("peran:uptdppa@18.02"), "uptdppa.18.02");
  EXPECT_EQ(Resolve("peran:dinsos@18.13"), "dinsos.18.13");
}

TEST_F(RoleAddressTest, WhereThereIsNoneTheOneThatStandsInForItThereIsThenTheProvinces) {
  EXPECT_EQ(Resolve("peran:uptdppa@18.13"), "dpppa.18.13");
  EXPECT_EQ(Resolve("peran:uptdppa@18.13", "dpppa"), "dinsos.18.13");
  EXPECT_EQ(Resolve("peran:uptdppa@18.71"), "uptdppa.18");
  EXPECT_EQ(Resolve("peran:dinsos@18.71", "dinsos.18"), "kemensos.00");
}

TEST_F(RoleAddressTest, AnOfficeInsideThePlaceDoesNotAnswerForAllOfIt) {
  EXPECT_EQ(Resolve("peran:dinsos@18", "dinsos.18@"), "kemensos.00");
}

TEST_F(RoleAddressTest, WhoIsSuspendedIsPassedOver) {
  Suspend("dpppa.18.13");
  EXPECT_EQ(Resolve("peran:uptdppa@18.13"), "dinsos.18.13");
}

TEST_F(RoleAddressTest, WhoIsFullIsPassedOverAsLongAsAnotherIsOpen) {
  SayFull("uptdppa.18.02");
  EXPECT_EQ(Resolve("peran:uptdppa@18.02"), "uptdppa.18");
  EXPECT_EQ(Resolve("peran:uptdppa@18.02", "uptdppa.18@"), "dinsos.18");
}

TEST_F(RoleAddressTest, WhereThereIsNobodyThePlaceIsNamed) {
  EXPECT_NE(Resolve("peran:rs@18.02").find("Lampung Tengah"), std::string::npos);
}

TEST_F(RoleAddressTest, ADistrictIsItsRegencys) {
  EXPECT_EQ(Resolve("peran:uptdppa@18.13.05"), "dpppa.18.13");
  EXPECT_EQ(Resolve("peran:uptdppa@18.02.01"), "uptdppa.18.02");
}

TEST_F(RoleAddressTest, WhoIsFullIsBetterThanNobody) {
  for (const char* name : {"dinsos.18.13", "dinsos.18", "kemensos.00"}) {
    SayFull(name);
  }
  EXPECT_EQ(Resolve("peran:dinsos@18.13"), "dinsos.18.13");
}

TEST_F(RoleAddressTest, WhatIsNoRoleSaysWhatToWrite) {
  for (const char* text : {"peran:", "peran:uptdppa", "peran:@18.02", "peran:UPTD@18.02"}) {
    const auto role = RoleAddress::Parse(text);
    ASSERT_FALSE(role.has_value()) << text;
    EXPECT_NE(role.error().context.find("peran:uptdppa@18.13"), std::string::npos) << text;
  }
  EXPECT_FALSE(RoleAddress::Parse("peran:uptdppa@99.99").has_value());
  EXPECT_FALSE(IsRoleAddress("dinsos.18@lampung.example"));
}

TEST_F(RoleAddressTest, AReferralToARoleGoesToTheOfficeFoundAndSaysSo) {
  Json body = HighRisk();
  body["kepada"] = "peran:uptdppa@18.13";
  body["kunci_idempoten"] = "sekali";
  const auto reply = Post(police_, "/v1/messages", body);
  ASSERT_EQ(reply.status, 202) << reply.body;
  EXPECT_EQ(Json::parse(reply.body)["to"], Json::array({testing::World::Address("dpppa.18.13")}));
  const auto again = Post(police_, "/v1/messages", body);
  EXPECT_EQ(again.status, 200) << "the same request is the same message: " << again.body;
  EXPECT_EQ(Json::parse(again.body)["to"], Json::parse(reply.body)["to"]);
  const auto sent = police_.TakeOutbox();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(HeaderOf(sent[0]).to(0), testing::World::Address("dpppa.18.13"));
}

TEST_F(RoleAddressTest, WhoMustNotKnowIsNeverTheOfficeFound) {
  Json body = HighRisk();
  body["kepada"] = "peran:uptdppa@18.13";
  body["isi"]["rujukan"]["t1"]["jangan_beritahu"] = {
      {{"siapa", "kepala bidang"},
       {"alasan", "TAKUT_BAHAYA"},
       {"alamat", {testing::World::Address("dpppa.18.13")}}}};
  const auto reply = Post(police_, "/v1/messages", body);
  ASSERT_EQ(reply.status, 202) << reply.body;
  EXPECT_EQ(Json::parse(reply.body)["to"][0], testing::World::Address("dinsos.18.13"));
}

TEST_F(RoleAddressTest, ARoleNobodyHasIsToldByItsField) {
  Json body = HighRisk();
  body["kepada"] = "peran:lpsk@18.13";
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)), "kepada");
  body["kepada"] = "peran:lpsk";
  EXPECT_EQ(FieldOf(Post(police_, "/v1/messages", body)), "kepada");
}

}  // namespace
}  // namespace rujukan::agency
