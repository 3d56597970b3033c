// Goal: each thing that can be wrong with a set-up is found, said with what mends it, and told from
// a sound one. Method: each check over facts or a directory made for it; the command at the end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "agents/admin/doctor_checks.h"
#include "agents/admin/doctor_facts.h"
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
using testing::kFounded;
using testing::kOneDay;

constexpr char kDinsos[] = "dinsos.18.71@lampung.example";
constexpr char kPolice[] = "uppa.18.71@lampung.example";
constexpr int kYear = 365;

// The finding that speaks of this; an empty one if none does.
Finding About(const Findings& findings, const std::string& words) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.what.find(words) != std::string::npos;
  });
  return found == findings.end() ? Finding() : *found;
}
void ExpectFound(const Result<Findings>& findings, const std::string& words, Health health) {
  ASSERT_TRUE(findings) << findings.error().ToString();
  const Finding finding = About(*findings, words);
  ASSERT_NE(finding.what, "") << words;
  EXPECT_EQ(finding.health, health) << finding.what;
  EXPECT_EQ(finding.remedy.empty(), health == Health::kOk) << finding.what;
}
void ExpectSilent(const Result<Findings>& findings, const std::string& words) {
  ASSERT_TRUE(findings);
  EXPECT_EQ(About(*findings, words).what, "");
}

HomeFacts SoundHome() {
  return {"admin", 0700, {{"root.key", false, 0}, {"admin.key", true, 0600}}, true, {}, {}};
}

TEST(DoctorHome, ASoundHomeIsFine) {
  ExpectFound(CheckHome(SoundHome()), "keys load", Health::kOk);
  EXPECT_EQ(WorstOf(CheckHome(SoundHome())), Health::kOk);
}

TEST(DoctorHome, FilesAndFoldersThatOthersCanReadFailWithTheChmodThatMendsThem) {
  HomeFacts facts = SoundHome();
  facts.mode = 0755;
  facts.files[1].mode = 0640;
  ExpectFound(CheckHome(facts), "mode 755", Health::kFail);
  EXPECT_EQ(About(CheckHome(facts), "mode 640").remedy.rfind("chmod 600 admin/admin.key", 0), 0u);
}

TEST(DoctorHome, KeysThatDoNotLoadFailAndOpenKeysAndARootBesideThemWarn) {
  HomeFacts facts = SoundHome();
  facts.keys = Error{Errc::kDenied, "wrong passphrase", 0};
  ExpectFound(CheckHome(facts), "wrong passphrase", Health::kFail);
  facts = SoundHome();
  facts.encrypted = false;
  facts.files[0].present = true;
  facts.files[0].mode = 0600;
  ExpectFound(CheckHome(facts), "no passphrase", Health::kWarn);
  ExpectFound(CheckHome(facts), "root.key lies", Health::kWarn);
}

TEST(DoctorBroker, OneThatIsAwayOrLiesFailsEachWithItsOwnAdvice) {
  EXPECT_THAT(CheckBroker({Error{Errc::kUnavailable, "no answer", 0}, {}})[0].remedy,
              HasSubstr("running"));
  for (const Errc lie : {Errc::kCorrupt, Errc::kDenied}) {
    const Findings findings = CheckBroker({Error{lie, "another history", 0}, {}});
    EXPECT_THAT(findings[0].remedy, HasSubstr("auditor"));
    EXPECT_EQ(WorstOf(findings), Health::kFail);
  }
}

TEST(DoctorBroker, AClockAtTheSkewLimitIsFineAndOnePastFails) {
  for (const int64_t sign : {1, -1}) {
    const int64_t limit = sign * limits::kClockSkewMsMax;
    EXPECT_EQ(WorstOf(CheckBroker({{}, limit})), Health::kOk);
    ExpectFound(CheckBroker({{}, limit + sign}), sign > 0 ? "ahead" : "behind", Health::kFail);
  }
}

class DoctorDirectory : public testing::FoundedDomain {
 protected:
  DoctorDirectory() : FoundedDomain({AddDoctorCommands}) {}

  const ledger::View& view() const { return broker->view(); }
  void Submit(const v1::Act& act) { ASSERT_TRUE(testing::SubmitFrom(home, *broker, act)); }
  void SetStanding(const v1::AgencyStanding& standing) {
    v1::Act act;
    act.mutable_set_standing()->set_address(kDinsos);
    *act.mutable_set_standing()->mutable_standing() = standing;
    Submit(act);
  }
  void SetPolicy(const std::string& document) {
    const auto present = ledger::ReadPolicyRecord(view());
    v1::Act act;
    act.mutable_set_policy()->set_document(document);
    act.mutable_set_policy()->set_version(*present ? (*present)->version() + 1 : 1);
    Submit(act);
  }
};

TEST_F(DoctorDirectory, TheDirectoryRootIsTwelveDigitsThatChangeWithEveryAct) {
  const std::string before = (*CheckDirectoryRoot(view()))[0].what;
  EXPECT_THAT(before, ::testing::ContainsRegex("[0-9]{4} [0-9]{4} [0-9]{4}"));
  BringInMember(home, *broker, {kDinsos});
  EXPECT_NE((*CheckDirectoryRoot(view()))[0].what, before);
}

