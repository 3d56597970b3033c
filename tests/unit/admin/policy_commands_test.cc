// Goal: a policy is shown, tried, compared and put in force as people type it; one whose examples
// fail is not; and what a test answers is what the fold will do. Method: command lines over a
// broker in memory with the real fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "agents/admin/commands.h"
#include "agents/admin/governing.h"
#include "base/limits.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"
#include "tests/unit/admin/members.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using testing::BringInMember;
using ::testing::HasSubstr;
using testing::kOneDay;

constexpr char kDinsos[] = "dinsos.18.71@lampung.example";
constexpr char kHome[] = "lksa.31.75.001@lampung.example";
constexpr char kPolice[] = "uppa.18.71@lampung.example";

constexpr char kSmall[] =
    "rujukan-policy 1\n"
    "name \"Contoh / example\"\n"
    "types dinsos, lksa, uppa\n"
    "deny D1 when target-suspended -- \"Penerima dibekukan / suspended\"\n"
    "allow A1 from dinsos to lksa kinds all scope own-prov -- \"Di provinsinya / own province\"\n"
    "test allowed A1: dinsos.18.71 lksa.18.72.003 PENITIPAN\n";

class PolicyCommands : public testing::FoundedDomain {
 protected:
  PolicyCommands() : FoundedDomain({AddPolicyCommands, AddPermitCommands}) {}

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(root + "/" + name) << text;
    return root + "/" + name;
  }
  uint64_t Version() const {
    const auto record = ledger::ReadPolicyRecord(broker->view());
    return record && *record ? (*record)->version() : 0;
  }
};

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST_F(PolicyCommands, ADocumentIsPutInForceUnderTheNextVersionAndShown) {
  const uint64_t before = Version();
  const Json set = Answer({"policy", "set", Write("small.policy", kSmall)});
  EXPECT_EQ(set["waits"], false);
  EXPECT_EQ(Version(), before + 1);
  ASSERT_EQ(Run({"policy", "set", root + "/small.policy"}).exit_code, kExitOk);
  const Json shown = Answer({"policy", "show"});
  EXPECT_EQ(shown["version"], before + 2);
  EXPECT_EQ(shown["by"], "admin.01@lampung.example");
  EXPECT_EQ(shown["document"], kSmall);
  ASSERT_EQ(shown["rules"].size(), 2u);
  EXPECT_THAT(shown["rules"][0].get<std::string>(), HasSubstr("deny D1 when"));
  EXPECT_EQ(RunAt(home, {"policy", "show", "--text"}, /*json=*/false).text, kSmall);
  EXPECT_THAT(RunAt(home, {"policy", "show"}, /*json=*/false).text,
              HasSubstr("2 rules, 1 examples"));
}

TEST_F(PolicyCommands, ADocumentWhoseExamplesFailIsRefusedWithEachOfThem) {
  std::string text = Replaced(kSmall, "lksa.18.72.003", "lksa.31.75.001");
  text += "test denied D1: dinsos.18.71 lksa.18.72.003 PENITIPAN\n";
  const std::string file = Write("wrong.policy", text);
  const uint64_t before = Version();
  for (const char* command : {"set", "check"}) {
    const Output output = RunAt(home, {"policy", command, file}, /*json=*/false);
    EXPECT_EQ(output.exit_code, kExitFailed);
    EXPECT_THAT(output.error, HasSubstr("2 of its examples"));
    EXPECT_THAT(output.error, HasSubstr("line 6:"));
    EXPECT_THAT(output.error, HasSubstr("line 7:"));
  }
  EXPECT_EQ(Version(), before);
  EXPECT_EQ(Run({"policy", "set", file, "--skip-examples"}).exit_code, kExitOk);
  EXPECT_EQ(Version(), before + 1);
}

TEST_F(PolicyCommands, ADocumentThatDoesNotParseSaysWhichLineToMend) {
  const Output output =
      Run({"policy", "set", Write("bad.policy", Replaced(kSmall, "uppa", "UPPA"))});
  EXPECT_EQ(output.exit_code, kExitFailed);
  EXPECT_THAT(output.error, HasSubstr("line 3"));
  EXPECT_THAT(Run({"policy", "check", root + "/none"}).error, HasSubstr("cannot be read"));
}

TEST_F(PolicyCommands, ADocumentAtTheSizeLimitIsReadAndOnePastIsNot) {
  std::string text = kSmall;
  while (text.size() + 200 < limits::kPolicyBytesMax) {
    text += "#" + std::string(98, 'x') + "\n";
  }
  text += "#" + std::string(limits::kPolicyBytesMax - text.size() - 2, 'x') + "\n";
  ASSERT_EQ(text.size(), limits::kPolicyBytesMax);
  EXPECT_EQ(Run({"policy", "check", Write("full.policy", text)}).exit_code, kExitOk);
  const Output over = Run({"policy", "check", Write("over.policy", text + "\n")});
  EXPECT_EQ(over.exit_code, kExitFailed);
  EXPECT_THAT(over.error, HasSubstr("limit"));
}

