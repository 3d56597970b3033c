// Goal: evidence, check and complete as auditors call them. Method: a copy of a ledger in a folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "tests/unit/audit/command_line.h"
#include "tests/unit/audit/evidence_story.h"

namespace rujukan::audit {
namespace {

using testing::EvidenceStory;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::RunAudit;

const EvidenceStory& Story() {
  return EvidenceStory::Get();
}

class EvidenceCommandTest : public ::testing::Test {
 protected:
  EvidenceCommandTest() : directory(testing::MakeTemporaryDirectory()) {
    testing::WriteFiles(Story().log(), directory + "/copy");
    std::ofstream(directory + "/opened.pb", std::ios::binary) << Story().opened();
    leg = FormatUuid(Story().referral().leg_id());
  }
  ~EvidenceCommandTest() override { std::filesystem::remove_all(directory); }

  std::string directory;
  std::string leg;
};

TEST_F(EvidenceCommandTest, EvidenceAndCheckGoTogetherAndTheExitCodeTells) {
  const std::string file = directory + "/F.asice";
  const Output made = RunAudit({"evidence", leg, "--ledger", directory + "/copy", "--out", file});
  ASSERT_EQ(made.exit_code, kExitOk) << made.error;
  const std::string vkey = Story().anchors().vkey;
  const Output good =
      RunAudit({"check", file, "--vkey", vkey, "--html", directory + "/report.html", "--json"});
  EXPECT_EQ(good.exit_code, kExitOk) << good.text;
  EXPECT_EQ(nlohmann::json::parse(good.text)["verdict"], "pass");
  std::ifstream page(directory + "/report.html");
  const std::string html{std::istreambuf_iterator<char>(page), {}};
  EXPECT_THAT(html, HasSubstr("TERBUKTI"));
  EXPECT_THAT(html, Not(HasSubstr("://")));
  EXPECT_EQ(RunAudit({"check", file}).exit_code, kExitNotVerified) << "whose ledger is it?";
  std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(3000);
  damaged.put('\x55');
  damaged.close();
  EXPECT_EQ(RunAudit({"check", file, "--vkey", vkey}).exit_code, kExitNotVerified);
}

TEST_F(EvidenceCommandTest, AFileWithOpenedContentIsItsHoldersAlone) {
  const std::string file = directory + "/F.asice";
  const Output made = RunAudit({"evidence",
                                leg,
                                "--ledger",
                                directory + "/copy",
                                "--out",
                                file,
                                "--opened",
                                directory + "/opened.pb"});
  ASSERT_EQ(made.exit_code, kExitOk) << made.error;
  const auto mode = std::filesystem::status(file).permissions();
  EXPECT_EQ(mode & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(EvidenceCommandTest, CompleteSignsAStatementThatGoesIntoTheEvidence) {
  const std::string key = directory + "/auditor.key";
  const std::string note = directory + "/complete.note";
  const Output said = RunAudit({"complete",
                                leg,
                                "--ledger",
                                directory + "/copy",
                                "--key",
                                key,
                                "--name",
                                "auditor.contoh.test",
                                "--out",
                                note,
                                "--json"});
  ASSERT_EQ(said.exit_code, kExitOk) << said.error;
  const auto json = nlohmann::json::parse(said.text);
  EXPECT_EQ(json["messages"], 3);
  EXPECT_EQ(json["refusals"], 1);
  EXPECT_EQ(json["receipts"], 1);
  const std::string vkey = key + ".vkey";  // beside the key, for who is to believe it
  std::ifstream beside(vkey);
  std::string line;
  std::getline(beside, line);
  EXPECT_EQ(line, json["vkey"]);
  const Output again = RunAudit({"complete",
                                 leg,
                                 "--ledger",
                                 directory + "/copy",
                                 "--key",
                                 key,
                                 "--name",
                                 "auditor.contoh.test",
                                 "--out",
                                 note,
                                 "--json"});
  EXPECT_EQ(again.text, said.text) << "anybody comes to the same";
  const std::string file = directory + "/F.asice";
  ASSERT_EQ(RunAudit({"evidence",
                      leg,
                      "--ledger",
                      directory + "/copy",
                      "--out",
                      file,
                      "--statement",
                      note,
                      "--auditor",
                      vkey})
                .exit_code,
            kExitOk);
  const Output checked =
      RunAudit({"check", file, "--vkey", Story().anchors().vkey, "--auditor", vkey, "--json"});
  EXPECT_EQ(checked.exit_code, kExitOk) << checked.text;
  EXPECT_EQ(RunAudit({"complete", leg, "--ledger", directory + "/copy", "--out", note}).exit_code,
            kExitUsage)
      << "unsigned, it is nobody's word";
}

}  // namespace
}  // namespace rujukan::audit
