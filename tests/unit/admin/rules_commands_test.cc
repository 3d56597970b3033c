// Goal: under the two-admin rule nothing that could turn the domain over to somebody happens by one
// admin, and the second can see what waits. Method: command lines of two admins over a broker in
// memory with the real fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "agents/admin/governing.h"
#include "agents/admin/proposals.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "ledger/authenticate.h"
#include "ledger/policy_text.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"
#include "tests/unit/admin/members.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using testing::BringInMember;
using ::testing::HasSubstr;

constexpr char kSecond[] = "admin.02@lampung.example";
constexpr char kThird[] = "admin.03@lampung.example";

class RuleCommands : public testing::FoundedDomain {
 protected:
  RuleCommands() : FoundedDomain({AddRuleCommands, AddPolicyCommands}) {}

  // A second admin with a home, and the rule on.
  void TwoAdmins() {
    const auto keys = BringInMember(home, *broker, {kSecond, v1::Role::ADMIN});
    WriteHomeOf(keys, home, *broker, second_home);
    Answer({"rules", "--two-admins", "on"});
  }
  std::string WritePolicy() const {
    std::ofstream(root + "/default.policy") << ledger::DefaultPolicyText();
    return root + "/default.policy";
  }
  uint64_t PolicyVersion() const {
    const auto record = ledger::ReadPolicyRecord(broker->view());
    return record && *record ? (*record)->version() : 0;
  }

  const std::string second_home = root + "/admin-02";
};

TEST_F(RuleCommands, TheRuleNeedsASecondAdminBeforeItCanBeTurnedOn) {
  EXPECT_EQ(Answer({"rules"})["two_admins"], false);
  const Output refused = Run({"rules", "--two-admins", "on"});
  EXPECT_EQ(refused.exit_code, kExitFailed);
  EXPECT_THAT(refused.error, HasSubstr("two active admins"));
  TwoAdmins();
  const Json rules = Answer({"rules"});
  EXPECT_EQ(rules["two_admins"], true);
  EXPECT_EQ(rules["active_admins"], 2);
  EXPECT_EQ(Run({"rules", "--two-admins", "yes"}).exit_code, kExitUsage);
}

TEST_F(RuleCommands, APolicyWaitsForTheSecondAdminAndThenTakesEffect) {
  TwoAdmins();
  const uint64_t before = PolicyVersion();
  EXPECT_EQ(Answer({"policy", "set", WritePolicy()})["waits"], true);
  EXPECT_THAT(RunAt(home, {"policy", "set", WritePolicy()}, /*json=*/false).text,
              HasSubstr("waits for a second admin until"));
  EXPECT_EQ(PolicyVersion(), before);

  const Json waiting = Json::parse(RunAt(second_home, {"proposals"}).text);
  ASSERT_EQ(waiting.size(), 2u);
  EXPECT_EQ(waiting[0]["proposer"], "admin.01@lampung.example");
  EXPECT_THAT(waiting[0]["act"].get<std::string>(), HasSubstr("put policy"));
  EXPECT_EQ(waiting[0]["details"]["examples that fail"], "0");
  const std::string id = waiting[0]["id"];
  const Output own = Run({"confirm", id});
  EXPECT_EQ(own.exit_code, kExitFailed);
  EXPECT_THAT(own.error, HasSubstr("another admin"));
  EXPECT_EQ(RunAt(second_home, {"confirm", id}).exit_code, kExitOk);
  EXPECT_EQ(PolicyVersion(), before + 1);
  EXPECT_EQ(RunAt(second_home, {"confirm", id}).exit_code, kExitFailed);
}

TEST_F(RuleCommands, AnAdmissionIsShownWithAddressRoleAndFingerprint) {
  TwoAdmins();
  const auto applicant = testing::AskToJoin(home, *broker, {kThird, v1::Role::ADMIN});
  v1::Act act;
  *act.mutable_admit() = applicant.admit;
  ASSERT_TRUE(testing::SubmitFrom(home, *broker, act));
  EXPECT_EQ(MemberOf(kThird).address(), "");

  const std::string fingerprint = ledger::ShortFingerprint(applicant.admit.enrolment_id());
  const std::string shown = RunAt(second_home, {"proposals"}, /*json=*/false).text;
  EXPECT_THAT(shown, HasSubstr("admit admin.03@lampung.example as ADMIN"));
  EXPECT_THAT(shown, HasSubstr(fingerprint));
  const Json waiting = Json::parse(RunAt(second_home, {"proposals"}).text);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(RunAt(second_home, {"confirm", waiting[0]["id"]}).exit_code, kExitOk);
  EXPECT_EQ(MemberOf(kThird).role(), v1::Role::ADMIN);
}

TEST_F(RuleCommands, AProposalIsDeclinedForTheRecordAndItsProposerMayTakeItBack) {
  TwoAdmins();
  const uint64_t before = PolicyVersion();
  for (const std::string& by : {second_home, home}) {
    Answer({"policy", "set", WritePolicy()});
    const std::string id = Answer({"proposals"})[0]["id"];
    EXPECT_EQ(RunAt(by, {"decline", id.substr(0, 16), "--note", "belum disepakati"}).exit_code,
              kExitOk);
    EXPECT_EQ(Answer({"proposals"}).size(), 0u);
  }
  EXPECT_EQ(PolicyVersion(), before);
  EXPECT_EQ(Run({"decline", "0123456789abcdef"}).exit_code, kExitUsage);  // no note
}

TEST_F(RuleCommands, AProposalExpiresAtTheLimit) {
  TwoAdmins();
  Answer({"policy", "set", WritePolicy()});
  Answer({"policy", "set", WritePolicy()});
  const Json waiting = Answer({"proposals"});
  Pass(limits::kProposalLifeMs);
  EXPECT_EQ(RunAt(second_home, {"confirm", waiting[0]["id"]}).exit_code, kExitOk);
  Pass(1);
  EXPECT_EQ(Answer({"proposals"})[0]["expired"], true);
  EXPECT_THAT(RunAt(second_home, {"confirm", waiting[1]["id"]}).error, HasSubstr("7 days"));
}

TEST(Proposals, AnIdIsNamedByABeginningThatNoOtherShares) {
  std::vector<Proposal> proposals(2);
  proposals[0].id = *FromHex("019a5c3e77d07b21aaaaaaaaaaaaaaaa");
  proposals[1].id = *FromHex("019a5c3e77d07b22bbbbbbbbbbbbbbbb");
  EXPECT_EQ(FindProposal(proposals, "019a5c3e77d07b22")->id, proposals[1].id);
  EXPECT_EQ(FindProposal(proposals, "019a5c").error().code, Errc::kConflict);
  EXPECT_EQ(FindProposal(proposals, "ffffff").error().code, Errc::kNotFound);
  EXPECT_EQ(FindProposal(proposals, "019a5").error().code, Errc::kInvalid);
  EXPECT_EQ(FindProposal(proposals, "zzzzzz").error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::admin
