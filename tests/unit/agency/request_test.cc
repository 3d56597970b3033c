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
  v1::ClockClass::Code clock_class = v1::ClockClass::UNSPECIFIED;
};

constexpr UnixMillis kNow = 1'795'000'000'000;  // 2026-11-18

constexpr auto kHigh = v1::ClockClass::TINGGI;
constexpr auto kEmergency = v1::ClockClass::DARURAT;
const Step kSteps[] = {
    {"ack", "{}", ""},
    {"ack", R"({"perkiraan_waktu":"besok"})", "isi.konfirmasi.perkiraan_waktu"},
    {"accept", R"({"pekerja":{"peran":"peksos","nama":"W"},"rencana_kontak":"kini"})", ""},
    {"accept", R"({"pekerja":{"peran":"peksos","nama":"W"}})", "isi.terima.rencana_kontak"},
    {"accept", R"({"rencana_kontak":"kini"})", "isi.terima.pekerja.nama"},
    {"decline", R"({"alasan":"KAPASITAS_PENUH"})", ""},
    {"decline", R"({"alasan":"MALAS"})", "isi.alasan"},
    {"decline", R"({"alasan":"LAINNYA"})", "isi.tolak.keterangan"},
    {"decline", R"({"alasan":"KAPASITAS_PENUH"})", "isi.tolak.alternatif", kHigh},
    {"decline",
     R"({"alasan":"DOKUMEN_TIDAK_LENGKAP","alternatif":"x"})",
     "isi.tolak.alasan",
     kHigh},
    {"ask", R"({"pertanyaan":["Sudah visum?"]})", ""},
    {"ask", R"({"pertanyaan":[]})", "isi.permintaan_info.pertanyaan"},
    {"answer", "{}", "isi.jawaban_info.jawaban"},
    {"contact", R"({"waktu":"2026-11-22T02:10:00+07:00","keadaan":"tenang"})", ""},
    {"contact", R"({"waktu":"kemarin","keadaan":"tenang"})", "isi.kontak_pertama.waktu"},
    {"progress",
     R"({"perkembangan":"a","permasalahan":"b","solusi":"c","periode_dari":"2026-11-01",)"
     R"("periode_sampai":"2026-11-30","laporan_berikutnya":"2026-12-30",)"
     R"("status_tempat_tinggal":"LKSA","tingkat_risiko":"RENDAH"})",
     ""},
    {"progress", R"({"perkembangan":"a","solusi":"c"})", "isi.laporan_kemajuan.permasalahan"},
    {"progress", R"({"perkembangan":"a","permasalahan":"b"})", "isi.laporan_kemajuan.solusi"},
    {"progress", R"({"permasalahan":"b","solusi":"c"})", "isi.laporan_kemajuan.perkembangan"},
    {"progress", "{}", "isi.laporan_kemajuan.periode_dari"},
    {"progress", "{}", "isi.laporan_kemajuan.periode_sampai"},
    {"progress", "{}", "isi.laporan_kemajuan.laporan_berikutnya"},
    {"progress", "{}", "isi.laporan_kemajuan.tingkat_risiko"},
    {"progress",
     R"({"periode_dari":"2026-11-30","periode_sampai":"2026-11-01"})",
     "isi.laporan_kemajuan.periode_sampai"},
    {"finish",
     R"({"hasil":"MANDIRI_18","pandangan_anak":"x","tindak_lanjut":"y","risiko_tersisa":"z"})",
     ""},
    {"finish", R"({"pandangan_anak":"x"})", "isi.laporan_akhir.hasil"},
    {"finish", "{}", "isi.laporan_akhir.pandangan_anak"},
    {"finish", "{}", "isi.laporan_akhir.tindak_lanjut"},
    {"finish", "{}", "isi.laporan_akhir.risiko_tersisa"},
    {"close", "{}", ""},
    {"object", "{}", "isi.keberatan_tutup.alasan"},
    {"cancel", "{}", "isi.batal.alasan"},
    {"decline",
     R"({"alasan":"DOKUMEN_TIDAK_LENGKAP","alternatif":"x"})",
     "isi.tolak.alasan",
     kEmergency},
    {"decline", R"({"alasan":"DOKUMEN_TIDAK_LENGKAP"})", "", v1::ClockClass::SEDANG},
    {"decline", R"({"alasan":"KAPASITAS_PENUH"})", "isi.tolak.alternatif", kEmergency},
    {"decline", R"({"alasan":"KAPASITAS_PENUH","penuh_sampai":"besok"})", "isi.tolak.penuh_sampai"},
    {"redirect", R"({"tujuan":"sentra.31.75.001@lampung.example","alasan":"x"})", ""},
    {"redirect", R"({"tujuan":"sentra","alasan":"x"})", "isi.alihkan.tujuan"},
    {"redirect", "{}", "isi.alihkan.alasan"},
    {"redirect",
     R"({"tujuan":"sentra.31.75.001@lampung.example","alasan":"x","kode":"DOKUMEN_TIDAK_LENGKAP"})",
     "isi.alihkan.kode",
     kHigh},
    {"ask", R"({"kode":["DOKUMEN"]})", ""},
    {"schedule", R"({"waktu":"2026-11-22T02:10:00+07:00","tempat":"ruang 2"})", ""},
    {"schedule", "{}", "isi.jadwal.waktu"},
    {"schedule", "{}", "isi.jadwal.tempat"},
    {"no-show", "{}", "isi.tidak_hadir.waktu"},
    {"unschedule", "{}", "isi.jadwal_batal.alasan"},
    {"handover", "{}", "isi.serah_terima.tempat"},
    {"handover", "{}", "isi.serah_terima.waktu"},
    {"handover", "{}", "isi.serah_terima.petugas_menyerahkan"},
    {"handover", "{}", "isi.serah_terima.petugas_menerima"},
    {"handover", "{}", "isi.serah_terima.keadaan_anak"},
    {"handover", "{}", "isi.serah_terima.barang"},
    {"handover", R"({"dokumen":["foto anak.JPG"]})", "isi.serah_terima.dokumen[0]"},
    {"handover", R"({"catatan":"data:image/jpeg;base64,AA"})", "isi.serah_terima.catatan"},
    {"pause", R"({"alasan":"libur","ditinjau":"2026-12-01"})", ""},
    {"pause", R"({"ditinjau":"2026-12-01"})", "isi.tunda.alasan"},
    {"pause", R"({"alasan":"libur"})", "isi.tunda.ditinjau"},
    {"pause", R"({"alasan":"libur","ditinjau":"2026-11-18"})", "isi.tunda.ditinjau"},
    {"pause", R"({"alasan":"libur","ditinjau":"2026-12-18"})", ""},  // 30 days on, to the day
    {"pause", R"({"alasan":"libur","ditinjau":"2026-12-19"})", "isi.tunda.ditinjau"},
    {"resume", "{}", ""},
    {"fail", "{}", "isi.gagal.alasan"},
    {"fail", R"({"alasan":"PINDAH_WILAYAH"})", ""},
    {"fail", R"({"alasan":"LAINNYA"})", "isi.gagal.keterangan"},
    {"fail", R"({"alasan":"KABUR"})", "isi.gagal.tindakan"},
    {"request-cancel", "{}", "isi.permintaan_batal.alasan"},
    {"request-cancel", R"({"alasan":"x"})", "isi.permintaan_batal.pengasuhan"},
    {"agree-cancel", "{}", "isi.setuju_batal.pengasuhan"},
    {"refuse-cancel", "{}", "isi.tolak_batal.alasan"},
    {"recall", "{}", "isi.salah_input.alasan"},
    {"reopen", "{}", "isi.buka_kembali.alasan"},
    {"sign-off", "{}", "isi.pengesahan.penandatangan.jabatan"},
    {"sign-off", "{}", "isi.pengesahan.penandatangan.nama"},
    {"alert", "{}", "isi.peringatan_darurat.jenis"},
    {"alert", "{}", "isi.peringatan_darurat.terakhir_terlihat"},
    {"alert", "{}", "isi.peringatan_darurat.tindakan_diminta"},
    {"respond", "{}", "isi.tanggapan_peringatan.tindakan"},
    {"respond", R"({"tindakan":"x"})", "isi.tanggapan_peringatan.oleh"},
    {"risk", "{}", "isi.perubahan_risiko.tingkat_risiko"},
    {"risk", R"({"tingkat_risiko":"RENDAH"})", "isi.perubahan_risiko.alasan"},
    {"risk",
     R"({"tingkat_risiko":"RENDAH","alasan":"x"})",
     "isi.perubahan_risiko.disetujui_supervisor",
     kHigh},
    {"risk", R"({"tingkat_risiko":"TINGGI","alasan":"x"})", "", kHigh},
    {"risk",
     R"({"tingkat_risiko":"SEDANG","bahaya_langsung":true,"alasan":"x"})",
     "isi.perubahan_risiko.tingkat_risiko"},
    {"correct", "{}", "isi.koreksi.bidang"},
    {"correct", "{}", "isi.koreksi.menjadi"},
    {"correct", "{}", "isi.koreksi.alasan"},
    {"withdraw", "{}", "isi.penarikan_persetujuan.oleh"},
    {"withdraw", "{}", "isi.penarikan_persetujuan.waktu"},
    {"withdraw", "{}", "isi.penarikan_persetujuan.cakupan"},
    {"answer-withdrawal", R"({"dibatasi":true})", ""},
    {"answer-withdrawal", "{}", "isi.tanggapan_penarikan.dibatasi"},
    {"answer-withdrawal", R"({"dasar_lain":"KEWAJIBAN_HUKUM"})", "isi.tanggapan_penarikan.pasal"},
    {"answer-withdrawal",
     R"({"dasar_lain":"PERSETUJUAN","pasal":"x"})",
     "isi.tanggapan_penarikan.dasar_lain"},
    {"answer-withdrawal",
     R"({"dibatasi":true,"dasar_lain":"TUGAS_PUBLIK","pasal":"x"})",
     "isi.tanggapan_penarikan.dibatasi"},
    {"request-details", R"({"kompartemen":"visum","alasan":"x"})", ""},
    {"request-details", R"({"kompartemen":"semua"})", "isi.permintaan_rincian.kompartemen"},
    {"request-details", R"({"kompartemen":"visum"})", "isi.permintaan_rincian.alasan"},
    {"attach", "{}", "isi.lampiran.jenis"},
    {"attach", R"({"jenis":"VISUM","klasifikasi":"R"})", "isi.lampiran.klasifikasi"},
    {"attach", R"({"jenis":"BERITA_ACARA","tipe_isi":"image/jpeg"})", "isi.lampiran.tipe_isi"},
    {"details", "{}", "isi.rincian.t2"},
    {"details", R"({"t2":{"nama":"x"}})", "isi.rincian.t2.kronologi"},
};

