// Goal: the fields below a step become the request that the API documents.
#include "tests/scenarios/body.h"

#include <gtest/gtest.h>

namespace rujukan::scenarios {
namespace {

constexpr UnixMillis kNow = 1'795'278'480'000;  // 2026-11-21T23:28:00+07:00

Meanings SomeMeanings() {
  return {[](const std::string& name) -> std::optional<std::string> {
            return name == "A"           ? std::optional<std::string>("id-a")
                   : name == "dinsos.18" ? std::optional<std::string>("dinsos.18@x")
                                         : std::nullopt;
          },
          kNow,
          420};
}

Field Of(const std::string& path, const Json& value) {
  return {1, path, value, false};
}

Deed Referral() {
  Deed deed;
  deed.kind = Deed::Kind::kRefer;
  deed.verb = "RUJUKAN";
  deed.to = {"dinsos.18"};
  return deed;
}

TEST(Body, AReferralKeepsItsSecondStageBesideTheContent) {
  Script script;
  script.templates["RUJUKAN"] = {Of("petugas.nama", "N"), Of("t1.ref_anak", "R")};
  Deed deed = Referral();
  deed.fields = {Of("t1.layanan_diminta.0.kode", "VISUM"), Of("t2.nama", "M")};
  EXPECT_EQ(BodyOf(script, deed, SomeMeanings()).value(),
            Json::parse(R"({"kepada":["dinsos.18@x"],"jenis":"RUJUKAN",
                "isi":{"petugas":{"nama":"N"},
                       "rujukan":{"t1":{"ref_anak":"R","layanan_diminta":[{"kode":"VISUM"}]}}},
                "t2":{"nama":"M"}})"));
}

TEST(Body, AnEmergencySendsBothStagesTogether) {
  Deed deed = Referral();
  deed.fields = {Of("bersama", true), Of("t2.nama", "M"), Of("urgensi", "SEGERA")};
  const Json body = BodyOf({}, deed, SomeMeanings()).value();
  EXPECT_EQ(body["isi"]["rujukan"]["t2"]["nama"], "M");
  EXPECT_EQ(body["urgensi"], "SEGERA");
  EXPECT_FALSE(body.contains("t2"));
}

TEST(Body, AnActionHasItsFieldsInIsi) {
  Deed deed;
  deed.verb = "redirect";
  deed.fields = {Of("tujuan", "{dinsos.18}"), Of("petugas.nama", "N"), Of("body.setuju", true)};
  EXPECT_EQ(
      BodyOf({}, deed, SomeMeanings()).value(),
      Json::parse(R"({"isi":{"tujuan":"dinsos.18@x"},"petugas":{"nama":"N"},"setuju":true})"));
}

TEST(Body, TimesAndNamesAreFilledIn) {
  const Meanings meanings = SomeMeanings();
  EXPECT_EQ(FillText("@kini+2j", meanings).value(), FormatTime(kNow + 7'200'000, 420));
  EXPECT_EQ(FillText("@tanggal+14h", meanings).value(), "2026-12-05");
  EXPECT_EQ(FillText("/v1/legs/{A}/hold", meanings).value(), "/v1/legs/id-a/hold");
  EXPECT_FALSE(FillText("{B}", meanings).has_value());
  EXPECT_FALSE(FillText("@kini*2j", meanings).has_value());
}

}  // namespace
}  // namespace rujukan::scenarios