TEST_F(DoctorDirectory, TheIssuingKeyMustFitTheCertificateInForce) {
  HomeFacts facts = SoundHome();
  ExpectFound(CheckIssuingKey(view(), facts), "not here", Health::kOk);
  facts.files.push_back({"issuing.key", true, 0600});
  ExpectFound(CheckIssuingKey(view(), facts), "does not fit", Health::kFail);
  facts.issuing = "another certificate";
  ExpectFound(CheckIssuingKey(view(), facts), "in force", Health::kFail);
  facts.issuing = ledger::ReadDomain(view())->issuing_certificate();
  ExpectFound(CheckIssuingKey(view(), facts), "fits", Health::kOk);
}

TEST_F(DoctorDirectory, CertificatesWarnFrom60DaysAndFailFrom7AndAfterTheirEnd) {
  BringInMember(home, *broker, {kDinsos, v1::Role::AGENCY, "kemendagri:18.71", 300});
  const UnixMillis end = kFounded + 300 * kOneDay;
  ExpectFound(CheckCertificates(view(), end - 60 * kOneDay - 1), "in 60 days", Health::kOk);
  ExpectFound(CheckCertificates(view(), end - 60 * kOneDay), kDinsos, Health::kWarn);
  ExpectFound(CheckCertificates(view(), end - 7 * kOneDay - 1), kDinsos, Health::kWarn);
  ExpectFound(CheckCertificates(view(), end - 7 * kOneDay), kDinsos, Health::kFail);
  ExpectFound(CheckCertificates(view(), end), "ended on", Health::kFail);
  // The admin's own, the issuing CA's and the root's, long after.
  const auto late = CheckCertificates(view(), kFounded + 11LL * kYear * kOneDay);
  ExpectFound(late, "certificate of admin.01", Health::kFail);
  ExpectFound(late, "issuing certificate", Health::kFail);
  ExpectFound(late, "root certificate", Health::kFail);
  ExpectFound(CheckCertificates(view(), kFounded), "hold", Health::kOk);
}

TEST_F(DoctorDirectory, OneAdminWarnsAndOneUnderTheTwoAdminRuleFails) {
  ExpectFound(CheckAdmins(view()), "one admin only", Health::kWarn);
  BringInMember(home, *broker, {"admin.02@lampung.example", v1::Role::ADMIN});
  ExpectFound(CheckAdmins(view()), "2 active", Health::kOk);
  v1::Act act;
  act.mutable_set_rules()->mutable_rules()->set_two_admins(true);
  Submit(act);
  v1::Act suspend;
  suspend.mutable_suspend()->set_address("admin.02@lampung.example");
  Submit(suspend);
  ExpectFound(CheckAdmins(view()), "no root act can pass", Health::kFail);
}

TEST_F(DoctorDirectory, NoPolicyOrOneWhoseExamplesFailWarns) {
  ExpectFound(CheckPolicy(ledger::MemoryView()), "no policy", Health::kWarn);
  SetPolicy(std::string(ledger::DefaultPolicyText()));
  ExpectFound(CheckPolicy(view()), "examples hold", Health::kOk);
  SetPolicy(std::string(ledger::DefaultPolicyText()) +
            "\ntest supervisor P0: dinsos.18.71 forum.18.71 PENITIPAN\n");
  ExpectFound(CheckPolicy(view()), "do not hold", Health::kWarn);
}

TEST_F(DoctorDirectory, APermitIsNamedOnceItHasExpired) {
  BringInMember(home, *broker, {kDinsos});
  BringInMember(home, *broker, {kPolice});
  v1::Act act;
  act.mutable_permit()->set_from(kDinsos);
  act.mutable_permit()->set_to(kPolice);
  act.mutable_permit()->set_expires_at_ms(kFounded + kOneDay);
  Submit(act);
  ExpectSilent(CheckPermits(view(), kFounded + kOneDay - 1), kPolice);
  ExpectFound(CheckPermits(view(), kFounded + kOneDay), kPolice, Health::kWarn);
}

TEST_F(DoctorDirectory, RequestsAreNamedAfterThreeDays) {
  testing::AskToJoin(home, *broker, {kPolice});
  auto keys = BringInMember(home, *broker, {kDinsos});
  ASSERT_TRUE(testing::SubmitAs(keys, *broker, testing::KeyRequest({kDinsos})));
  ExpectSilent(CheckRequests(view(), kFounded + 3 * kOneDay), kPolice);
  ExpectFound(CheckRequests(view(), kFounded + 3 * kOneDay + 1), kPolice, Health::kWarn);
  ExpectFound(CheckRequests(view(), kFounded + 3 * kOneDay + 1), "(new keys)", Health::kWarn);
}

