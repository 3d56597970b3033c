// Goal: what admins decide about members (keys, status, standing), what they see of them, and who
// signed it. Method: command lines over a broker in memory with the real fold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/admin/acts.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using testing::Applicant;
using ::testing::HasSubstr;
using testing::kOneDay;

constexpr char kAgency[] = "dinsos.18.71@lampung.example";
constexpr char kSecond[] = "admin.02@lampung.example";

class MembersTest : public testing::FoundedDomain {
 protected:
  v1::KeyRecord KeyOf(const std::string& key_id) {
    const auto key = ledger::ReadKey(broker->view(), key_id);
    return key && *key ? **key : v1::KeyRecord();
  }
};

TEST_F(MembersTest, ARequestForNewKeysIsListedAndGranted) {
  const Applicant present = BringIn(kAgency);
  const std::string before = MemberOf(kAgency).signing_key();
  AskForKeys(kAgency, present, Applicant());
  const Json requests = Answer({"requests"});
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0]["kind"], "keys");
  EXPECT_EQ(requests[0]["role"], "agency");
  Answer({"approve", requests[0]["fingerprint"]});
  EXPECT_NE(MemberOf(kAgency).signing_key(), before);
  EXPECT_EQ(KeyOf(before).revoked_at_index(), 0u) << "it still counts for the overlap";
  EXPECT_EQ(Answer({"requests"}).size(), 0u);
}

TEST_F(MembersTest, ARequestForNewKeysIsRefusedWithAReason) {
  const Applicant present = BringIn(kAgency);
  const std::string before = MemberOf(kAgency).signing_key();
  AskForKeys(kAgency, present, Applicant());
  EXPECT_EQ(Run({"reject", kAgency}).exit_code, kExitUsage) << "a reason is needed";
  Answer({"reject", kAgency, "--reason", "tidak ada yang meminta"});
  EXPECT_EQ(MemberOf(kAgency).signing_key(), before);
  EXPECT_EQ(Answer({"requests"}).size(), 0u);
}

TEST_F(MembersTest, CertificatesLiveAsLongAsSaidAndNeverLongerThanTheCa) {
  Join(Invite(kAgency));
  const Output too_long = Run({"approve", kAgency, "--days", "1826"});
  EXPECT_EQ(too_long.exit_code, kExitFailed);
  EXPECT_THAT(too_long.error, HasSubstr("1825 days"));
  Answer({"approve", kAgency, "--days", "30"});
  EXPECT_EQ(KeyOf(MemberOf(kAgency).signing_key()).not_after_ms(), clock.now + 30 * kOneDay);
  EXPECT_EQ(Answer({"agencies", "--type", "dinsos"})[0]["days_left"], 30);
}

TEST_F(MembersTest, ApprovingAllDoesTheGoodOnesAndNamesTheBad) {
  Join(Invite(kAgency));
  Join(Invite(kAgency));  // of two for one address only one can be admitted
  Join(Invite("lpa.18.71@lampung.example"));
  const Output output = Run({"approve", "--all"});
  EXPECT_EQ(output.exit_code, kExitFailed);
  const Json decisions = Json::parse(output.text)["decisions"];
  ASSERT_EQ(decisions.size(), 3u);
  EXPECT_FALSE(decisions[0].contains("problem"));
  EXPECT_TRUE(decisions[1].contains("problem"));
  EXPECT_FALSE(decisions[2].contains("problem"));
  EXPECT_EQ(MemberOf("lpa.18.71@lampung.example").status(), v1::AgencyStatus::AKTIF);
}