TEST_F(PolicyCommands, ADiffNamesRulesByIdAndTheExamplesThatWouldBeDecidedOtherwise) {
  ASSERT_EQ(Run({"policy", "set", Write("small.policy", kSmall)}).exit_code, kExitOk);
  EXPECT_EQ(Answer({"policy", "diff", root + "/small.policy"})["changes"].size(), 0u);
  std::string next = Replaced(kSmall, "scope own-prov", "scope same");
  next = Replaced(next, "test allowed A1: dinsos.18.71 lksa.18.72.003 PENITIPAN\n", "");
  next = Replaced(next, "deny D1 when target-suspended", "deny D2 when no-basis");
  const Json diff = Answer({"policy", "diff", Write("next.policy", next)});
  std::map<std::string, std::string> changes;
  for (const Json& change : diff["changes"]) {
    changes[change["what"]] = change["change"];
  }
  const std::map<std::string, std::string> expected = {
      {"deny D1", "removed"}, {"deny D2", "added"}, {"allow A1", "changed"}, {"test", "removed"}};
  EXPECT_EQ(changes, expected);
  ASSERT_EQ(diff["examples"].size(), 1u);
  EXPECT_EQ(diff["examples"][0]["before"], "allowed by A1");
  EXPECT_EQ(diff["examples"][0]["after"], "supervisor by P0");
}

TEST_F(PolicyCommands, AQuestionAboutNamesIsAnsweredByADraftWithoutAHome) {
  const std::string file = Write("small.policy", kSmall);
  const auto ask = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"policy", "test"});
    words.insert(words.end(), {"--policy", file, "--json"});
    CLI::App app;
    CommonOptions common;
    CommandSet set(app, common);
    AddPolicyCommands(set);
    std::reverse(words.begin(), words.end());
    app.parse(std::move(words));
    return set.RunChosen(Office(common, clock, connect));
  };
  const Output allowed = ask({"dinsos.18.71", "lksa.18.72.003", "PENITIPAN"});
  EXPECT_EQ(allowed.exit_code, kExitOk);
  const Json steps = Json::parse(allowed.text)["steps"];
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0]["rule"], "D1");
  EXPECT_THAT(steps[0]["why"].get<std::string>(), HasSubstr("condition"));
  EXPECT_EQ(steps[1]["rule"], "A1");

  const Output denied = ask({"dinsos.18.71", "lksa.18.72.003", "PENITIPAN", "target-suspended"});
  EXPECT_EQ(denied.exit_code, kExitFailed);
  EXPECT_EQ(Json::parse(denied.text)["rule"], "D1");
  EXPECT_THAT(ask({"dinsos.18.71", "lksa.18.72.003", "TITIP"}).error, HasSubstr("not a kind"));
  EXPECT_THAT(ask({kDinsos, "lksa.18.72.003", "PENITIPAN"}).error, HasSubstr("--home"));
}

TEST_F(PolicyCommands, AQuestionAboutMembersIsAnsweredAsTheDirectoryHasThem) {
  ASSERT_EQ(Run({"policy", "set", Write("small.policy", kSmall)}).exit_code, kExitOk);
  BringInMember(home, *broker, {kDinsos});
  // Its name says 31.75; the record, which the fold believes, says 18.
  BringInMember(home, *broker, {kHome, v1::Role::AGENCY, "kemendagri:18.01"});
  EXPECT_EQ(Answer({"policy", "test", kDinsos, kHome, "PENITIPAN"})["rule"], "A1");

  v1::Act suspend;
  suspend.mutable_suspend()->set_address(kHome);
  ASSERT_TRUE(testing::SubmitFrom(home, *broker, suspend));
  const Output denied = Run({"policy", "test", kDinsos, kHome, "PENITIPAN", "emergency"});
  EXPECT_EQ(denied.exit_code, kExitFailed);
  EXPECT_EQ(Json::parse(denied.text)["rule"], "D1");
  EXPECT_THAT(Run({"policy", "test", kDinsos, kHome, "PENITIPAN", "agreement"}).error,
              HasSubstr("in the directory"));
  EXPECT_THAT(Run({"policy", "test", kDinsos, kPolice, "PENITIPAN"}).error,
              HasSubstr("no agency of this domain"));
}

TEST_F(PolicyCommands, APermitAllowsWhatThePolicyLeavesOpenUntilItExpires) {
  ASSERT_EQ(Run({"policy", "set", Write("small.policy", kSmall)}).exit_code, kExitOk);
  BringInMember(home, *broker, {kDinsos});
  BringInMember(home, *broker, {kPolice});
  const std::vector<std::string> question = {"policy", "test", kDinsos, kPolice, "LAPORAN_AWAL"};
  EXPECT_EQ(Json::parse(Run(question).text)["decision"], "supervisor");
  Answer({"permit", kDinsos, kPolice, "--for", "30d", "--note", "satu kasus"});
  const Json allowed = Answer(question);
  EXPECT_EQ(allowed["rule"], "permit");
  EXPECT_THAT(allowed["because"].get<std::string>(), HasSubstr("satu kasus"));
  EXPECT_EQ(Answer({"permits"})[0]["in_force"], true);
  Pass(30 * kOneDay);
  EXPECT_EQ(Run(question).exit_code, kExitFailed);
  EXPECT_EQ(Answer({"permits"})[0]["in_force"], false);
}

TEST_F(PolicyCommands, APermitAtTheLimitIsGivenAndOnePastIsNot) {
  BringInMember(home, *broker, {kDinsos});
  BringInMember(home, *broker, {kPolice});
  EXPECT_EQ(Run({"permit", kDinsos, kPolice, "--for", "90d"}).exit_code, kExitOk);
  EXPECT_THAT(Run({"permit", kDinsos, kPolice, "--for", "91d"}).error, HasSubstr("within 90 days"));
  EXPECT_THAT(Run({"permit", kDinsos, kPolice, "--until", "2020-01-01"}).error,
              HasSubstr("in the future"));
  EXPECT_THAT(Run({"permit", kDinsos, kPolice, "--until", "2026-02-30"}).error,
              HasSubstr("YYYY-MM-DD"));
  EXPECT_EQ(Run({"permit", kDinsos, kPolice}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace rujukan::admin