TEST(LegSteps, EachStepHasItsRequiredFields) {
  v1::Officer officer;
  officer.set_peran("petugas");
  officer.set_nama("CONTOH");
  for (const auto& step : kSteps) {
    Findings findings;
    const auto kind = FindAction(step.action)->kind;
    const Json body = {{"isi", Json::parse(step.isi)}};
    const auto content = ReadActionRequest(body, kind, officer, findings);
    if (findings.empty()) {
      findings = ValidateContent(kind, content, LegFacts{step.clock_class, false, kNow});
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

TEST(LegSteps, BeforeAcceptanceNoTextHasANumberOfACard) {
  v1::Content content;
  content.mutable_petugas()->set_peran("petugas");
  content.mutable_petugas()->set_nama("CONTOH");
  content.mutable_jawaban_info()->add_jawaban("NIK-nya 9900000000000015");
  const LegFacts before{v1::ClockClass::TINGGI, true, kNow};
  const LegFacts after{v1::ClockClass::TINGGI, false, kNow};
  EXPECT_EQ(Fields(ValidateContent(v1::Kind::JAWABAN_INFO, content, before)),
            "isi.jawaban_info.jawaban[0] ");
  EXPECT_EQ(Fields(ValidateContent(v1::Kind::JAWABAN_INFO, content, after)), "");
}

TEST(LegSteps, EveryActionHasAPartOfTheContent) {
  for (const Action& action : Actions()) {
    Findings findings;
    const auto content = ReadActionRequest(Json::object(), action.kind, v1::Officer(), findings);
    EXPECT_NE(content.isi_case(), v1::Content::ISI_NOT_SET) << action.name;
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
