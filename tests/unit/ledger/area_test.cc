// Goal: two agencies relate as the map says, and a code that cannot be believed relates to nothing.
// Method: Kemendagri codes of Lampung (18) and Jakarta (31), and malformed ones.
#include "ledger/area.h"

#include <gtest/gtest.h>

namespace rujukan::ledger {
namespace {

Area At(std::string_view code) {
  const auto area = Area::Parse(code);
  EXPECT_TRUE(area.has_value()) << code;
  return area.value_or(Area());
}

TEST(Area, TierFollowsFromDepth) {
  EXPECT_EQ(At("").tier(), Tier::kNational);
  EXPECT_EQ(At("00").tier(), Tier::kNational);
  EXPECT_EQ(At("18").tier(), Tier::kProvince);
  EXPECT_EQ(At("18.71").tier(), Tier::kRegency);
  EXPECT_EQ(At("18.71.01").tier(), Tier::kRegency);
  EXPECT_EQ(At("18.71.01.2001").tier(), Tier::kRegency);
  EXPECT_EQ(Area().tier(), Tier::kUnknown);
}

TEST(Area, MalformedCodesAreNotRead) {
  for (const char* code : {"1",
                           "1871",
                           "18.",
                           ".18",
                           "18.7",
                           "18.071",
                           "00.01",
                           "18.00",
                           "18..71",
                           "18.71.01.200",
                           "18.71.01.2001.1",
                           "18.7a",
                           "+18",
                           "18 ",
                           "000"}) {
    EXPECT_FALSE(Area::Parse(code).has_value()) << code;
  }
}

TEST(Area, ARecordIsBelievedOnlyWithItsScheme) {
  EXPECT_EQ(Area::OfRecord("kemendagri:18.71"), At("18.71"));
  EXPECT_EQ(Area::OfRecord("kemendagri:"), At(""));
  for (const char* record : {"bps:18.71", "18.71", "", "Lampung", "kemendagri:1871"}) {
    EXPECT_EQ(Area::OfRecord(record), Area()) << record;
  }
}

TEST(Area, CoversItselfAndWhatLiesInIt) {
  EXPECT_TRUE(At("").Covers(At("18.71")));
  EXPECT_TRUE(At("18").Covers(At("18")));
  EXPECT_TRUE(At("18").Covers(At("18.71.01")));
  EXPECT_FALSE(At("18.71").Covers(At("18")));
  EXPECT_FALSE(At("18.71").Covers(At("18.72")));
  EXPECT_FALSE(At("18").Covers(At("31")));
}

TEST(Area, AVillageIsServedByTheOfficeOfItsRegency) {
  EXPECT_TRUE(At("18.01.21.2001").SameOfficeAs(At("18.01")));
  EXPECT_TRUE(At("18").SameOfficeAs(At("18")));
  EXPECT_TRUE(At("").SameOfficeAs(At("00")));
  EXPECT_FALSE(At("18.01").SameOfficeAs(At("18.02")));
  EXPECT_FALSE(At("18.01").SameOfficeAs(At("31.01")));
  EXPECT_FALSE(At("18.01").SameOfficeAs(At("18")));
}

TEST(Area, TheNationIsInNoProvince) {
  EXPECT_TRUE(At("18").SameProvinceAs(At("18.71")));
  EXPECT_TRUE(At("18.01").SameProvinceAs(At("18.71")));
  EXPECT_FALSE(At("18").SameProvinceAs(At("31")));
  EXPECT_FALSE(At("").SameProvinceAs(At("")));
}

TEST(Area, AParentIsExactlyOneTierUp) {
  EXPECT_TRUE(At("18.71").HasParent(At("18")));
  EXPECT_TRUE(At("18").HasParent(At("")));
  EXPECT_FALSE(At("18.71").HasParent(At(""))) << "two tiers";
  EXPECT_FALSE(At("18.71").HasParent(At("31")));
  EXPECT_FALSE(At("18").HasParent(At("18")));
  EXPECT_FALSE(At("18").HasParent(At("18.71")));
}

TEST(Area, TheUnknownRelatesToNothingNotEvenItself) {
  for (const Area& other : {Area(), At(""), At("18"), At("18.71")}) {
    EXPECT_FALSE(Area().Covers(other));
    EXPECT_FALSE(other.Covers(Area()));
    EXPECT_FALSE(Area().SameOfficeAs(other));
    EXPECT_FALSE(other.SameOfficeAs(Area()));
    EXPECT_FALSE(Area().SameProvinceAs(other));
    EXPECT_FALSE(Area().HasParent(other));
    EXPECT_FALSE(other.HasParent(Area()));
  }
}

}  // namespace
}  // namespace rujukan::ledger
