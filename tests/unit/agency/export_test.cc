// Goal: exports hand out what they may and no more, count what they leave out, and log what they
// show. Method: children seeded into a party's database, each different in one thing; the tables
// are read back as a receiver would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/agency/csv_text.h"
#include "agents/agency/export_siks_ng.h"
#include "agents/agency/export_simfoni.h"
#include "agents/agency/leg_pages.h"
#include "base/csv.h"
#include "tests/unit/agency/children.h"

namespace rujukan::agency {
namespace {

using ::testing::HasSubstr;

class ExportTest : public ::testing::Test {
 protected:
  ExportTest() : home_(world_, "lksa.18.01.001") { home_.config_.official_name = "LKSA (CONTOH)"; }

  ApiReply Get(const std::string& path, std::map<std::string, std::string> query = {}) {
    ApiReply reply = home_.api_->Handle({"GET", path, std::move(query), ""});
    while (reply.stream) {
      const auto part = reply.stream();
      if (!part) {
        break;
      }
      reply.body += *part;
    }
    return reply;
  }
  CsvTable Table(const std::string& path, std::map<std::string, std::string> query = {}) {
    const auto reply = Get(path, std::move(query));
    EXPECT_EQ(reply.status, 200) << reply.body;
    const auto table = ParseCsv(reply.body);
    EXPECT_TRUE(table && table->errors.empty()) << reply.body;
    return table.value_or(CsvTable());
  }
  Json Summary() { return Json::parse(Get("/v1/export/siks-ng/summary").body); }
  void Verify(const std::string& leg) {
    const Json body = {
        {"isi",
         {{"tanggal", "2026-11-01"}, {"petugas", "operator (CONTOH)"}, {"id_siks_ng", "SIKS-77"}}}};
    const auto reply = home_.Call("POST", "/v1/legs/" + leg + "/verivali", body.dump());
    EXPECT_EQ(reply.status, 200) << reply.body;
  }
  // Seeded, named and verified; returns the leg.
  std::string Ready(SeedChild child) {
    child.name = child.name.empty() ? "Melati (CONTOH)" : child.name;
    const std::string leg = Seed(home_, child);
    Verify(leg);
    return leg;
  }
  uint64_t Logged() { return home_.Get("/v1/reads")["logged"]; }

