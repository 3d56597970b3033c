// Goal: a region code names one place only, and what could name two is refused with both names.
// Method: the embedded table itself (counts, every row there and back), the collisions of the two
// schemes that cost most, the places that the split of Papua renumbered, and refusals word by word.
#include "base/region.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace rujukan {
namespace {

RegionCode Code(std::string_view text) {
  auto code = RegionCode::Parse(text);
  EXPECT_TRUE(code) << text << ": " << code.error().context;
  return *code;
}

std::string Refusal(std::string_view text) {
  const auto code = RegionCode::Parse(text);
  if (code) {
    return "accepted as " + code->text();
  }
  EXPECT_EQ(code.error().code, Errc::kInvalid) << text;
  return code.error().context;
}

TEST(Regions, ThereAre38ProvincesAnd514KabupatenAndKota) {
  const auto all = AllRegions();
  const auto provinces = std::count_if(
      all.begin(), all.end(), [](const Region& region) { return region.code.size() == 2; });
  const auto cities = std::count_if(all.begin(), all.end(), [](const Region& region) {
    return region.code.size() == 5 && region.code[3] >= '7';
  });
  EXPECT_EQ(provinces, 38);
  EXPECT_EQ(all.size(), 38U + 514U);
  EXPECT_EQ(cities, 98);
}

TEST(Regions, EveryRowParsesAndIsFoundByEachOfItsCodes) {
  for (const Region& region : AllRegions()) {
    const RegionCode code = Code("kemendagri:" + std::string(region.code));
    EXPECT_EQ(code.name(), region.name);
    EXPECT_TRUE(FindRegion(code.province())) << "its province: " << region.code;
    ASSERT_FALSE(region.bps.empty()) << region.code;
    for (std::string_view rest = region.bps; !rest.empty();) {
      const std::string_view one = rest.substr(0, rest.find(','));
      const auto found = FindByBps(one);
      ASSERT_TRUE(found) << one;
      EXPECT_EQ(found->code, region.code);
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
  }
}

TEST(Regions, NamesSayKabupatenOrKotaAsTheNumberDoes) {
  std::set<std::string_view> names;
  for (const Region& region : AllRegions()) {
    if (region.code.size() == 5) {
      EXPECT_EQ(region.name.starts_with("Kota "), region.code[3] >= '7') << region.code;
      EXPECT_EQ(region.name.starts_with("Kabupaten "), region.code[3] < '7') << region.code;
    }
    EXPECT_TRUE(names.insert(region.name).second) << region.name << " is there twice";
  }
}

TEST(Regions, TheSameDigitsNameDifferentPlacesInTheTwoSchemes) {
  EXPECT_EQ(FindRegion("18.01")->name, "Kabupaten Lampung Selatan");
  EXPECT_EQ(FindByBps("1801")->name, "Kabupaten Lampung Barat");
  EXPECT_EQ(FindRegion("18.03")->name, "Kabupaten Lampung Utara");
  EXPECT_EQ(FindByBps("1803")->name, "Kabupaten Lampung Selatan");
  EXPECT_EQ(FindRegion("31.72")->name, "Kota Administrasi Jakarta Utara");
  EXPECT_EQ(FindByBps("3172")->name, "Kota Administrasi Jakarta Timur");
  EXPECT_EQ(FindRegion("31.75")->name, "Kota Administrasi Jakarta Timur");
  EXPECT_EQ(FindByBps("3175")->name, "Kota Administrasi Jakarta Utara");
}

TEST(Regions, TheProvincesOfPapuaAreThoseSince2022) {
  EXPECT_EQ(FindRegion("91")->name, "Papua");
  EXPECT_EQ(FindRegion("92")->name, "Papua Barat");
  EXPECT_EQ(FindRegion("93")->name, "Papua Selatan");
  EXPECT_EQ(FindRegion("94")->name, "Papua Tengah");
  EXPECT_EQ(FindRegion("95")->name, "Papua Pegunungan");
  EXPECT_EQ(FindRegion("96")->name, "Papua Barat Daya");
  EXPECT_EQ(FindByBps("94")->code, "91");
  EXPECT_EQ(FindByBps("91")->code, "92");
}

TEST(Regions, APlaceRenumberedIn2022IsFoundByItsOldCodes) {
  EXPECT_EQ(FindByFormerCode("91.01")->code, "93.01") << "Merauke";
  EXPECT_EQ(FindByBps("9401")->code, "93.01");
  EXPECT_EQ(FindByBps("9501")->code, "93.01");
  EXPECT_FALSE(FindRegion("91.01"));
  for (const Region& region : AllRegions()) {
    EXPECT_TRUE(region.former.empty() || !FindRegion(region.former))
        << region.former << " names two places";
  }
}

TEST(RegionCode, HasALevelAProvinceAndANameAtEachDepth) {
  EXPECT_EQ(Code("kemendagri:00").level(), RegionLevel::kNational);
  EXPECT_EQ(Code("kemendagri:00").name(), "Nasional");
  EXPECT_EQ(Code("kemendagri:18").level(), RegionLevel::kProvince);
  EXPECT_EQ(Code("kemendagri:18.71").level(), RegionLevel::kRegency);
  EXPECT_EQ(Code("kemendagri:18.71.03").level(), RegionLevel::kDistrict);
  const RegionCode village = Code("kemendagri:18.71.03.1002");
  EXPECT_EQ(village.level(), RegionLevel::kVillage);
  EXPECT_EQ(village.province(), "18");
  EXPECT_EQ(village.code(), "18.71.03.1002");
  EXPECT_EQ(village.text(), "kemendagri:18.71.03.1002");
  EXPECT_EQ(village.name(), "Kota Bandar Lampung");
}

TEST(RegionCode, CoversItselfAndWhatLiesInIt) {
  const RegionCode nation = Code("kemendagri:00");
  const RegionCode province = Code("kemendagri:18");
  const RegionCode city = Code("kemendagri:18.71");
  const RegionCode village = Code("kemendagri:18.71.03.1002");
  EXPECT_TRUE(nation.Covers(province));
  EXPECT_TRUE(nation.Covers(nation));
  EXPECT_TRUE(province.Covers(city));
  EXPECT_TRUE(province.Covers(village));
  EXPECT_TRUE(city.Covers(city));
  EXPECT_TRUE(city.Covers(village));
  EXPECT_FALSE(province.Covers(nation));
  EXPECT_FALSE(city.Covers(province));
  EXPECT_FALSE(city.Covers(Code("kemendagri:18.72")));
  EXPECT_FALSE(province.Covers(Code("kemendagri:31.72")));
}

TEST(RegionCode, UntaggedIsRefusedWithBothReadings) {
  const std::string both =
      " has no scheme: kemendagri:31.72 is Kota Administrasi Jakarta Utara, bps:3172 is Kota "
      "Administrasi Jakarta Timur (kemendagri:31.75); write the Kemendagri code of the one you "
      "mean";
  EXPECT_EQ(Refusal("3172"), "3172" + both);
  EXPECT_EQ(Refusal("31.72"), "31.72" + both) << "dots do not make a scheme";
  EXPECT_EQ(Refusal("3201"),
            "3201 has no scheme: it is Kabupaten Bogor in both; write kemendagri:32.01");
  EXPECT_EQ(Refusal("94"),
            "94 has no scheme: kemendagri:94 is Papua Tengah, bps:94 is Papua (kemendagri:91); "
            "write the Kemendagri code of the one you mean");
}

TEST(RegionCode, TaggedWithoutADotIsRefusedAsItLooksLikeBps) {
  EXPECT_EQ(Refusal("kemendagri:1801"),
            "kemendagri:1801 has no dot: kemendagri:18.01 is Kabupaten Lampung Selatan, bps:1801 "
            "is Kabupaten Lampung Barat (kemendagri:18.04); write the Kemendagri code of the one "
            "you mean");
}

TEST(RegionCode, ABpsCodeIsRefusedWithItsPlaceAndTheCodeToWrite) {
  EXPECT_EQ(Refusal("bps:1801"),
            "BPS codes are not used here: bps:1801 is Kabupaten Lampung Barat; write "
            "kemendagri:18.04");
  EXPECT_EQ(Refusal("bps:1899"),
            "BPS codes are not used here and this one names no place; write the Kemendagri code, "
            "for example kemendagri:18.01");
}

TEST(RegionCode, OfNoPlaceIsRefusedWithWhatItWasOrCouldBe) {
  EXPECT_EQ(Refusal("kemendagri:18.70"),
            "kemendagri:18.70 names no place: neither Kemendagri nor BPS has it; write the "
            "Kemendagri code, for example kemendagri:18.01");
  EXPECT_EQ(Refusal("kemendagri:94.20"),
            "kemendagri:94.20 names no place: kemendagri:94.20 is no place, bps:9420 is Kabupaten "
            "Keerom (kemendagri:91.11); if that is meant, write kemendagri:91.11");
  EXPECT_EQ(Refusal("kemendagri:91.01"),
            "kemendagri:91.01 names no place: kemendagri:91.01 was Kabupaten Merauke until 2022, "
            "now kemendagri:93.01; bps:9101 is Kabupaten Fak Fak (kemendagri:92.03); write the "
            "code of today of the one you mean");
  EXPECT_NE(Refusal("kemendagri:18.70.01").find("names no place"), std::string::npos);
  EXPECT_NE(Refusal("kemendagri:20").find("names no place"), std::string::npos);
}

TEST(RegionCode, OfAnotherShapeIsRefusedWithoutRepeatingIt) {
  for (const std::string_view text : {"",
                                      "kemendagri:",
                                      "kemendagri:1",
                                      "kemendagri:18.",
                                      "kemendagri:18.0",
                                      "kemendagri:18.01.",
                                      "kemendagri:18.01.1",
                                      "kemendagri:18.01.01.001",
                                      "kemendagri:18.01.01.0001.1",
                                      "kemendagri:18.01 ",
                                      "kemendagri: 18.01",
                                      "kemendagri:18-01",
                                      "kemendagri:180101",
                                      "KEMENDAGRI:18.01",
                                      "9900000000000015",
                                      "Melati"}) {
    const std::string refusal = Refusal(text);
    EXPECT_NE(refusal.find("write the Kemendagri code, for example kemendagri:18.01"),
              std::string::npos)
        << text << ": " << refusal;
    EXPECT_EQ(refusal.find("Melati"), std::string::npos);
    EXPECT_EQ(refusal.find("99000"), std::string::npos);
  }
}

}  // namespace
}  // namespace rujukan
