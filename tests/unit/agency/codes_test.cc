// Goal: a region that an officer writes is taken only when it is one place, and a refusal tells in
// both languages which places the digits name. Method: one code of each kind.
#include "agents/agency/codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(RegionProblem, AKabupatenOrKotaThatExistsHasNone) {
  EXPECT_EQ(RegionProblem("kemendagri:18.01"), "");
  EXPECT_EQ(RegionProblem("kemendagri:31.72"), "");
}

TEST(RegionProblem, AnyOtherLevelIsTooWideOrTooExact) {
  for (const char* text : {"kemendagri:00", "kemendagri:18", "kemendagri:18.01.21"}) {
    EXPECT_THAT(RegionProblem(text), HasSubstr("kabupaten/kota saja")) << text;
  }
}

TEST(RegionProblem, AnUntaggedCodeNamesBothPlacesInBothLanguages) {
  EXPECT_EQ(RegionProblem("3172"),
            "kode tanpa skema ditolak (BPS dan Kemendagri bertabrakan): kemendagri:31.72 adalah "
            "Kota Administrasi Jakarta Utara, bps:3172 adalah Kota Administrasi Jakarta Timur "
            "(kemendagri:31.75); tulis kode Kemendagri tempat yang dimaksud, contoh "
            "kemendagri:18.01 / 3172 has no scheme: kemendagri:31.72 is Kota Administrasi Jakarta "
            "Utara, bps:3172 is Kota Administrasi Jakarta Timur (kemendagri:31.75); write the "
            "Kemendagri code of the one you mean");
}

TEST(RegionProblem, ABpsCodeNamesItsPlaceAndTheCodeToWrite) {
  EXPECT_THAT(RegionProblem("bps:1801"),
              testing::AllOf(StartsWith("kode BPS berbeda"),
                             HasSubstr("bps:1801 adalah Kabupaten Lampung Barat "
                                       "(kemendagri:18.04)"),
                             HasSubstr(" / BPS codes are not used here"),
                             Not(HasSubstr("Lampung Selatan"))));
}

TEST(RegionProblem, ACodeOfNoPlaceIsRefusedThoughItsNumbersAreInRange) {
  EXPECT_THAT(RegionProblem("kemendagri:18.14"), HasSubstr("names no place"));
  EXPECT_THAT(RegionProblem("kemendagri:91.01"),
              HasSubstr("kemendagri:91.01 sampai 2022 adalah Kabupaten Merauke (kini "
                        "kemendagri:93.01)"));
}

TEST(RegionProblem, WhatIsNoCodeIsNotRepeated) {
  EXPECT_THAT(RegionProblem(""), StartsWith("wajib diisi"));
  EXPECT_THAT(RegionProblem("Melati"), Not(HasSubstr("Melati")));
}

TEST(Codes, ATextOfTimeIsItsMomentWhateverItsZone) {
  EXPECT_EQ(TimeOfText("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(TimeOfText("1970-01-01T07:00:00+07:00"), 0);
  EXPECT_EQ(TimeOfText("1969-12-31T21:30:00-02:30"), 0);
  EXPECT_EQ(TimeOfText("2026-12-10T10:00:01.5+07:00"), 1'796'871'601'000);
  EXPECT_EQ(TimeOfText("2026-12-10"), std::nullopt);
  EXPECT_EQ(DayOfText("1970-01-02", 0), 86'400'000);
  EXPECT_EQ(DayOfText("1970-01-01", 7 * 60), -7 * 3'600'000);
  EXPECT_EQ(DayOfText("2026-02-30", 0), std::nullopt);
}

}  // namespace
}  // namespace rujukan::agency
