// Goal: a second admin makes its home from an invitation, works from it for all but issuing, and
// renews its own keys; wrong, used and foreign invitations fail with what to do next.
// Method: command lines over a broker and an enrolment door in memory; real homes.
#include "agents/admin/join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "certs/keyfile.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr char kSecond[] = "admin.02@lampung.example";
constexpr char kAgency[] = "dinsos.18.71@lampung.example";

class JoinTest : public testing::FoundedDomain {
 protected:
  std::string InviteSecond(const std::string& role = "admin") {
    return Answer({"invite", kSecond, "--name", "Admin dua", "--role", role})
        .value("invitation", "");
  }
  std::string second() const { return root + "/second"; }
};

TEST_F(JoinTest, TheFingerprintsOfBothSidesAreTheSameAndTheHomeIsCompleteOnceApproved) {
  const Output asked = RunAt(second(), {"join", InviteSecond()});
  ASSERT_EQ(asked.exit_code, kExitOk) << asked.error;
  const Json mine = Json::parse(asked.text);
  EXPECT_EQ(mine["admitted"], false);
  EXPECT_EQ(mine["fingerprint"], Answer({"requests"})[0]["fingerprint"]);
  EXPECT_THAT(RunAt(second(), {"agencies"}).error, HasSubstr("not admitted yet"));

  Answer({"approve", mine["fingerprint"]});
  EXPECT_EQ(Json::parse(RunAt(second(), {"join"}).text)["admitted"], true);
  EXPECT_EQ(MemberOf(kSecond).role(), v1::Role::ADMIN);
  EXPECT_EQ(RunAt(second(), {"agencies"}).exit_code, kExitOk);
  for (const char* file : {"/admin.key", "/transport.key", "/enrolment.pb"}) {
    struct stat info {};
    ASSERT_EQ(stat((second() + file).c_str(), &info), 0) << file;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << file;
  }
  EXPECT_FALSE(std::filesystem::exists(second() + "/root.key"));
}

TEST_F(JoinTest, WaitingEndsWithTheDecision) {
  const std::string invitation = InviteSecond();
  struct ApprovingDoor : testing::FakeDoor {
    ApprovingDoor(testing::FakeBroker& broker, std::function<void()> decide)
        : FakeDoor(broker), decide_(std::move(decide)) {}
    void Pause() override { decide_(); }
    std::function<void()> decide_;
  };
  open_door = [&](const link::DomainFile&) {
    return Result<std::unique_ptr<link::EnrolmentDoor>>(
        std::make_unique<ApprovingDoor>(*broker, [&] {
          Answer({"approve", kSecond});
        }));
  };
  const Output joined = RunAt(second(), {"join", invitation, "--wait"});
  ASSERT_EQ(joined.exit_code, kExitOk) << joined.error;
  EXPECT_EQ(Json::parse(joined.text)["admitted"], true);
}

TEST_F(JoinTest, ARejectionComesWithItsReason) {
  ASSERT_EQ(RunAt(second(), {"join", InviteSecond()}).exit_code, kExitOk);
  Answer({"reject", kSecond, "--reason", "sidik jari lain"});
  const Output output = RunAt(second(), {"join"});
  EXPECT_EQ(output.exit_code, kExitFailed);
  EXPECT_THAT(output.error, HasSubstr("sidik jari lain"));
}

TEST_F(JoinTest, AnInvitationOfAnAgencyOrExpiredOrUsedOrIntoAnotherHomeIsRefused) {
  const Json agency =
      Answer({"invite", kAgency, "--name", "Dinas", "--region", "kemendagri:18.71"});
  EXPECT_THAT(RunAt(second(), {"join", agency["invitation"]}).error, HasSubstr("rujukan-agent"));
  const std::string invitation = InviteSecond();
  EXPECT_THAT(RunAt(home, {"join", invitation}).error, HasSubstr("belongs to admin.01"));
  EXPECT_THAT(RunAt(second(), {"join"}).error, HasSubstr("name the invitation"));

  ASSERT_EQ(RunAt(second(), {"join", invitation}).exit_code, kExitOk);
  EXPECT_EQ(RunAt(root + "/thief", {"join", invitation}).exit_code, kExitFailed) << "used";
  EXPECT_THAT(RunAt(second(), {"join", InviteSecond()}).error, HasSubstr("another invitation"));
  const std::string late = InviteSecond();
  Pass(8 * testing::kOneDay);
  EXPECT_THAT(RunAt(root + "/late", {"join", late}).error, HasSubstr("expired"));
}