TEST_F(MembersTest, ASuspendedAgencyIsOutUntilItIsResumed) {
  BringIn(kAgency);
  EXPECT_EQ(Run({"suspend", kAgency, "--note", "x"}).exit_code, kExitUsage) << "mail: a choice";
  EXPECT_EQ(Run({"suspend", kAgency, "--note", "x", "--hold", "--bounce"}).exit_code, kExitUsage);
  Answer({"suspend", kAgency, "--note", "laptop hilang", "--hold"});
  EXPECT_EQ(MemberOf(kAgency).status(), v1::AgencyStatus::DIBEKUKAN);
  EXPECT_EQ(MemberOf(kAgency).status_note(), "laptop hilang");
  EXPECT_EQ(Answer({"agencies", "--status", "DIBEKUKAN"}).size(), 1u);
  Answer({"resume", kAgency, "--note", "ditemukan"});
  EXPECT_EQ(MemberOf(kAgency).status(), v1::AgencyStatus::AKTIF);
  EXPECT_EQ(Run({"resume", kAgency, "--note", "x"}).exit_code, kExitFailed);
}

TEST_F(MembersTest, ARevocationPublishesACrlThatListsBothCertificates) {
  BringIn(kAgency);
  EXPECT_THAT(Run({"crl", "show"}).error, HasSubstr("no CRL was published yet"));
  const Json revoked = Answer({"revoke", kAgency, "--reason", "CESSATION", "--bounce"});
  EXPECT_THAT(revoked["crl"].get<std::string>(), HasSubstr("CRL 1 published"));
  EXPECT_TRUE(revoked.contains("took_ms"));
  const Json shown = Answer({"crl", "show", "--out", root + "/lampung.crl"});
  EXPECT_EQ(shown["number"], 1);
  EXPECT_EQ(shown["serials"].size(), 2u);
  EXPECT_FALSE(testing::ReadBytes(root + "/lampung.crl").empty());

  const Json again = Answer({"crl", "publish"});
  EXPECT_EQ(again["number"], 2);
  EXPECT_EQ(again["revoked"], 2);
}

TEST_F(MembersTest, WhatHasExpiredLeavesTheCrl) {
  Join(Invite(kAgency));
  Answer({"approve", kAgency, "--days", "1"});
  Answer({"revoke", kAgency, "--reason", "CESSATION", "--bounce"});
  Pass(2 * kOneDay);
  EXPECT_EQ(Answer({"crl", "publish"})["revoked"], 0);
}

TEST_F(MembersTest, AStandingKeepsWhatIsNotNamed) {
  BringIn(kAgency);
  Answer({"standing", kAgency, "--supervisor", "dinsos.18@lampung.example", "--top-secret", "yes"});
  Answer({"standing", kAgency, "--agreement", "PKS:12:2027-12-31", "--accreditation", "B"});
  const v1::AgencyStanding standing = MemberOf(kAgency).standing();
  EXPECT_EQ(standing.pengawas(), "dinsos.18@lampung.example");
  EXPECT_TRUE(standing.izin_sangat_rahasia());
  EXPECT_EQ(standing.akreditasi(), v1::Accreditation::B);
  ASSERT_EQ(standing.perjanjian_size(), 1);
  EXPECT_EQ(standing.perjanjian(0).id(), "PKS:12");
  EXPECT_EQ(FormatTime(standing.perjanjian(0).berlaku_sampai_ms(), 7 * 60),
            "2028-01-01T00:00:00.000+07:00");
  Answer({"standing", kAgency, "--supervisor", "-", "--no-agreements", "--top-secret", "no"});
  EXPECT_EQ(MemberOf(kAgency).standing().pengawas(), "");
  EXPECT_EQ(MemberOf(kAgency).standing().perjanjian_size(), 0);
  EXPECT_THAT(Run({"standing", kAgency}).error, HasSubstr("nothing is to be changed"));
  EXPECT_EQ(Run({"standing", kAgency, "--agreement", "PKS"}).exit_code, kExitFailed);
  EXPECT_EQ(Run({"standing", "x.18@lampung.example", "--name", "X"}).exit_code, kExitFailed);
}

