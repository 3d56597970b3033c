// Goal: a table of hundreds is invited at once, wrong rows are named by line and keep nobody else
// out, and another run does only what is left. Method: real CSV files, a broker in memory.
#include "agents/admin/invite_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "agents/link/invitation.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

class InviteTableTest : public testing::FoundedDomain {
 protected:
  void Write(const std::string& text) { std::ofstream(root + "/agencies.csv") << text; }
  Output Invite(std::vector<std::string> more = {}, bool json = true) {
    std::vector<std::string> words = {
        "invite", "--from", root + "/agencies.csv", "--out-dir", root + "/out"};
    words.insert(words.end(), more.begin(), more.end());
    return RunAt(home, std::move(words), json);
  }
};

constexpr char kTwo[] =
    "address,name,region\n"
    "dinsos.18.71@lampung.example,Dinas Sosial,kemendagri:18.71\n"
    "lpa.18@lampung.example,LPA Lampung,kemendagri:18\n";

TEST_F(InviteTableTest, EveryRowGetsItsFileItsEntryAndALineInTheSummary) {
  Write(kTwo);
  const Output output = Invite();
  ASSERT_EQ(output.exit_code, kExitOk) << output.error << output.text;
  const Json rows = Json::parse(output.text);
  EXPECT_EQ(rows[0]["index"], 1);
  EXPECT_EQ(rows[1]["index"], 2);
  EXPECT_EQ(link::LoadInvitation(root + "/out/lpa.18.invite")->address(), "lpa.18@lampung.example");
  EXPECT_EQ(testing::ReadBytes(root + "/out/invitations.csv"),
            "address,file,entry,state\n"
            "dinsos.18.71@lampung.example,dinsos.18.71.invite,1,invited\n"
            "lpa.18@lampung.example,lpa.18.invite,2,invited\n");
}

TEST_F(InviteTableTest, OneSignatureCoversAll) {
  Write(kTwo);
  ASSERT_EQ(Invite().exit_code, kExitOk);
  v1::Entry entry;
  ASSERT_TRUE(entry.ParseFromString(broker->DirectoryFrom(1)->entries(0).entry()));
  EXPECT_EQ(entry.act().signature().batch_size(), 2u);
}

TEST_F(InviteTableTest, WrongRowsAreNamedByLineAndTheOthersAreInvited) {
  Write(std::string(kTwo) +
        "dinsos.18.72@lampung.example,Dinas Sosial,18.72\n"
        "lpa.18@lampung.example,LPA Lampung,kemendagri:18\n"
        "dinsos.18.01@lampung.example\n");
  const Output output = Invite({}, /*json=*/false);
  EXPECT_EQ(output.exit_code, kExitFailed);
  EXPECT_THAT(output.text, HasSubstr("line 4: "));
  EXPECT_THAT(output.text, HasSubstr("Metro")) << "what the digits mean";
  EXPECT_THAT(output.text, HasSubstr("line 5: this address is in the table twice"));
  EXPECT_THAT(output.text, HasSubstr("line 6: "));
  EXPECT_THAT(output.text, HasSubstr("2 invited, 0 were already, 3 failed"));
}

TEST_F(InviteTableTest, ADryRunSaysTheSameAndDoesNothing) {
  Write(kTwo);
  const Output output = Invite({"--dry-run"}, /*json=*/false);
  EXPECT_EQ(output.exit_code, kExitOk);
  EXPECT_THAT(output.text, HasSubstr("2 would be invited"));
  EXPECT_FALSE(std::filesystem::exists(root + "/out"));
  EXPECT_EQ(Answer({"invitations"}).size(), 0u);
}

TEST_F(InviteTableTest, AnotherRunInvitesOnlyWhoIsLeft) {
  Write(kTwo);
  ASSERT_EQ(Invite().exit_code, kExitOk);
  const v1::Invitation answered = *link::LoadInvitation(root + "/out/lpa.18.invite");
  Join(answered);
  ASSERT_EQ(Run({"approve", "--all"}).exit_code, kExitOk);
  Write(std::string(kTwo) + "dinsos.18@lampung.example,Dinas Sosial,kemendagri:18\n");
  const Output output = Invite({}, /*json=*/false);
  EXPECT_EQ(output.exit_code, kExitOk) << output.text;
  EXPECT_THAT(output.text, HasSubstr("1 invited, 2 were already, 0 failed"));
  EXPECT_EQ(Answer({"invitations"}).size(), 2u);
}

TEST_F(InviteTableTest, AnInvitationThatWasWrittenButNeverRecordedIsRecordedByTheNextRun) {
  Write(kTwo);
  broker->RefuseSubmissions(true);
  EXPECT_EQ(Invite().exit_code, kExitFailed);
  broker->RefuseSubmissions(false);
  const std::string written = testing::ReadBytes(root + "/out/lpa.18.invite");
  EXPECT_EQ(Invite().exit_code, kExitOk);
  EXPECT_EQ(testing::ReadBytes(root + "/out/lpa.18.invite"), written);
  EXPECT_EQ(Answer({"invitations"}).size(), 2u);
}

TEST_F(InviteTableTest, ATableWithoutItsColumnsOrWithOthersIsRefusedAsAWhole) {
  Write("address,name\n");
  EXPECT_THAT(Invite().error, HasSubstr("there is no column region"));
  Write("address,name,region,telepon\n");
  EXPECT_THAT(Invite().error, HasSubstr("line 1"));
  EXPECT_THAT(Run({"invite", "--from", root + "/agencies.csv"}).error, HasSubstr("--out-dir"));
  EXPECT_THAT(Run({"invite", "--from", root + "/none.csv", "--out-dir", root}).error,
              HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace rujukan::admin
