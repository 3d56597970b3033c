// Goal: a question in words is the question meant, and an example that does not hold is reported.
// Method: names with and without regions, each word of a question, and documents with wrong
// examples.
#include "ledger/policy_example.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "tests/unit/ledger/policy_support.h"

namespace rujukan::ledger {
namespace {

using testing::Ask;
using testing::Document;
using ::testing::ElementsAre;
using testing::MustParse;

TEST(PartyOfName, FindsTypeAndAreaAndLeavesTheNumberAlone) {
  const auto expect = [](std::string_view name, std::string_view type, std::string_view code) {
    const Party party = PartyOfName(name);
    EXPECT_EQ(party.type, type) << name;
    EXPECT_EQ(party.area, *Area::Parse(code)) << name;
  };
  expect("dinsos.18.71", "dinsos", "18.71");
  expect("dinsos.18", "dinsos", "18");
  expect("kemensos", "kemensos", "");
  expect("kemensos.00", "kemensos", "");
  expect("lksa.18.72.003", "lksa", "18.72");
  expect("upt_rpsa.18.001", "upt_rpsa", "18");
  expect("patbm.18.01.21.2001", "patbm", "18.01.21.2001");
  expect("unit.ppa.18.01", "unit", "");
  expect("", "", "");
}

TEST(ParseQuestion, SetsWhatItsWordsSayAndNothingElse) {
  const PolicyQuery plain = Ask("dinsos.18.71 rs.18.71.001 PENITIPAN");
  EXPECT_EQ(plain.jenis, v1::ReferralType::PENITIPAN);
  EXPECT_FALSE(plain.notification);
  EXPECT_FALSE(plain.emergency);
  EXPECT_EQ(plain.facts.no_basis, false) << "said to be absent, not unseen";
  EXPECT_TRUE(Ask("a b PEMBERITAHUAN").notification);
  EXPECT_FALSE(Ask("a b RUJUKAN").jenis.has_value());
  EXPECT_TRUE(Ask("a b RUJUKAN emergency").emergency);
  EXPECT_TRUE(Ask("a b RUJUKAN target-suspended").to.suspended);
  EXPECT_FALSE(Ask("a b RUJUKAN target-suspended").from.suspended);
  EXPECT_EQ(Ask("a b RUJUKAN no-basis").facts.no_basis, true);
  EXPECT_FALSE(Ask("a b RUJUKAN top-secret-without-clearance").to.sr_clearance);
  const PolicyQuery cleared = Ask("a b RUJUKAN top-secret-with-clearance");
  EXPECT_EQ(cleared.classification, v1::Classification::SR);
  EXPECT_TRUE(cleared.to.sr_clearance);
}

TEST(CheckExamples, ReportsEachExampleThatDoesNotHold) {
  const Policy policy =
      MustParse(Document("types rs, uppa\n"
                         "deny D1 to uppa -- \"x\"\n"
                         "allow A1 from rs to rs kinds all scope same -- \"x\"\n"
                         "allow A2 from rs to rs kinds all scope own-prov -- \"x\"\n"
                         "test allowed A1: rs.18.01 rs.18.01 PENITIPAN\n"
                         "test allowed A1: rs.18.01 rs.18.02 PENITIPAN\n"
                         "test allowed A1: rs.18.01 uppa.18.01 PENITIPAN\n"
                         "test denied D1: rs.18.01 rs.31.75 PENITIPAN\n"));
  std::vector<std::string> lines;
  for (const ExampleFailure& failure : CheckExamples(policy)) {
    lines.push_back(failure.ToString());
  }
  EXPECT_THAT(
      lines,
      ElementsAre(
          "line 8: rs.18.01 rs.18.02 PENITIPAN: expected allowed by A1, is allowed by A2",
          "line 9: rs.18.01 uppa.18.01 PENITIPAN: expected allowed by A1, is denied by D1",
          "line 10: rs.18.01 rs.31.75 PENITIPAN: expected denied by D1, is supervisor by P0"));
}

// The example of docs/formats/policy.md: the indented lines below its last heading.
TEST(PolicyDocumentation, ItsExampleReadsAndHolds) {
  std::ifstream page(RUJUKAN_SOURCE_DIR "/docs/formats/policy.md");
  std::string document;
  bool in_example = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## ")) {
      in_example = line == "## Example";
    } else if (in_example && (line.starts_with("    ") || !document.empty())) {
      document += line.substr(std::min<size_t>(line.size(), 4)) + "\n";
    }
  }
  const Policy policy = MustParse(document);
  EXPECT_EQ(policy.examples().size(), 4U);
  EXPECT_TRUE(CheckExamples(policy).empty());
}

}  // namespace
}  // namespace rujukan::ledger
