// Goal: an officer brings a month's tables in and takes the exports out with the commands of the
// guide. Method: a real broker and two real agents; the tables are those of `import --template`,
// filled in.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/csv.h"
#include "tests/harness/deployment.h"
#include "tests/harness/wait.h"

namespace rujukan::testing {
namespace {

using nlohmann::json;

class Bulk : public ::testing::Test {
 protected:
  Bulk() {
    for (const char* name : {"uppa.18.01", "dinsos.18"}) {
      deployment.Join(name);
      deployment.StartAgent(name);
    }
  }

  // The template of `kind` with one row a child, each with its own changes.
  using Cells = std::map<std::string, std::string>;
  std::string Table(const std::string& kind, const std::vector<Cells>& rows) {
    const Output form = deployment.Agent("uppa.18.01", {"import", "--template", kind});
    EXPECT_EQ(form.exit_code, 0) << form.err;
    const auto table = ParseCsv(form.out);
    EXPECT_TRUE(table.has_value());
    std::string text = form.out.substr(0, form.out.find('\n') + 1);
    for (const Cells& change : rows) {
      auto cells = table->rows.at(0).fields;
      for (const auto& [column, value] : change) {
        cells[*table->Column(column)] = value;
      }
      for (size_t i = 0; i < cells.size(); ++i) {
        text += (i == 0 ? "\"" : ",\"") + cells[i] + "\"";
      }
      text += "\n";
    }
    const std::string path = deployment.path(kind + ".csv");
    WriteWholeFile(path, text);
    return path;
  }

  json Import(std::string_view agency,
              const std::string& kind,
              const std::string& file,
              const std::string& mode) {
    const Output done = deployment.Agent(agency, {"import", file, "--as", kind, mode, "--json"});
    return json::parse(done.out, nullptr, /*allow_exceptions=*/false);
  }
  json Legs(std::string_view agency) {
    return json::parse(deployment.Agent(agency, {"legs", "--json"}).out)["legs"];
  }

  Deployment deployment;
};

TEST_F(Bulk, TablesComeInOnceAndExportsGoOutWhole) {
  const Cells child = {{"kepada", Deployment::Address("dinsos.18")}};
  std::vector<Cells> rows(3, child);
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i]["kunci"] = "kasus-" + std::to_string(i);
    rows[i]["t1.ref_anak"] = "LS-" + std::to_string(i);
  }
  rows.push_back(child);
  rows[3]["kunci"] = "kasus-3";
  rows[3]["t1.tingkat_risiko"] = "ENTAH";
  const std::string file = Table("referrals", rows);

  const Output checked =
      deployment.Agent("uppa.18.01", {"import", file, "--as", "referrals", "--check"});
  EXPECT_EQ(checked.exit_code, 1);
  EXPECT_NE(checked.err.find("t1.tingkat_risiko"), std::string::npos) << checked.err;
  EXPECT_EQ(Legs("uppa.18.01").size(), 0U);
  EXPECT_EQ(Import("uppa.18.01", "referrals", file, "--skip-bad")["queued"], 3);
  EXPECT_EQ(Import("uppa.18.01", "referrals", file, "--skip-bad")["repeated"], 3);
  EXPECT_TRUE(Eventually([&] { return Legs("dinsos.18").size() == 3; }));

  const Output legs = deployment.Agent("dinsos.18", {"export", "legs"});
  EXPECT_EQ(legs.exit_code, 0) << legs.err;
  EXPECT_EQ(ParseCsv(legs.out)->rows.size(), 3U);
  const std::string out = deployment.path("siks.csv");
  const Output siks = deployment.Agent("dinsos.18", {"export", "siks-ng", "--out", out});
  EXPECT_EQ(siks.exit_code, 0) << siks.err;
  EXPECT_EQ(ParseCsv(ReadWholeFile(out))->rows.size(), 0U) << "nothing is verified yet";
  const json summary = json::parse(ReadWholeFile(out + ".ringkasan.json"));
  EXPECT_EQ(summary["dikeluarkan"]["belum_verivali"], 3);
  const std::string leg = Legs("dinsos.18")[0]["leg_id"];
  const Output fhir = deployment.Agent("dinsos.18", {"export", "fhir", "--leg", leg});
  EXPECT_EQ(json::parse(fhir.out)["resourceType"], "Bundle") << fhir.err;
  EXPECT_EQ(
      deployment
          .Agent("dinsos.18", {"export", "simfoni", "--from", "2026-11-02", "--to", "2026-11-30"})
          .exit_code,
      1);
}

}  // namespace
}  // namespace rujukan::testing