TEST_F(MembersTest, AgenciesAreFoundByRegionTypeAndStatus) {
  BringIn(kAgency);
  BringIn("lpa.18.71@lampung.example");
  EXPECT_EQ(Answer({"agencies", "--region", "kemendagri:18"}).size(), 2u);
  EXPECT_EQ(Answer({"agencies", "--region", "kemendagri:18.72"}).size(), 0u);
  EXPECT_EQ(Answer({"agencies", "--type", "lpa"}).size(), 1u);
  EXPECT_EQ(Run({"agencies", "--region", "18"}).exit_code, kExitFailed);
}

TEST_F(MembersTest, ShowHasRecordStandingKeysAndWhatWaits) {
  const Applicant present = BringIn(kAgency);
  Answer({"standing", kAgency, "--office-type", "A"});
  AskForKeys(kAgency, present, Applicant());
  const Json shown = Answer({"show", kAgency});
  EXPECT_EQ(shown["status"], "AKTIF");
  EXPECT_EQ(shown["standing"]["tipe_dinas"], "A");
  ASSERT_EQ(shown["keys"].size(), 2u);
  EXPECT_EQ(shown["keys"][0]["state"], "in force");
  EXPECT_EQ(shown["requests"].size(), 1u);
  const Output text = RunAt(home, {"show", kAgency}, /*json=*/false);
  EXPECT_THAT(text.text, HasSubstr("ENCRYPTION"));
  EXPECT_EQ(Run({"show", "x.18@lampung.example"}).exit_code, kExitFailed);
}

TEST_F(MembersTest, HistoryNamesEveryActWithItsSigner) {
  BringIn(kAgency);
  Answer({"suspend", kAgency, "--note", "laptop hilang", "--hold"});
  const Json history = Answer({"history", kAgency});
  ASSERT_EQ(history.size(), 4u);
  EXPECT_EQ(history[0]["what"], "INVITE");
  EXPECT_EQ(history[1]["what"], "ENROLMENT");
  EXPECT_EQ(history[2]["what"], "ADMIT");
  EXPECT_EQ(history[3]["what"], "SUSPEND");
  EXPECT_EQ(history[3]["signed_by"], "admin.01@lampung.example");
  EXPECT_THAT(history[3]["detail"].get<std::string>(), HasSubstr("laptop hilang"));
  EXPECT_EQ(Answer({"history"})[0]["what"], "GENESIS");
  EXPECT_EQ(Run({"history", "x.18@lampung.example"}).exit_code, kExitFailed);
}

TEST_F(MembersTest, AHistoryEntryThatTheBrokerFalsifiesLaterIsFoundOut) {
  BringIn(kAgency);
  Answer({"history", kAgency});
  broker->FalsifyEntry(1);  // the directory was followed before: only the history asks again
  EXPECT_EQ(Run({"agencies"}).exit_code, kExitOk);
  EXPECT_EQ(Run({"history", kAgency}).exit_code, kExitNotVerified);
}

TEST_F(MembersTest, UnderTheTwoAdminRuleANewAdminWaitsAndTheOtherIsToldHow) {
  BringInColleague(kSecond);
  v1::Act rules;
  rules.mutable_set_rules()->mutable_rules()->set_two_admins(true);
  ASSERT_TRUE(broker->Submit(SignAct(*LoadAuthority(home, ""), rules, clock.Now())));

  const Json invited =
      Answer({"invite", "admin.03@lampung.example", "--name", "Tiga", "--role", "admin"});
  ASSERT_EQ(RunAt(root + "/three", {"join", invited["invitation"]}).exit_code, kExitOk);
  EXPECT_EQ(Answer({"requests"})[0]["warning"], "will decide who belongs");
  const Output output = RunAt(home, {"approve", "admin.03@lampung.example"}, /*json=*/false);
  EXPECT_EQ(output.exit_code, kExitOk) << output.error;
  EXPECT_THAT(output.text, HasSubstr("rujukan-admin confirm "));
  EXPECT_EQ(MemberOf("admin.03@lampung.example").address(), "");
}

}  // namespace
}  // namespace rujukan::admin