TEST_F(DoctorDirectory, AnInvitationThatExpiredUnusedIsNamed) {
  v1::Act act;
  act.mutable_invite()->set_invitation_key(std::string(32, 'k'));
  act.mutable_invite()->set_address(kDinsos);
  act.mutable_invite()->set_official_name("Dinas Sosial");
  act.mutable_invite()->set_region("kemendagri:18.71");
  act.mutable_invite()->set_expires_at_ms(kFounded + kOneDay);
  Submit(act);
  ExpectSilent(CheckInvitations(view(), kFounded + kOneDay - 1), kDinsos);
  ExpectFound(CheckInvitations(view(), kFounded + kOneDay), kDinsos, Health::kWarn);
  BringInMember(home, *broker, {kDinsos});
  ExpectSilent(CheckInvitations(view(), kFounded + kOneDay), kDinsos);
}

TEST_F(DoctorDirectory, AnAgencysRecordIsWholeOrWhatItLacksIsNamed) {
  BringInMember(home, *broker, {kDinsos});
  for (const char* lack : {"without a supervisor", "without a profile", "not verified"}) {
    ExpectFound(CheckAgencies(view(), kFounded), lack, Health::kWarn);
  }
  v1::AgencyStanding standing;
  standing.set_pengawas("dinsos.18@lampung.example");
  standing.set_tgl_verifikasi(FormatTime(kFounded).substr(0, 10));
  SetStanding(standing);
  v1::Act describe;
  describe.mutable_describe()->set_address(kDinsos);
  describe.mutable_describe()->mutable_profile()->set_jadwal("Senin-Jumat");
  Submit(describe);
  ExpectFound(CheckAgencies(view(), kFounded), "24-hour contact", Health::kWarn);
  describe.mutable_describe()->mutable_profile()->set_kontak_24jam("+62-000-555-0101");
  Submit(describe);
  ExpectFound(CheckAgencies(view(), kFounded), "complete records", Health::kOk);
  // A visit is good for a year from the end of its day.
  ExpectFound(CheckAgencies(view(), kFounded + 366 * kOneDay), "not verified", Health::kWarn);
  v1::Act suspend;
  suspend.mutable_suspend()->set_address(kDinsos);
  Submit(suspend);
  ExpectFound(CheckAgencies(view(), kFounded), "suspended", Health::kWarn);
}

TEST_F(DoctorDirectory, ARegionOfNoPlaceFails) {
  BringInMember(home, *broker, {kDinsos, v1::Role::AGENCY, "kemendagri:18.99"});
  ExpectFound(CheckAgencies(view(), kFounded), "in no list of places", Health::kFail);
}

TEST_F(DoctorDirectory, ManyAgenciesWithOneLackAreOneRow) {
  for (const char* number : {"01", "02", "03", "04", "05", "06"}) {
    BringInMember(home, *broker, {"lksa.18.71." + std::string(number) + "@lampung.example"});
  }
  ExpectFound(CheckAgencies(view(), kFounded), "6 without a supervisor", Health::kWarn);
  EXPECT_THAT(About(*CheckAgencies(view(), kFounded), "without a supervisor").what,
              HasSubstr("and 1 more"));
}

TEST_F(DoctorDirectory, TheCommandSaysAllOfItAndEndsWith1WhenSomethingFails) {
  const Json sound = Answer({"doctor"});
  EXPECT_EQ(sound["health"], "warn");
  const std::string table = RunAt(home, {"doctor"}, /*json=*/false).text;
  EXPECT_THAT(table, HasSubstr("root.key lies"));
  EXPECT_THAT(table, HasSubstr("-> move root.key"));
  EXPECT_THAT(table, HasSubstr("one admin only"));

  connect = [](const std::string&, const auto&) {
    return Result<std::unique_ptr<Broker>>(Fail(Errc::kUnavailable, "no answer from 127.0.0.1"));
  };
  const Output away = Run({"doctor"});
  EXPECT_EQ(away.exit_code, kExitFailed);
  EXPECT_THAT(away.text, HasSubstr("no answer from"));

  std::filesystem::permissions(home + "/admin.key", std::filesystem::perms(0644));
  const Output open = Run({"doctor"});
  EXPECT_EQ(open.exit_code, kExitFailed);
  EXPECT_THAT(open.text, HasSubstr("chmod 600"));
}

TEST_F(DoctorDirectory, ABrokerThatFalsifiesTheDirectoryFailsWithTheAuditorsNumber) {
  BringInMember(home, *broker, {kDinsos});
  broker->FalsifyEntry(2);
  const Output output = Run({"doctor"});
  EXPECT_EQ(output.exit_code, kExitFailed);
  EXPECT_THAT(output.text, HasSubstr("auditor"));
}

TEST_F(DoctorDirectory, TheFactsOfAHomeAreWhatIsOnTheDisk) {
  const HomeFacts facts = LookAtHome(Office({home, "", "", "", "", false}, clock, connect));
  EXPECT_EQ(facts.mode, 0700u);
  ASSERT_EQ(facts.files.size(), 4u);
  for (const FileFact& file : facts.files) {
    EXPECT_TRUE(file.present) << file.name;
    EXPECT_EQ(file.mode, 0600u) << file.name;
  }
  EXPECT_FALSE(facts.encrypted);
  EXPECT_FALSE(facts.keys);
  EXPECT_EQ(facts.issuing, ledger::ReadDomain(view())->issuing_certificate());
}

}  // namespace
}  // namespace rujukan::admin
