// Goal: an officer finds who can help, nearest first, with or without a daemon; what does not fit
// says why; a region without its scheme is refused in both readings.
// Method: agencies with profiles in a real directory.
#include "agents/agency/directory_search.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "agents/agency/directory_copy.h"
#include "agents/agency/directory_json.h"
#include "tests/unit/agency/party.h"

namespace rujukan::agency {
namespace {

class DirectorySearchTest : public ::testing::Test {
 protected:
  DirectorySearchTest() : police_(world_, "uppa.18.01") {
    for (const char* name :
         {"dinsos.18.71", "dinsos.18", "lksa.18.08.001", "sentra", "dinsos.31"}) {
      world_.AddAgency(name);
    }
    Describe("dinsos.18.71", Offering(v1::Service::PENAMPUNGAN_SEMENTARA));
    Describe("dinsos.18", Offering(v1::Service::PENAMPUNGAN_SEMENTARA));
    auto home = Offering(v1::Service::PENAMPUNGAN_SEMENTARA);
    home.add_wilayah_kerja("kemendagri:18.71");
    Describe("lksa.18.08.001", home);
    police_.FollowDirectory();
  }

  static v1::AgencyProfile Offering(v1::Service::Code service) {
    v1::AgencyProfile profile;
    profile.add_layanan()->set_kode(service);
    profile.set_kontak_24jam("+62-000-555-0103");
    return profile;
  }
  void Describe(const std::string& name, const v1::AgencyProfile& profile) {
    v1::Act act;
    act.mutable_describe()->set_address(testing::World::Address(name));
    *act.mutable_describe()->mutable_profile() = profile;
    world_.Append(world_.ActEntry(act));
  }
  std::vector<DirectoryHit> Search(const std::map<std::string, std::string>& options) {
    Findings findings;
    const auto query = ReadDirectoryQuery(options, findings);
    EXPECT_TRUE(findings.empty()) << findings.front().message;
    return *SearchDirectory(police_.store_->directory(), query, world_.now());
  }
  static std::vector<std::string> NamesOf(const std::vector<DirectoryHit>& hits) {
    std::vector<std::string> names;
    for (const auto& hit : hits) {
      names.push_back(hit.agency.address().substr(0, hit.agency.address().find('@')));
    }
    return names;
  }
  using Names = std::vector<std::string>;

