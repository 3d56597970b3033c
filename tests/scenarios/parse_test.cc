// Goal: a scenario means what its text says, and a mistake in it is found with its line.
// Method: small texts through the pure parser.
#include "tests/scenarios/parse.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace rujukan::scenarios {
namespace {

constexpr const char* kHead =
    "skenario SC0 \"Contoh\"\n"
    "mulai 2026-11-21 23:40 WIB\n"
    "lembaga uppa.18.01\n"
    "lembaga uptdppa.18.01\n";

Result<std::string> NoFile(const std::string& file) {
  return Fail(Errc::kNotFound, "tidak ada " + file);
}

Result<Script> Read(const std::string& steps) {
  return Parse("sc0.txt", kHead + steps, NoFile);
}

std::string ErrorOf(const std::string& steps) {
  const auto script = Read(steps);
  return script ? "" : script.error().context;
}

TEST(Scenario, AReferralNamesItsLegItsReceiverAndItsTemplates) {
  const auto script = Read(
      "templat anak\n"
      "  t2.nama = rahasia \"Melati\"\n"
      "Sab 23:58 uppa.18.01 rujuk A ke uptdppa.18.01 memakai anak\n"
      "  t1.kategori = [H, D]\n"
      "  t1.bahaya_langsung = ya\n");
  ASSERT_TRUE(script.has_value()) << script.error().context;
  const Step& step = script->steps.at(0);
  EXPECT_EQ(step.line, 7);
  EXPECT_EQ(step.deed->kind, Deed::Kind::kRefer);
  EXPECT_EQ(step.deed->to, std::vector<std::string>{"uptdppa.18.01"});
  EXPECT_EQ(step.deed->templates, std::vector<std::string>{"anak"});
  EXPECT_EQ(step.deed->fields.at(0).value, (Json{"H", "D"}));
  EXPECT_EQ(step.deed->fields.at(1).value, true);
  EXPECT_EQ(script->Secrets(), std::vector<std::string>{"Melati"});
}

TEST(Scenario, ARefusalSaysByWhomAndWhy) {
  const auto script = Read(
      "Sab 23:58 uppa.18.01 rujuk A ke uptdppa.18.01\n"
      "lalu uptdppa.18.01 decline A -> ditolak 422 \"alternatif\"\n"
      "lalu uptdppa.18.01 redirect A -> ditolak broker REDIRECT_LOOP\n");
  ASSERT_TRUE(script.has_value()) << script.error().context;
  EXPECT_EQ(script->steps[1].deed->status, 422);
  EXPECT_EQ(script->steps[1].deed->because, "alternatif");
  EXPECT_TRUE(script->steps[2].deed->refused);
  EXPECT_EQ(script->steps[2].deed->status, 0);
}

TEST(Scenario, EveryClaimHasItsForm) {
  const auto script = Read(
      "Sab 23:58 uppa.18.01 rujuk A1 ke uptdppa.18.01\n"
      "maka A1 keadaan SAMPAI\n"
      "maka A1 keadaan SAMPAI di uppa.18.01\n"
      "maka A1 penanggung_jawab uppa.18.01\n"
      "maka A1 eskalasi 2\n"
      "maka uppa.18.01 diberi_tahu A1 KONFIRMASI\n"
      "maka uppa.18.01 tidak_diberi_tahu A1\n"
      "maka uppa.18.01 melihat A1 \"dua kata\"\n"
      "maka uppa.18.01 tidak_melihat A1 \"Melati\"\n"
      "maka uppa.18.01 tidak_tahu A1\n"
      "maka tepat_satu A1 A1 keadaan DITERIMA\n"
      "maka 23 dari A* keadaan TERKIRIM\n"
      "maka uppa.18.01 kotak_masuk 0\n"
      "maka uppa.18.01 api GET /v1/legs/{A1} berisi \"x\"\n");
  ASSERT_TRUE(script.has_value()) << script.error().context;
  using Kind = Claim::Kind;
  const std::vector<Kind> kinds = {Kind::kState,
                                   Kind::kState,
                                   Kind::kResponsible,
                                   Kind::kEscalation,
                                   Kind::kTold,
                                   Kind::kTold,
                                   Kind::kSees,
                                   Kind::kSees,
                                   Kind::kKnows,
                                   Kind::kExactlyOne,
                                   Kind::kCount,
                                   Kind::kInbox,
                                   Kind::kAnswers};
  for (size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(script->steps.at(i + 1).claim->kind, kinds[i]) << script->steps[i + 1].text;
  }
  EXPECT_EQ(script->steps[7].claim->value, "dua kata");
  EXPECT_TRUE(script->steps[8].claim->negated);
  EXPECT_EQ(script->steps[11].claim->number, 23);
}

TEST(Scenario, AMistakeIsFoundWithItsLine) {
  EXPECT_EQ(ErrorOf("Sab 25:00 uppa.18.01 ack A\n").substr(0, 9), "sc0.txt:5");
  EXPECT_NE(ErrorOf("Sab 23:58 uppa.18.01 rujuk A ke dinsos.18\n").find("dinsos.18"),
            std::string::npos);
  EXPECT_NE(ErrorOf("lalu uppa.18.01 ack B\n").find("\"B\""), std::string::npos);
  EXPECT_NE(ErrorOf("  t1.x = 1\nnonsens\n").find("sc0.txt:6"), std::string::npos);
  EXPECT_NE(ErrorOf("templat a\n  t1.x\n").find("sc0.txt:6"), std::string::npos);
  EXPECT_NE(ErrorOf("templat a\n  t1.x = \"offen\n").find("sc0.txt:6"), std::string::npos);
  EXPECT_NE(ErrorOf("lalu uppa.18.01 jam 9m\n").find("jam +9m"), std::string::npos);
  EXPECT_NE(ErrorOf("maka A\n").find("maka A keadaan"), std::string::npos);
  EXPECT_NE(ErrorOf("lalu uppa.18.01 rujuk A ke uptdppa.18.01 memakai x\n").find("\"x\""),
            std::string::npos);
}

TEST(Scenario, AnIncludedFileIsReadInItsPlaceAndNamedInItsErrors) {
  const auto include = [](const std::string&) -> Result<std::string> {
    return std::string("templat b\n  t1.y = 2\n");
  };
  const auto script = Parse("sc0.txt", std::string(kHead) + "sertakan umum.txt\n", include);
  ASSERT_TRUE(script.has_value()) << script.error().context;
  EXPECT_EQ(script->templates.count("b"), 1U);
  const auto bad = [](const std::string&) -> Result<std::string> { return std::string("x\n"); };
  const auto failed = Parse("sc0.txt", std::string(kHead) + "sertakan umum.txt\n", bad);
  EXPECT_EQ(failed.error().context.substr(0, 10), "umum.txt:1");
}

TEST(Scenario, EveryFileOfThisFolderIsOne) {
  const std::string folder = RUJUKAN_SOURCE_DIR "/tests/scenarios";
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path().filename().string();
    if (file.starts_with("sc") && file.ends_with(".txt")) {
      ++files;
      const auto script = ParseFile(folder, file);
      ASSERT_TRUE(script.has_value()) << script.error().context;
      EXPECT_GE(script->Secrets().size(), 1U) << file;
    }
  }
  EXPECT_GE(files, 9U);
}

