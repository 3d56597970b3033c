// Goal: an agency is invited, compared, approved and revoked by the commands as people type them,
// and a false request or a lying broker gets nowhere. Method: command lines over a broker in
// memory.
#include "agents/admin/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "agents/admin/acts.h"
#include "agents/admin/waiting.h"
#include "agents/link/invitation.h"
#include "base/limits.h"
#include "certs/issue.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr char kAgency[] = "dinsos.18.71@lampung.example";
constexpr UnixMillis kNow = testing::kFounded;

class CommandsTest : public testing::FoundedDomain {
 protected:
  v1::AgencyStatus::Code StatusOf(const std::string& address) { return MemberOf(address).status(); }
};

TEST_F(CommandsTest, AnAgencyIsInvitedComparedAndApproved) {
  const v1::Invitation invitation = Invite(kAgency);
  EXPECT_EQ(invitation.address(), kAgency);
  EXPECT_EQ(invitation.endpoint(), "tcp://127.0.0.1:7400");
  Join(invitation);

  const Json requests = Answer({"requests"});
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0]["address"], kAgency);
  Answer({"approve", requests[0]["fingerprint"]});
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::AKTIF);
  EXPECT_EQ(Answer({"requests"}).size(), 0u);
  EXPECT_EQ(Answer({"agencies"}).size(), 2u);
}

TEST_F(CommandsTest, ARequestIsChosenByAddressIdOrFingerprintWithoutSpaces) {
  Join(Invite(kAgency));
  const Json request = Answer({"requests"})[0];
  EXPECT_EQ(Run({"approve", "0000 0000 0000"}).exit_code, kExitFailed);
  std::string typed = request["fingerprint"];
  typed.erase(std::remove(typed.begin(), typed.end(), ' '), typed.end());
  EXPECT_EQ(Run({"approve", typed}).exit_code, kExitOk);
}

TEST_F(CommandsTest, OfTwoRequestsForOneAddressOnlyTheFingerprintChooses) {
  Join(Invite(kAgency));
  Join(Invite(kAgency));
  const Json requests = Answer({"requests"});
  ASSERT_EQ(requests.size(), 2u);
  const std::vector<std::vector<std::string>> lines = {{"approve", kAgency},
                                                       {"reject", kAgency, "--reason", "no"}};
  for (const auto& line : lines) {
    const Output output = Run(line);
    EXPECT_EQ(output.exit_code, kExitFailed);
    EXPECT_THAT(output.error, HasSubstr("fingerprint"));
  }
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::UNSPECIFIED);

  EXPECT_EQ(Run({"approve", requests[1]["fingerprint"]}).exit_code, kExitOk);
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::AKTIF);
  const Json left = Answer({"requests"});
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0]["enrolment_id"], requests[0]["enrolment_id"]);
}

TEST_F(CommandsTest, ABrokersDenialIsNoMatterOfFilePermissionsWhateverItsWords) {
  Error error{Errc::kDenied, "chmod 600 your keys", /*detail=*/3};
  connect = [&error](const std::string&, const link::Caller&) {
    return Result<std::unique_ptr<Broker>>(Fail(error));
  };
  EXPECT_EQ(Run({"requests"}).exit_code, kExitFailed);
  std::filesystem::permissions(home + "/admin.key", std::filesystem::perms(0640));
  error = {Errc::kDenied, "never reached", 0};
  EXPECT_EQ(Run({"requests"}).exit_code, kExitPermission);
}

TEST_F(CommandsTest, ARejectedRequestIsDecidedWithItsReason) {
  Join(Invite(kAgency));
  EXPECT_EQ(Run({"reject", kAgency, "--note", "sidik jari tidak cocok"}).exit_code, kExitOk);
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::UNSPECIFIED);
  EXPECT_EQ(Answer({"requests"}).size(), 0u);
}

TEST_F(CommandsTest, ARevokedAgencyIsOutWithTheReasonOnRecord) {
  BringIn(kAgency);
  const Output wrong = Run({"revoke", kAgency, "--hold", "--reason", "WHATEVER"});
  EXPECT_EQ(wrong.exit_code, kExitFailed);
  EXPECT_THAT(wrong.error, HasSubstr("KEY_COMPROMISE, CESSATION"));
  EXPECT_EQ(Run({"revoke", kAgency, "--hold", "--reason", "KEY_COMPROMISE"}).exit_code, kExitOk);
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::NONAKTIF);
}