  testing::World world_;
  Party home_;
};

TEST_F(ExportTest, AVerifiedChildWithABasisIsARowWithItsNumberAndItsOrigin) {
  const std::string leg = Ready({.ref = "LS-1"});
  const CsvTable table = Table("/v1/export/siks-ng");
  ASSERT_EQ(table.rows.size(), 1U);
  const auto cell = [&](const char* column) { return table.rows[0].fields[*table.Column(column)]; };
  EXPECT_EQ(cell("id_rujukan"), leg);
  EXPECT_EQ(cell("id_siks_ng"), "SIKS-77");
  EXPECT_EQ(cell("nama_lembaga"), "LKSA (CONTOH)");
  EXPECT_EQ(cell("nama"), "Melati (CONTOH)");
  EXPECT_EQ(cell("nik"), "9900000000000015");
  EXPECT_EQ(cell("perkiraan"), "ya");
  EXPECT_EQ(cell("nama_wilayah"), "Kabupaten Lampung Selatan");
  EXPECT_EQ(cell("jenis_ppks"), "ANAK_TELANTAR");
  EXPECT_EQ(cell("dasar"), "TUGAS_PUBLIK");
  EXPECT_EQ(cell("verivali_tanggal"), "2026-11-01");
}

TEST_F(ExportTest, ChildrenWithoutABasisAMarkOrANameAreLeftOutAndCounted) {
  Ready({.ref = "LS-1"});
  Ready({.ref = "LS-2", .basis = v1::ProcessingBasis::KEPENTINGAN_VITAL});
  Seed(home_, {.ref = "LS-3", .name = "Kasuari (CONTOH)"});
  Verify(Seed(home_, {.ref = "LS-4"}));
  Ready({.ref = "LS-5", .name = "Merpati (CONTOH)", .episode = "satu-anak"});
  Ready({.ref = "LS-6", .name = "Merpati (CONTOH)", .episode = "satu-anak"});
  EXPECT_EQ(Table("/v1/export/siks-ng").rows.size(), 2U);
  const Json summary = Summary();
  EXPECT_EQ(summary["baris"], 2);
  EXPECT_EQ(summary["dikeluarkan"]["tanpa_dasar"], 1);
  EXPECT_EQ(summary["dikeluarkan"]["belum_verivali"], 1);
  EXPECT_EQ(summary["dikeluarkan"]["tanpa_identitas"], 1);
  EXPECT_EQ(summary["dikeluarkan"]["anak_sama"], 1);
}

TEST_F(ExportTest, EveryContentInARowIsLoggedBeforeItLeavesAndASummaryLogsNothing) {
  Ready({.ref = "LS-1"});
  Seed(home_, {.ref = "LS-2", .name = "Kasuari (CONTOH)"});
  const uint64_t before = Logged();
  Summary();
  EXPECT_EQ(Logged(), before);
  Table("/v1/export/siks-ng");
  EXPECT_EQ(Logged(), before + 2) << "the opening and the second stage of the one child";
  const Json reads = home_.Get("/v1/reads")["reads"];
  EXPECT_EQ(reads.back()["reason"], "ekspor siks-ng");
  EXPECT_EQ(reads.back()["stage"], "T2");
}

ChildCase CaseWith(v1::ProcessingBasis::Code basis) {
  ChildCase child;
  child.readable = true;
  child.leg.state = v1::LegState::BERJALAN;
  child.referral.mutable_t1()->add_dasar_pemrosesan()->set_kode(basis);
  child.mark = Verification{"2026-11-01", "x", "", ""};
  child.t2.emplace().set_nama("Melati");
  return child;
}

TEST(SiksBasis, ConsentCoversARegisterUntilItEndsOrIsWithdrawn) {
  ChildCase child = CaseWith(v1::ProcessingBasis::PERSETUJUAN);
  EXPECT_TRUE(CoversRegistration(child, "2026-11-26"));
  child.referral.mutable_t1()->mutable_persetujuan()->set_berlaku_sampai("2026-11-26");
  EXPECT_TRUE(CoversRegistration(child, "2026-11-26"));
  EXPECT_FALSE(CoversRegistration(child, "2026-11-27"));
  child.withdrawn = true;
  EXPECT_FALSE(CoversRegistration(child, "2026-11-26"));
  child.referral.mutable_t1()->add_dasar_pemrosesan()->set_kode(
      v1::ProcessingBasis::KEWAJIBAN_HUKUM);
  EXPECT_TRUE(CoversRegistration(child, "2026-11-27")) << "another basis stands";
}

TEST(SiksBasis, TheReasonsAreAskedInOrder) {
  ChildCase child = CaseWith(v1::ProcessingBasis::TUGAS_PUBLIK);
  EXPECT_EQ(JudgeForSiks(child, "2026-11-26"), LeftOut::kNo);
  child.t2.reset();
  EXPECT_EQ(JudgeForSiks(child, "2026-11-26"), LeftOut::kNoIdentity);
  child.mark.reset();
  EXPECT_EQ(JudgeForSiks(child, "2026-11-26"), LeftOut::kNotVerified);
  child.referral.mutable_t1()->clear_dasar_pemrosesan();
  EXPECT_EQ(JudgeForSiks(child, "2026-11-26"), LeftOut::kNoBasis);
  child.readable = false;
  EXPECT_EQ(JudgeForSiks(child, "2026-11-26"), LeftOut::kUnreadable);
  child.leg.state = v1::LegState::SALAH_INPUT;
  EXPECT_EQ(JudgeForSiks(child, "2026-11-26"), LeftOut::kRecalled);
}

TEST(SiksRows, WhoIsAllegedToHaveHarmedTheChildIsNoCaregiverAndCategoriesAreCoarse) {
  ChildCase child = CaseWith(v1::ProcessingBasis::TUGAS_PUBLIK);
  auto* alleged = child.t2->add_pengasuh();
  alleged->set_nama("Gagak");
  alleged->set_terduga_pelaku(true);
  child.t2->add_pengasuh()->set_nama("Kenari");
  for (const auto category :
       {v1::AmpkCategory::G, v1::AmpkCategory::J, v1::AmpkCategory::K, v1::AmpkCategory::H}) {
    child.referral.mutable_t1()->set_kategori_utama(category);
    child.referral.mutable_t1()->add_kategori(category);
    EXPECT_EQ(PpksClassOf(child.referral.t1()), "AMPK_LAINNYA");
  }
  const auto row = SiksRow(child, {"a", "b", "2026-11-26"});
  EXPECT_EQ(row.size(), SiksHeader().size());
  EXPECT_THAT(row, ::testing::Contains("Kenari"));
  EXPECT_THAT(row, ::testing::Not(::testing::Contains("Gagak")));
}

TEST_F(ExportTest, LegsAreATableOfStatesAndTimesWithoutContent) {
  Seed(home_, {.ref = "LS-1", .name = "Melati (CONTOH)"});
  Seed(home_, {.ref = "LS-2"});
  const uint64_t before = Logged();
  const auto reply = Get("/v1/export/legs");
  const CsvTable table = Table("/v1/export/legs");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].fields[*table.Column("keadaan")], "BERJALAN");
  EXPECT_NE(table.rows[0].fields[*table.Column("kontak_pertama")], "");
  EXPECT_EQ(table.rows[0].fields[*table.Column("ditutup")], "");
  EXPECT_EQ(reply.body.find("Melati"), std::string::npos);
  EXPECT_EQ(reply.body.find("LS-1"), std::string::npos);
  EXPECT_EQ(Logged(), before);
}

