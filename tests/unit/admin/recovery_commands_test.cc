// Goal: with the root key, and with nothing less, a domain whose admins or issuing CA are lost goes
// on; and what fails leaves no half-made home. Method: command lines; the enrolment door is a
// broker in memory with the real fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "agents/admin/governing.h"
#include "agents/admin/issuing_renewal.h"
#include "agents/admin/recovery.h"
#include "base/bytes.h"
#include "certs/keyfile.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"
#include "tests/unit/admin/members.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr char kFirst[] = "admin.01@lampung.example";
constexpr char kSecond[] = "admin.02@lampung.example";

class RecoveryCommands : public testing::FoundedDomain {
 protected:
  RecoveryCommands()
      : FoundedDomain({[this](CommandSet& set) {
                         AddRecoveryCommands(
                             set,
                             [this](const link::DomainFile& domain, const v1::SubmitRootAct& act) {
                               return Enrol(domain, act);
                             });
                       },
                       AddRuleCommands}) {
    // As after `init`: the root's files go to a safe, the rest stays.
    std::filesystem::create_directory(safe);
    std::filesystem::rename(home + "/root.key", safe + "/root.key");
    std::filesystem::copy_file(home + "/root.crt", safe + "/root.crt");
  }

  Result<link::Proven> Enrol(const link::DomainFile& /*domain*/, const v1::SubmitRootAct& act) {
    ++sent;
    if (before_door) {
      return Fail(*before_door);
    }
    v1::Entry entry;
    entry.mutable_root_act()->set_act(act.act());
    entry.mutable_root_act()->set_signature(act.signature());
    const auto recorded = broker->Record(std::move(entry));
    return after_door && recorded ? Result<link::Proven>(Fail(*after_door)) : recorded;
  }