TEST_F(JoinTest, ASecondAdminDecidesButNeedsTheIssuingKeyToIssue) {
  const std::string colleague = BringInColleague(kSecond);
  Join(Invite(kAgency));
  const Output denied = RunAt(colleague, {"approve", kAgency});
  EXPECT_EQ(denied.exit_code, kExitFailed);
  EXPECT_THAT(denied.error, HasSubstr("Copy issuing.key"));

  std::filesystem::copy(home + "/issuing.key", colleague + "/issuing.key");
  EXPECT_EQ(RunAt(colleague, {"approve", kAgency}).exit_code, kExitOk);
  std::filesystem::remove(colleague + "/issuing.key");
  const Output suspended = RunAt(colleague, {"suspend", kAgency, "--note", "x", "--hold"});
  EXPECT_EQ(suspended.exit_code, kExitOk) << suspended.error;
  const Output revoked = RunAt(colleague, {"revoke", kAgency, "--reason", "CESSATION", "--hold"});
  EXPECT_EQ(revoked.exit_code, kExitOk) << revoked.error;
  EXPECT_THAT(revoked.text, HasSubstr("No new CRL"));
}

TEST_F(JoinTest, AnIssuingKeyOfAnotherCaIsNotedBeforeItSigns) {
  const std::string colleague = BringInColleague(kSecond);
  ASSERT_TRUE(certs::WriteKeyFile(colleague + "/issuing.key", certs::PrivateKey::Generate(), ""));
  Join(Invite(kAgency));
  EXPECT_THAT(RunAt(colleague, {"approve", kAgency}).error,
              HasSubstr("not of the issuing CA in force"));
}

TEST_F(JoinTest, AStewardHasOnlyAStewardsRights) {
  const std::string steward = BringInColleague("steward.01@lampung.example", "steward");
  BringIn(kAgency);
  EXPECT_EQ(RunAt(steward, {"standing", kAgency, "--office-type", "B"}).exit_code, kExitOk);
  const Output output = RunAt(steward, {"suspend", kAgency, "--note", "x", "--hold"});
  EXPECT_EQ(output.exit_code, kExitFailed);
  EXPECT_THAT(output.error, HasSubstr("NO_RIGHT"));
}

TEST_F(JoinTest, AnAdminWithTheIssuingKeyRotatesInOneStep) {
  const std::string before = MemberOf("admin.01@lampung.example").signing_key();
  const std::string key = testing::ReadBytes(home + "/admin.key");
  EXPECT_EQ(Answer({"rotate"})["granted"], true);
  EXPECT_NE(MemberOf("admin.01@lampung.example").signing_key(), before);
  EXPECT_NE(testing::ReadBytes(home + "/admin.key"), key);
  EXPECT_EQ(testing::ReadBytes(home + "/admin.key.old"), key);
  Invite(kAgency);  // signed with the new key
}

TEST_F(JoinTest, WithoutTheIssuingKeyRotationWaitsForWhoHasItAndThenGoesOn) {
  const std::string colleague = BringInColleague(kSecond);
  const Json asked = Json::parse(RunAt(colleague, {"rotate"}).text);
  EXPECT_EQ(asked["granted"], false);
  EXPECT_EQ(Json::parse(RunAt(colleague, {"rotate"}).text)["fingerprint"], asked["fingerprint"])
      << "asked once";
  EXPECT_EQ(RunAt(colleague, {"invitations"}).exit_code, kExitOk) << "the old key still works";
  Answer({"approve", asked["fingerprint"]});
  EXPECT_EQ(Json::parse(RunAt(colleague, {"rotate"}).text)["granted"], true);
  EXPECT_FALSE(std::filesystem::exists(colleague + "/admin.key.new"));
  EXPECT_EQ(RunAt(colleague, {"invite", kAgency, "--name", "D", "--region", "kemendagri:18.71"})
                .exit_code,
            kExitOk);
}

TEST_F(JoinTest, ARotationThatStoppedBetweenItsTwoFilesStillWorksAndIsFinished) {
  const std::string old_key = testing::ReadBytes(home + "/admin.key");
  ASSERT_EQ(Answer({"rotate"})["granted"], true);
  std::filesystem::rename(home + "/admin.key", home + "/admin.key.new");
  ASSERT_TRUE(certs::WriteSecretFile(home + "/admin.key", old_key));
  Invite(kAgency);  // finds the key of its certificate
  EXPECT_EQ(Answer({"rotate"})["granted"], true);
  EXPECT_FALSE(std::filesystem::exists(home + "/admin.key.new"));
  Invite("lpa.18.71@lampung.example");
}

}  // namespace
}  // namespace rujukan::admin