TEST_F(CommandsTest, ARequestForAnotherAddressIsNeverIssuedACertificate) {
  const v1::Invitation invitation = Invite(kAgency);
  const auto authority = LoadAuthority(home, "");
  ASSERT_TRUE(authority);
  const auto issuing = IssuingCaOf(*authority, broker->view());
  ASSERT_TRUE(issuing);
  Waiting waiting;
  waiting.address = kAgency;
  const v1::Entry foreign = testing::Enrolment(invitation, "uppa.18.01@lampung.example", kNow);
  ASSERT_TRUE(waiting.request.ParseFromString(foreign.enrolment().request()));
  EXPECT_EQ(Approve(*issuing, waiting, {}, broker->view(), kNow).error().code, Errc::kDenied);

  // Even when only the key request inside names the other address.
  waiting.request.set_address(kAgency);
  EXPECT_EQ(Approve(*issuing, waiting, {}, broker->view(), kNow).error().code, Errc::kDenied);
  EXPECT_FALSE(broker->Record(foreign));
}

TEST_F(CommandsTest, IssuedCertificatesLiveOneYearAndChainToTheRoot) {
  BringIn(kAgency);
  const auto key = ledger::ReadKey(broker->view(), MemberOf(kAgency).encryption_key());
  EXPECT_EQ((*key)->not_after_ms(), kNow + 365LL * 24 * 3600 * 1000);
  const auto authority = LoadAuthority(home, "");
  EXPECT_TRUE(certs::VerifyChain({*certs::Certificate::FromDer((*key)->certificate()),
                                  authority->issuing,
                                  authority->root,
                                  kNow,
                                  certs::Usage::kEncryption,
                                  kAgency}));
}

TEST_F(CommandsTest, AnInvitationFileIsWrittenOnceAndPrivately) {
  const std::vector<std::string> words = {"invite",
                                          kAgency,
                                          "--name",
                                          "Dinas Sosial",
                                          "--region",
                                          "kemendagri:18.71",
                                          "--out",
                                          root + "/dinsos.invite"};
  EXPECT_EQ(Run(words).exit_code, kExitOk);
  EXPECT_TRUE(link::LoadInvitation(root + "/dinsos.invite"));
  EXPECT_EQ(Run(words).exit_code, kExitFailed);
}

TEST_F(CommandsTest, InvitationsOutsideTheDomainOrTheTimeLimitAreRefused) {
  const auto invite = [this](const std::string& address, const std::string& life) {
    return Run({"invite",
                address,
                "--name",
                "Dinas Sosial",
                "--region",
                "kemendagri:18.71",
                "--expires-in",
                life});
  };
  EXPECT_THAT(invite("dinsos.32@jabar.example", "7d").error, HasSubstr("@lampung.example"));
  EXPECT_EQ(invite(kAgency, "30d").exit_code, kExitOk);
  EXPECT_EQ(invite(kAgency, "31d").exit_code, kExitFailed);
  for (const char* bad : {"", "d", "7", "-1d", "0h", "7w", "999999999999d"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
  EXPECT_EQ(*ParseDuration("12h"), 12LL * 3600 * 1000);
}

TEST_F(CommandsTest, NotesAtTheLimitPassAndOnePastIsRefused) {
  BringIn(kAgency);
  const auto suspend = [this](size_t size) {
    return Run({"suspend", kAgency, "--hold", "--note", std::string(size, 'n')});
  };
  const Output longer = suspend(limits::kNoteBytesMax + 1);
  EXPECT_EQ(longer.exit_code, kExitFailed);
  EXPECT_THAT(longer.error, HasSubstr("shorten"));
  EXPECT_EQ(suspend(limits::kNoteBytesMax).exit_code, kExitOk);
}

TEST_F(CommandsTest, ABrokerThatFalsifiesTheDirectoryIsFoundOut) {
  Join(Invite(kAgency));
  broker->FalsifyEntry(2);
  const Output output = Run({"requests"});
  EXPECT_EQ(output.exit_code, kExitNotVerified) << output.error;
}

TEST_F(CommandsTest, EndpointsAreRememberedAfterTheyWorked) {
  Invite(kAgency, {"--broker", "tcp://127.0.0.1:7500"});
  EXPECT_EQ(Invite("lpa.18.71@lampung.example").endpoint(), "tcp://127.0.0.1:7500");
}

TEST_F(CommandsTest, ALineThatLacksSomethingEndsWithTheUsageCode) {
  EXPECT_EQ(Run({"approve"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"invite"}).exit_code, kExitUsage);
  EXPECT_EQ(Run({"revoke", kAgency, "--reason", "CESSATION"}).exit_code, kExitUsage)
      << "the mail that waits is an explicit choice";
  EXPECT_EQ(Run({"befriend", kAgency}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace rujukan::admin
