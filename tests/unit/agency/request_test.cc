// Goal: what may be sent is accepted, and every way to get it wrong is told by the name of the
// field. Method: tests/vectors/content/valid and invalid, one file a case; steps in a leg as a
// table here.
#include "agents/agency/request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace rujukan::agency {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> FilesOf(const std::string& kind) {
  std::vector<fs::path> files;
  const std::string folder = std::string(RUJUKAN_SOURCE_DIR) + "/tests/vectors/content/" + kind;
  for (const auto& file : fs::directory_iterator(folder)) {
    files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Json Load(const fs::path& file) {
  std::ifstream stream(file);
  return Json::parse(stream);
}

std::string Fields(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += finding.field + " ";
  }
  return text;
}

TEST(ContentVectors, EveryValidRequestIsAccepted) {
  ASSERT_GE(FilesOf("valid").size(), 8U);
  for (const auto& file : FilesOf("valid")) {
    Findings findings;
    const auto message = ReadMessageRequest(Load(file)["request"], findings);
    EXPECT_TRUE(findings.empty()) << file.filename() << ": " << Fields(findings);
    EXPECT_NE(message.kind, v1::Kind::UNSPECIFIED);
  }
}

TEST(ContentVectors, EveryInvalidRequestIsRefusedWithTheFieldsName) {
  ASSERT_GE(FilesOf("invalid").size(), 40U);
  for (const auto& file : FilesOf("invalid")) {
    const Json vector = Load(file);
    Findings findings;
    ReadMessageRequest(vector["request"], findings);
    const bool named = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.field == vector["expect"].get<std::string>();
    });
    EXPECT_TRUE(named) << file.filename() << " expects " << vector["expect"] << ", got "
                       << Fields(findings);
  }
}

TEST(ContentVectors, FindingsSpeakBothLanguagesAndQuoteNoValue) {
  for (const auto& file : FilesOf("invalid")) {
    Findings findings;
    ReadMessageRequest(Load(file)["request"], findings);
    for (const auto& finding : findings) {
      EXPECT_EQ(finding.message.find("Melati"), std::string::npos) << file.filename();
      EXPECT_EQ(finding.message.find("9900000000000015"), std::string::npos) << file.filename();
    }
  }
}

struct Step {
  const char* action;
  const char* isi;
  const char* expect;  // "": accepted
  v1::RiskLevel::Code risk = v1::RiskLevel::UNSPECIFIED;
};

TEST(LegSteps, EachStepHasItsRequiredFields) {
  const auto high = v1::RiskLevel::TINGGI;
  const Step steps[] = {
      {"ack", "{}", ""},
      {"ack", R"({"perkiraan_waktu":"besok"})", "isi.konfirmasi.perkiraan_waktu"},
      {"accept", R"({"pekerja":{"peran":"peksos","nama":"W"},"rencana_kontak":"kini"})", ""},
      {"accept", R"({"pekerja":{"peran":"peksos","nama":"W"}})", "isi.terima.rencana_kontak"},
      {"accept", R"({"rencana_kontak":"kini"})", "isi.terima.pekerja.nama"},
      {"decline", R"({"alasan":"KAPASITAS_PENUH"})", ""},
      {"decline", R"({"alasan":"MALAS"})", "isi.alasan"},
      {"decline", R"({"alasan":"LAINNYA"})", "isi.tolak.keterangan"},
      {"decline", R"({"alasan":"KAPASITAS_PENUH"})", "isi.tolak.alternatif", high},
      {"decline",
       R"({"alasan":"DOKUMEN_TIDAK_LENGKAP","alternatif":"x"})",
       "isi.tolak.alasan",
       high},
      {"ask", R"({"pertanyaan":["Sudah visum?"]})", ""},
      {"ask", R"({"pertanyaan":[]})", "isi.permintaan_info.pertanyaan"},
      {"answer", "{}", "isi.jawaban_info.jawaban"},
      {"contact", R"({"waktu":"2026-11-22T02:10:00+07:00","keadaan":"tenang"})", ""},
      {"contact", R"({"waktu":"kemarin","keadaan":"tenang"})", "isi.kontak_pertama.waktu"},
      {"progress", R"({"perkembangan":"a","permasalahan":"b","solusi":"c"})", ""},
      {"progress", R"({"perkembangan":"a","solusi":"c"})", "isi.laporan_kemajuan.permasalahan"},
      {"progress", R"({"perkembangan":"a","permasalahan":"b"})", "isi.laporan_kemajuan.solusi"},
      {"progress", R"({"permasalahan":"b","solusi":"c"})", "isi.laporan_kemajuan.perkembangan"},
      {"finish", R"({"hasil":"MANDIRI_18","pandangan_anak":"x","tindak_lanjut":"y"})", ""},
      {"finish",
       R"({"hasil":"MANDIRI_18","tindak_lanjut":"y"})",
       "isi.laporan_akhir.pandangan_anak"},
      {"close", "{}", ""},
      {"object", "{}", "isi.keberatan_tutup.alasan"},
      {"cancel", "{}", "isi.batal.alasan"},
      {"details", "{}", "isi.rincian.t2"},
      {"details", R"({"t2":{"nama":"x"}})", "isi.rincian.t2.kronologi"},
  };
  v1::Officer officer;
  officer.set_peran("petugas");
  officer.set_nama("CONTOH");
  for (const auto& step : steps) {
    Findings findings;
    const auto kind = FindAction(step.action)->kind;
    const Json body = {{"isi", Json::parse(step.isi)}};
    const auto content = ReadActionRequest(body, kind, officer, findings);
    if (findings.empty()) {
      findings = ValidateContent(kind, content, step.risk);
    }
    const std::string expect = step.expect;
    const bool as_expected =
        expect.empty() ? findings.empty()
                       : std::any_of(findings.begin(), findings.end(), [&](const Finding& found) {
                           return found.field == expect;
                         });
    EXPECT_TRUE(as_expected) << step.action << " " << step.isi << ": " << Fields(findings);
  }
}

TEST(JsonBorder, NestingHasALimit) {
  const std::string deep(kJsonDepthMax - 1, '[');
  const std::string close(kJsonDepthMax - 1, ']');
  EXPECT_TRUE(ParseJson("{\"a\":" + deep + close + "}").has_value());
  EXPECT_FALSE(ParseJson("{\"a\":[" + deep + close + "]}").has_value());
  EXPECT_FALSE(ParseJson("{\"a\":1").has_value());
  EXPECT_FALSE(ParseJson("[1]").has_value());
}

TEST(JsonBorder, BracketsInsideTextDoNotCount) {
  EXPECT_TRUE(ParseJson(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"{{{{"})").has_value());
}

}  // namespace
}  // namespace rujukan::agency
