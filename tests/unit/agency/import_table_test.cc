// Goal: a table says what a request can, in the places where a person expects it, and a finding
// about the request is told by its column. Method: headers and cells in, JSON and names out.
#include "agents/agency/import_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/csv.h"

namespace rujukan::agency {
namespace {

using ::testing::HasSubstr;

ImportRow Row(ImportKind kind,
              const std::vector<std::string>& header,
              const std::vector<std::string>& cells) {
  const auto columns = ImportColumns::Make(kind, header);
  EXPECT_TRUE(columns.has_value()) << columns.error().context;
  ImportRow row;
  columns->Fill(cells, row);
  return row;
}

TEST(ImportTable, ColumnsAreThePathsOfTheirFields) {
  const ImportRow row =
      Row(ImportKind::kReferrals,
          {"kunci", "kepada", "petugas.nama", "t1.ref_anak", "t2.nama", "t2.pengasuh.2.nama"},
          {"k-1", "dinsos.18@lampung.example", "Sekar", " LS-1 ", "Melati", "Kenari"});
  EXPECT_TRUE(row.problems.empty());
  EXPECT_EQ(row.key, "k-1");
  EXPECT_EQ(row.body["kepada"], "dinsos.18@lampung.example");
  EXPECT_EQ(row.body["isi"]["petugas"]["nama"], "Sekar");
  EXPECT_EQ(row.body["isi"]["rujukan"]["t1"]["ref_anak"], "LS-1") << "blanks around are nobody's";
  EXPECT_EQ(row.body["t2"]["nama"], "Melati");
  EXPECT_EQ(row.body["t2"]["pengasuh"][1]["nama"], "Kenari");
  EXPECT_FALSE(row.body.contains("kunci"));
}

TEST(ImportTable, ListsAreSeparatedByBarsAndOfRecordsTheFirstFieldIsMeant) {
  const ImportRow row =
      Row(ImportKind::kReferrals,
          {"t1.kategori", "t1.layanan_diminta", "t1.dasar_pemrosesan.1.kode", "t1.bahaya_langsung"},
          {"H | D", "GIZI|PENDIDIKAN", "TUGAS_PUBLIK", "ya"});
  const Json& t1 = row.body["isi"]["rujukan"]["t1"];
  EXPECT_EQ(t1["kategori"], Json({"H", "D"}));
  EXPECT_EQ(t1["layanan_diminta"], Json::parse(R"([{"kode":"GIZI"},{"kode":"PENDIDIKAN"}])"));
  EXPECT_EQ(t1["dasar_pemrosesan"][0]["kode"], "TUGAS_PUBLIK");
  EXPECT_EQ(t1["bahaya_langsung"], true);
}

TEST(ImportTable, EmptyCellsLeaveTheirFieldOut) {
  const ImportRow row = Row(ImportKind::kProgress, {"ref_anak", "akta", "solusi"}, {"A", " ", "s"});
  EXPECT_EQ(row.ref, "A");
  EXPECT_EQ(row.body, Json::parse(R"({"isi":{"solusi":"s"}})"));
}

TEST(ImportTable, ACellThatIsNoYesOrNoIsToldByItsColumnAndNotRepeated) {
  const ImportRow row = Row(ImportKind::kReferrals, {"t1.bahaya_langsung"}, {"Melati"});
  ASSERT_EQ(row.problems.size(), 1U);
  EXPECT_EQ(row.problems[0].field, "t1.bahaya_langsung");
  EXPECT_EQ(row.problems[0].message.find("Melati"), std::string::npos);
}

TEST(ImportTable, AColumnThatIsNoFieldIsToldByItsPlaceAndNeverByItsName) {
  for (const char* name : {"Melati",
                           "t1.nama",           // identity has no place in the first stage
                           "t1",                // a record
                           "t2.pengasuh.nama",  // which one?
                           "t2.pengasuh.0.nama",
                           "t2.pengasuh.33.nama",
                           "t2.pengasuh.1",
                           "petugas.x",
                           "kunci.x"}) {
    const auto columns = ImportColumns::Make(ImportKind::kReferrals, {"kepada", name});
    ASSERT_FALSE(columns.has_value()) << name;
    EXPECT_THAT(columns.error().context, HasSubstr("column 2"));
    EXPECT_EQ(columns.error().context.find("Melati"), std::string::npos);
  }
}

TEST(ImportTable, FindingsAreToldByTheColumnTheyAreAbout) {
  const auto columns = ImportColumns::Make(
      ImportKind::kReferrals, {"t1.kategori", "t1.wilayah_asal", "t2.pengasuh.1.nama"});
  ASSERT_TRUE(columns.has_value());
  EXPECT_EQ(columns->ColumnOf("isi.rujukan.t1.wilayah_asal"), "t1.wilayah_asal");
  EXPECT_EQ(columns->ColumnOf("isi.rujukan.t1.kategori[2]"), "t1.kategori");
  EXPECT_EQ(columns->ColumnOf("t2.pengasuh[0].nama"), "t2.pengasuh.1.nama");
  EXPECT_EQ(columns->ColumnOf("isi.rujukan.t1.ringkasan"), "t1.ringkasan") << "the one to add";
  EXPECT_EQ(columns->ColumnOf("isi.petugas.nama"), "petugas.nama");
  const auto progress = ImportColumns::Make(ImportKind::kProgress, {"solusi"});
  EXPECT_EQ(progress->ColumnOf("isi.laporan_kemajuan.solusi"), "solusi");
}

TEST(ImportTable, EveryTemplateHasColumnsThatExistAndOneRow) {
  for (const auto kind :
       {ImportKind::kReferrals, ImportKind::kProgress, ImportKind::kVerification}) {
    const auto table = ParseCsv(ImportTemplate(kind));
    ASSERT_TRUE(table.has_value()) << table.error().context;
    EXPECT_EQ(table->rows.size(), 1U);
    const auto columns = ImportColumns::Make(kind, table->header);
    ASSERT_TRUE(columns.has_value()) << columns.error().context;
    ImportRow row;
    columns->Fill(table->rows[0].fields, row);
    EXPECT_TRUE(row.problems.empty());
    EXPECT_EQ(ParseImportKind(ImportKindName(kind)).value(), kind);
  }
  EXPECT_FALSE(ParseImportKind("lain").has_value());
}

}  // namespace
}  // namespace rujukan::agency