TEST_F(ExportTest, APeriodTakesItsFirstAndItsLastDayInWib) {
  Seed(home_, {.ref = "LS-1"});
  const std::string today = FormatTime(world_.now(), 7 * 60).substr(0, 10);
  EXPECT_EQ(Table("/v1/export/legs", {{"from", today}, {"to", today}}).rows.size(), 1U);
  EXPECT_EQ(Table("/v1/export/legs", {{"to", "2026-01-31"}}).rows.size(), 0U);
  EXPECT_EQ(Get("/v1/export/legs", {{"from", "2026-02-30"}}).status, 422);
  EXPECT_EQ(Get("/v1/export/legs", {{"from", "2026-02-02"}, {"to", "2026-02-01"}}).status, 422);
}

TEST_F(ExportTest, MoreThanAPageOfLegsIsStreamedWhole) {
  for (int i = 0; i < 150; ++i) {
    Seed(home_, {.ref = "LS-" + std::to_string(i)});
  }
  EXPECT_EQ(Table("/v1/export/legs").rows.size(), 150U);
}

TEST_F(ExportTest, CountsAreOfWholeMonthsAndSmallOnesAreNotShown) {
  for (int i = 0; i < 9; ++i) {
    Seed(home_, {.ref = "a" + std::to_string(i), .sex = i < 8 ? v1::Sex::P : v1::Sex::L});
  }
  for (int i = 0; i < 12; ++i) {
    Seed(home_,
         {.ref = "b" + std::to_string(i),
          .place = "kemendagri:18.02",
          .category = v1::AmpkCategory::J});
  }
  Seed(home_, {.ref = "c", .place = "kemendagri:18.02", .episode = "satu"});
  Seed(home_, {.ref = "d", .place = "kemendagri:18.02", .episode = "satu"});
  EXPECT_EQ(Get("/v1/export/simfoni").status, 422);
  EXPECT_EQ(Get("/v1/export/simfoni", {{"from", "2026-11-01"}, {"to", "2026-11-29"}}).status, 422);
  const std::map<std::string, std::string> month = {{"from", "2026-11-01"}, {"to", "2026-11-30"}};
  const Json counts = Json::parse(Get("/v1/export/simfoni/summary", month).body);
  const Json& victims = counts["tabel"]["korban"];
  EXPECT_EQ(victims["TOTAL"]["JUMLAH"], 22) << "one child of two legs counts once";
  EXPECT_TRUE(victims["kemendagri:18.01"]["L/USIA_6_12"].is_null());
  EXPECT_TRUE(victims["kemendagri:18.01"]["P/USIA_6_12"].is_null()) << "or it could be taken off";
  EXPECT_TRUE(counts["tabel"]["bentuk"]["kemendagri:18.02"]["PENELANTARAN"].is_null());
  EXPECT_GT(counts["sel_disembunyikan"], 0);
  const CsvTable table =
      Table("/v1/export/simfoni", {{"from", "2026-11-01"}, {"to", "2026-11-30"}});
  for (const auto& row : table.rows) {
    const std::string& count = row.fields[*table.Column("jumlah")];
    EXPECT_TRUE(count == "*" || count == "0" || std::stoi(count) >= kSmallCell) << count;
  }
}