TEST(Moments, AWeekdayIsTheNextOneAtThatPlace) {
  size_t used = 0;
  const auto saturday = ParseMoment({"Sab", "23:58"}, used).value();
  const auto sunday = ParseMoment({"Min", "00:12"}, used).value();
  const auto date = ParseMoment({"2026-11-21", "23:40"}, used).value();
  const UnixMillis begins = Resolve(date, 0, 420);
  EXPECT_EQ(FormatTime(begins, 420), "2026-11-21T23:40:00.000+07:00");
  const UnixMillis sent = Resolve(saturday, begins, 420);
  EXPECT_EQ(FormatTime(sent, 420), "2026-11-21T23:58:00.000+07:00");
  EXPECT_EQ(FormatTime(Resolve(sunday, sent, 420), 420), "2026-11-22T00:12:00.000+07:00");
  EXPECT_EQ(Resolve(saturday, sent, 420), sent);
  EXPECT_EQ(Resolve(saturday, sent + 120'000, 420), sent + 7 * 86'400'000LL);
}

TEST(Moments, SpansAreInMinutesHoursAndDays) {
  EXPECT_EQ(ParseSpan("30m").value(), 1'800'000);
  EXPECT_EQ(ParseSpan("72j").value(), 259'200'000);
  EXPECT_EQ(ParseSpan("2h").value(), 172'800'000);
  EXPECT_FALSE(ParseSpan("2x").has_value());
  EXPECT_FALSE(ParseSpan("").has_value());
  EXPECT_FALSE(ParseSpan("20000m").has_value());
}

}  // namespace
}  // namespace rujukan::scenarios