  std::vector<std::string> Recover(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {
        "recover", "--root", safe, "--domain-file", home + "/domain.json", "--address", kSecond};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::string IssuingInForce() const {
    return ledger::ReadDomain(broker->view())->issuing_certificate();
  }

  const std::string safe = root + "/safe";
  const std::string new_home = root + "/admin-02";
  int sent = 0;
  std::optional<Error> before_door;
  std::optional<Error> after_door;
};

TEST_F(RecoveryCommands, ANewAdminIsAppointedAndTheLostOneTakenOut) {
  const std::string former = IssuingInForce();
  const Output output = RunAt(new_home, Recover({"--revoke", kFirst, "--new-issuing"}));
  ASSERT_EQ(output.exit_code, kExitOk) << output.error;
  EXPECT_EQ(Json::parse(output.text)["admin"], kSecond);
  EXPECT_EQ(MemberOf(kSecond).role(), v1::Role::ADMIN);
  EXPECT_EQ(MemberOf(kFirst).status(), v1::AgencyStatus::NONAKTIF);
  EXPECT_NE(IssuingInForce(), former);
  // The new home signs, issues, and brings the next agency in.
  EXPECT_EQ(RunAt(new_home, {"rules"}).exit_code, kExitOk);
  testing::BringInMember(new_home, *broker, {"dinsos.18.71@lampung.example"});
  EXPECT_FALSE(std::filesystem::exists(new_home + "/root.key"));
  EXPECT_EQ(std::filesystem::status(new_home).permissions(), std::filesystem::perms(0700));
}

TEST_F(RecoveryCommands, TheIssuingKeyBesideTheRootIsTakenOverWhenItIsThere) {
  const Output missing = RunAt(new_home, Recover());
  EXPECT_EQ(missing.exit_code, kExitFailed);
  EXPECT_THAT(missing.error, HasSubstr("--new-issuing"));
  EXPECT_EQ(sent, 0);
  std::filesystem::copy_file(home + "/issuing.key", safe + "/issuing.key");
  std::filesystem::copy_file(home + "/issuing.crt", safe + "/issuing.crt");
  const std::string former = IssuingInForce();
  EXPECT_EQ(RunAt(new_home, Recover()).exit_code, kExitOk);
  EXPECT_EQ(IssuingInForce(), former);
  EXPECT_EQ(MemberOf(kFirst).status(), v1::AgencyStatus::AKTIF);
}

TEST_F(RecoveryCommands, OneAdminLeftUnderTheTwoAdminRuleIsHelpedOut) {
  testing::BringInMember(home, *broker, {"admin.03@lampung.example", v1::Role::ADMIN});
  Answer({"rules", "--two-admins", "on"});
  const auto words = Recover({"--new-issuing", "--one-admin", "--revoke", kFirst});
  EXPECT_EQ(RunAt(new_home, words).exit_code, kExitOk);
  EXPECT_FALSE(ledger::ReadDomain(broker->view())->rules().two_admins());
}

TEST_F(RecoveryCommands, AnotherDomainsRootOrAStolenKeyBesideItIsOfNoUse) {
  ASSERT_TRUE(InitDomain({"jabar.example", root + "/jabar", root + "/jabar-broker", "x", ""},
                         testing::kFounded));
  auto words = Recover({"--new-issuing"});
  words[2] = root + "/jabar";
  const Output foreign = RunAt(new_home, words);
  EXPECT_EQ(foreign.exit_code, kExitFailed);
  EXPECT_THAT(foreign.error, HasSubstr("another domain"));
  std::filesystem::copy_file(root + "/jabar/root.key", root + "/stolen.key");
  std::filesystem::copy_file(safe + "/root.crt", root + "/root.crt");
  words[2] = root + "/stolen.key";
  EXPECT_EQ(RunAt(new_home, words).exit_code, kExitFailed);
  EXPECT_EQ(sent, 0);
  EXPECT_FALSE(std::filesystem::exists(new_home));
}

TEST_F(RecoveryCommands, ARefusalLeavesNothingAndAnUnknownOutcomeLeavesAWholeHome) {
  before_door = Error{Errc::kDenied, "refused", 0};
  EXPECT_EQ(RunAt(new_home, Recover({"--new-issuing"})).exit_code, kExitFailed);
  EXPECT_FALSE(std::filesystem::exists(new_home));
  before_door.reset();
  after_door = Error{Errc::kUnavailable, "no answer", 0};
  const Output unknown = RunAt(new_home, Recover({"--new-issuing"}));
  EXPECT_EQ(unknown.exit_code, kExitUnavailable);
  EXPECT_THAT(unknown.error, HasSubstr("may have been recorded"));
  EXPECT_EQ(RunAt(new_home, {"rules"}).exit_code, kExitOk);
  // And nothing is ever overwritten.
  EXPECT_THAT(RunAt(new_home, Recover({"--new-issuing"})).error, HasSubstr("not an empty folder"));
}

TEST_F(RecoveryCommands, AddressesOutsideTheDomainAndWrongReasonsAreRefused) {
  auto words = Recover({"--new-issuing"});
  words[6] = "admin.02@jabar.example";
  EXPECT_THAT(RunAt(new_home, words).error, HasSubstr("@lampung.example"));
  EXPECT_THAT(RunAt(new_home, Recover({"--new-issuing", "--reason", "LOST"})).error,
              HasSubstr("KEY_COMPROMISE"));
  EXPECT_EQ(sent, 0);
}

TEST_F(RecoveryCommands, ANewIssuingCaTakesOverAndTheFormerOneIsKept) {
  const std::string former_key = testing::ReadBytes(home + "/issuing.key");
  const std::string former = IssuingInForce();
  const Json answer = Answer({"issuing", "renew", "--root", safe});
  EXPECT_NE(IssuingInForce(), former);
  EXPECT_EQ(certs::Certificate::FromPem(testing::ReadBytes(home + "/issuing.crt"))->der(),
            IssuingInForce());
  EXPECT_NE(testing::ReadBytes(home + "/issuing.key"), former_key);
  const std::string kept =
      home + "/issuing-" + ToHex(certs::Certificate::FromDer(former)->key_id().view()).substr(0, 8);
  EXPECT_EQ(testing::ReadBytes(kept + ".key"), former_key);
  EXPECT_EQ(certs::Certificate::FromPem(testing::ReadBytes(kept + ".crt"))->der(), former);
  testing::BringInMember(home, *broker, {"dinsos.18.71@lampung.example"});
}

TEST_F(RecoveryCommands, ARenewalThatWasCutOffIsTakenUpWithTheSameKey) {
  // Cut off before the broker had it: the key that was made is sent.
  before_door = Error{Errc::kUnavailable, "no answer", 0};
  EXPECT_EQ(Run({"issuing", "renew", "--root", safe}).exit_code, kExitUnavailable);
  const std::string made = testing::ReadBytes(home + "/issuing.key.new");
  before_door.reset();
  // Cut off after it: the next run finds it in force and sends nothing.
  after_door = Error{Errc::kUnavailable, "no answer", 0};
  EXPECT_EQ(Run({"issuing", "renew", "--root", safe}).exit_code, kExitUnavailable);
  after_door.reset();
  const int sent_before = sent;
  const Json answer = Answer({"issuing", "renew", "--root", safe});
  EXPECT_TRUE(answer["index"].is_null());
  EXPECT_EQ(sent, sent_before);
  EXPECT_EQ(testing::ReadBytes(home + "/issuing.key"), made);
  EXPECT_FALSE(std::filesystem::exists(home + "/issuing.key.new"));
  testing::BringInMember(home, *broker, {"dinsos.18.71@lampung.example"});
}

}  // namespace
}  // namespace rujukan::admin