TEST_F(ExportTest, FormulasOfOthersAreText) {
  Ready({.ref = "LS-1", .name = "=cmd|' /C calc'!A0"});
  const CsvTable table = Table("/v1/export/siks-ng");
  EXPECT_EQ(table.rows[0].fields[*table.Column("nama")], "'=cmd|' /C calc'!A0");
  EXPECT_EQ(CsvField("+62-000-555-0101"), "+62-000-555-0101");
  EXPECT_EQ(CsvField("a,b"), "\"a,b\"");
  EXPECT_EQ(CsvField("say \"x\""), "\"say \"\"x\"\"\"");
}

TEST_F(ExportTest, AMarkIsCheckedKeptOnceAndGoesWithTheContent) {
  const std::string leg = Seed(home_, {.ref = "LS-1", .name = "Melati (CONTOH)"});
  const auto mark = [&](const Json& isi) {
    return home_.Call("POST", "/v1/legs/" + leg + "/verivali", Json{{"isi", isi}}.dump());
  };
  EXPECT_EQ(mark({{"petugas", "x"}}).status, 422);
  EXPECT_EQ(mark({{"tanggal", "2999-01-01"}, {"petugas", "x"}}).status, 422);
  EXPECT_EQ(mark({{"tanggal", "2026-11-01"}, {"petugas", "x"}, {"nama", "y"}}).status, 422);
  const Json good = {{"tanggal", "2026-11-01"}, {"petugas", "x"}};
  EXPECT_EQ(Json::parse(mark(good).body)["new"], true);
  EXPECT_EQ(Json::parse(mark(good).body)["new"], false);
  const LegId id = LegId::FromBytes(ParseUuid(leg).value()).value();
  const auto erased = home_.store_->Write([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto messages, tables.ListLeg(id));
    return tables.EraseContent(messages[0].id, messages[0].id, world_.now());
  });
  ASSERT_TRUE(erased.has_value());
  EXPECT_EQ(home_.store_->Read([&](Tables& tables) { return tables.FindVerification(id); }).value(),
            "");
  EXPECT_EQ(Summary()["dikeluarkan"]["tidak_terbaca"], 1);
}

TEST_F(ExportTest, TheMostLegsAreReadAndOneMoreIsRefused) {
  LegRow leg;
  leg.peer = "dinsos.18@lampung.example";
  leg.opened_at = world_.now();
  const auto open = [&](size_t count) {
    return home_.store_->Write([&](Tables& tables) -> Result<void> {
      for (size_t i = 0; i < count; ++i) {
        leg.id = certs::NewLegId(world_.now());
        RETURN_IF_ERROR(tables.OpenLeg(leg));
      }
      return {};
    });
  };
  const auto read = [&] {
    LegPages pages(*home_.store_, ExportPeriod());
    return pages.All([](Tables&, const LegId&) -> Result<void> { return {}; });
  };
  ASSERT_TRUE(open(limits::kExportRowsMax).has_value());
  EXPECT_TRUE(read().has_value());
  ASSERT_TRUE(open(1).has_value());
  EXPECT_EQ(read().error().code, Errc::kLimit);
}

}  // namespace
}  // namespace rujukan::agency