  testing::World world_;
  Party police_;
};

TEST_F(DirectorySearchTest, ExactComesBeforeCatchmentBeforeProvince) {
  const auto hits = Search({{"service", "PENAMPUNGAN_SEMENTARA"}, {"region", "kemendagri:18.71"}});
  EXPECT_EQ(NamesOf(hits), (Names{"dinsos.18.71", "lksa.18.08.001", "dinsos.18"}));
  EXPECT_EQ(hits.at(0).nearness, Nearness::kExact);
  EXPECT_EQ(hits.at(1).nearness, Nearness::kCatchment);
  EXPECT_EQ(hits.at(2).nearness, Nearness::kProvince);
}

TEST_F(DirectorySearchTest, TypeAndWordsNarrowIt) {
  EXPECT_EQ(NamesOf(Search({{"type", "dinsos"}})),
            (Names{"dinsos.18.71", "dinsos.18", "dinsos.31"}));
  EXPECT_EQ(NamesOf(Search({{"text", "LKSA contoh"}})), (Names{"lksa.18.08.001"}));
  EXPECT_TRUE(Search({{"text", "lksa sekolah"}}).empty());
  EXPECT_TRUE(Search({{"service", "VISUM"}}).empty());
}

TEST_F(DirectorySearchTest, WhatDoesNotFitTheChildIsShownWithTheReasonAndLeftOutWhenAskedFor) {
  auto profile = Offering(v1::Service::PENAMPUNGAN_SEMENTARA);
  auto& offer = *profile.mutable_layanan(0);
  offer.set_usia_min(6);
  offer.set_usia_max(12);
  offer.add_jenis_kelamin(v1::Sex::L);
  offer.add_kategori_dikecualikan(v1::AmpkCategory::H);
  Describe("dinsos.18.71", profile);
  police_.FollowDirectory();
  const std::map<std::string, std::string> fits = {
      {"type", "dinsos"}, {"region", "kemendagri:18.71"}, {"age", "12"}, {"sex", "L"}};
  EXPECT_TRUE(Search(fits).at(0).why_not.empty());
  const struct {
    const char* option;
    const char* value;
  } cases[] = {{"age", "13"}, {"age", "5"}, {"sex", "P"}, {"category", "H"}};
  for (const auto& one : cases) {
    auto options = fits;
    options[one.option] = one.value;
    EXPECT_EQ(Search(options).at(0).why_not.size(), 1U) << one.option << one.value;
    options["available"] = "1";
    EXPECT_EQ(NamesOf(Search(options)), Names{"dinsos.18"}) << one.option << one.value;
  }
}

TEST_F(DirectorySearchTest, CapacityCountsForAsLongAsItIsTrue) {
  auto profile = Offering(v1::Service::PENAMPUNGAN_SEMENTARA);
  profile.mutable_kapasitas()->set_status(v1::CapacityStatus::PENUH);
  profile.mutable_kapasitas()->set_berlaku_sampai_ms(world_.now() + 1000);
  Describe("dinsos.18.71", profile);
  police_.FollowDirectory();
  EXPECT_EQ(Search({{"text", "18.71"}}).at(0).why_not, Names{"penuh / full"});
  world_.Advance(1000);
  const auto hit = Search({{"text", "18.71"}}).at(0);
  EXPECT_TRUE(hit.why_not.empty());
  EXPECT_EQ(CapacityAt(hit.profile->profile(), world_.now()), v1::CapacityStatus::UNSPECIFIED);
}

TEST_F(DirectorySearchTest, ASuspendedAgencyIsShownAsSuch) {
  v1::Act act;
  act.mutable_suspend()->set_address(testing::World::Address("dinsos.18.71"));
  world_.Append(world_.ActEntry(act));
  police_.FollowDirectory();
  EXPECT_EQ(Search({{"text", "18.71"}}).at(0).why_not, Names{"dibekukan / suspended"});
}

TEST_F(DirectorySearchTest, ARegionWithoutItsSchemeIsRefusedInBothReadings) {
  Findings findings;
  ReadDirectoryQuery({{"region", "3172"}, {"service", "X"}, {"age", "99"}}, findings);
  ASSERT_EQ(findings.size(), 3U);
  const auto region = std::find_if(
      findings.begin(), findings.end(), [](const Finding& f) { return f.field == "region"; });
  ASSERT_NE(region, findings.end());
  EXPECT_NE(region->message.find("Jakarta Utara"), std::string::npos);
  EXPECT_NE(region->message.find("Jakarta Timur"), std::string::npos);
}

TEST_F(DirectorySearchTest, WithoutADaemonTheCopyGivesTheSameAnswer) {
  const auto copy = DirectoryCopy::Open(police_.scratch_.file("agent.db"));
  ASSERT_TRUE(copy.has_value()) << copy.error().context;
  Findings findings;
  const std::map<std::string, std::string> options = {{"region", "kemendagri:18.71"}};
  const auto offline = SearchJson(**copy, options, world_.now(), findings);
  const ApiRequest request{"GET", "/v1/directory", options, ""};
  EXPECT_EQ(*offline, Json::parse(police_.api_->Handle(request).body));
  EXPECT_EQ((*offline)["agencies"].size(), 3U);
}

TEST_F(DirectorySearchTest, AHomeThatNeverRanSaysSo) {
  const auto copy = DirectoryCopy::Open(police_.scratch_.file("none.db"));
  ASSERT_FALSE(copy.has_value());
  EXPECT_EQ(copy.error().code, Errc::kNotFound);
}

TEST_F(DirectorySearchTest, TheWholeRecordNamesItsEditorAndTheEndsOfItsKeys) {
  const Json record = police_.Get("/v1/directory/" + testing::World::Address("dinsos.18.71"));
  EXPECT_EQ(record["profile"]["layanan"][0]["kode"], "PENAMPUNGAN_SEMENTARA");
  EXPECT_EQ(record["profile_edited"]["by"], world_.admin().address);
  EXPECT_TRUE(record["profile_edited"]["entry"].is_number());
  EXPECT_FALSE(record["signing_certificate"]["not_after"].is_null());
  EXPECT_EQ(police_.Call("GET", "/v1/directory/x@y.example").status, 404);
}

TEST_F(DirectorySearchTest, TwoAgenciesReadTheSameDigitsUntilOneIsBehind) {
  Party office(world_, "rs.18.01.001");
  office.FollowDirectory();
  EXPECT_NE(office.Get("/v1/directory/root")["root"], police_.Get("/v1/directory/root")["root"]);
  police_.FollowDirectory();
  const Json root = police_.Get("/v1/directory/root");
  EXPECT_EQ(office.Get("/v1/directory/root")["root"], root["root"]);
  EXPECT_EQ(root["root"].get<std::string>().size(), 14U);  // "4821 0937 5562"
}

}  // namespace
}  // namespace rujukan::agency
