// Goal: an agency is invited, compared, approved and revoked by the commands as people type them,
// and a false request or a lying broker gets nowhere. Method: commands over a broker in memory.
#include "agents/admin/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "agents/admin/acts.h"
#include "agents/link/invitation.h"
#include "base/limits.h"
#include "certs/issue.h"
#include "ledger/fold.h"
#include "tests/unit/admin/fake_broker.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using testing::FakeBroker;
using ::testing::HasSubstr;

constexpr UnixMillis kNow = 1'795'000'000'000;
constexpr char kAgency[] = "dinsos.18.71@lampung.example";

struct StoppedClock : Clock {
  UnixMillis Now() const override { return kNow; }
};

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() {
    root = (std::filesystem::temp_directory_path() / "adminXXXXXX").string();
    EXPECT_NE(mkdtemp(root.data()), nullptr);
    options.home = root + "/admin";
    options.domain = "lampung.example";
    options.broker_identity = root + "/broker";
    options.broker = "tcp://127.0.0.1:7400";
    options.enrol = "tcp://127.0.0.1:7401";
    options.address = kAgency;
    options.name = "Dinas Sosial Kota Bandar Lampung";
    options.region = "kemendagri:18.71";
    options.expires_in = "7d";
    options.json = true;
    EXPECT_EQ(Run(&Commands::Init).exit_code, kExitOk);
    broker = std::make_unique<FakeBroker>(options.broker_identity, kNow);
  }
  ~CommandsTest() override { std::filesystem::remove_all(root); }

  Output Run(Output (Commands::*command)()) {
    Commands commands(options, clock, [this](const std::string&, const Authority&) {
      return Result<std::unique_ptr<Broker>>(std::make_unique<testing::Line>(*broker));
    });
    return (commands.*command)();
  }
  v1::Invitation Invite() {
    const Output output = Run(&Commands::Invite);
    EXPECT_EQ(output.exit_code, kExitOk) << output.error;
    return *link::DecodeInvitation(Json::parse(output.text)["invitation"].get<std::string>());
  }
  void Join(const v1::Invitation& invitation) {
    const auto recorded = broker->Record(testing::Enrolment(invitation, kAgency, kNow));
    EXPECT_TRUE(recorded) << recorded.error().ToString();
  }
  v1::AgencyStatus::Code StatusOf(const std::string& address) {
    const auto agency = ledger::ReadAgency(broker->view(), address);
    return agency && *agency ? (*agency)->status() : v1::AgencyStatus::UNSPECIFIED;
  }

  std::string root;
  Options options;
  StoppedClock clock;
  std::unique_ptr<FakeBroker> broker;
};

TEST_F(CommandsTest, AnAgencyIsInvitedComparedAndApproved) {
  const v1::Invitation invitation = Invite();
  EXPECT_EQ(invitation.address(), kAgency);
  EXPECT_EQ(invitation.endpoint(), options.broker);
  Join(invitation);

  const Json requests = Json::parse(Run(&Commands::Requests).text);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0]["address"], kAgency);
  options.enrolments = {requests[0]["fingerprint"].get<std::string>()};
  const Output approved = Run(&Commands::Approve);
  EXPECT_EQ(approved.exit_code, kExitOk) << approved.error;
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::AKTIF);
  EXPECT_EQ(Json::parse(Run(&Commands::Requests).text).size(), 0u);
  EXPECT_EQ(Json::parse(Run(&Commands::Agencies).text).size(), 2u);
}

TEST_F(CommandsTest, ARequestIsChosenByAddressIdOrFingerprintWithoutSpaces) {
  Join(Invite());
  const Json request = Json::parse(Run(&Commands::Requests).text)[0];
  options.enrolments = {"0000 0000 0000"};
  EXPECT_EQ(Run(&Commands::Approve).exit_code, kExitFailed);
  std::string typed = request["fingerprint"];
  typed.erase(std::remove(typed.begin(), typed.end(), ' '), typed.end());
  options.enrolments = {typed};
  EXPECT_EQ(Run(&Commands::Approve).exit_code, kExitOk);
}

TEST_F(CommandsTest, OfTwoRequestsForOneAddressOnlyTheFingerprintChooses) {
  Join(Invite());
  Join(Invite());
  const Json requests = Json::parse(Run(&Commands::Requests).text);
  ASSERT_EQ(requests.size(), 2u);
  options.enrolments = {kAgency};
  for (const auto command : {&Commands::Approve, &Commands::Reject}) {
    const Output output = Run(command);
    EXPECT_EQ(output.exit_code, kExitFailed);
    EXPECT_THAT(output.error, HasSubstr("fingerprint"));
  }
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::UNSPECIFIED);

  options.enrolments = {requests[1]["fingerprint"].get<std::string>()};
  EXPECT_EQ(Run(&Commands::Approve).exit_code, kExitOk);
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::AKTIF);
  const Json left = Json::parse(Run(&Commands::Requests).text);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0]["enrolment_id"], requests[0]["enrolment_id"]);
}

TEST_F(CommandsTest, ABrokersDenialIsNoMatterOfFilePermissionsWhateverItsWords) {
  const auto exit_code = [&](const Error& error) {
    Commands commands(options, clock, [&](const std::string&, const Authority&) {
      return Result<std::unique_ptr<Broker>>(Fail(error));
    });
    return commands.Requests().exit_code;
  };
  EXPECT_EQ(exit_code({Errc::kDenied, "chmod 600 your keys", /*detail=*/3}), kExitFailed);
  std::filesystem::permissions(options.home + "/admin.key", std::filesystem::perms(0640));
  EXPECT_EQ(exit_code({Errc::kDenied, "never reached", 0}), kExitPermission);
}

TEST_F(CommandsTest, ARejectedRequestIsDecidedWithItsReason) {
  Join(Invite());
  options.enrolments = {kAgency};
  options.note = "sidik jari tidak cocok";
  EXPECT_EQ(Run(&Commands::Reject).exit_code, kExitOk);
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::UNSPECIFIED);
  EXPECT_EQ(Json::parse(Run(&Commands::Requests).text).size(), 0u);
}

TEST_F(CommandsTest, ARevokedAgencyIsOutWithTheReasonOnRecord) {
  Join(Invite());
  options.all = true;
  ASSERT_EQ(Run(&Commands::Approve).exit_code, kExitOk);
  options.reason = "WHATEVER";
  const Output wrong = Run(&Commands::Revoke);
  EXPECT_EQ(wrong.exit_code, kExitFailed);
  EXPECT_THAT(wrong.error, HasSubstr("KEY_COMPROMISE, CESSATION"));
  options.reason = "KEY_COMPROMISE";
  EXPECT_EQ(Run(&Commands::Revoke).exit_code, kExitOk);
  EXPECT_EQ(StatusOf(kAgency), v1::AgencyStatus::NONAKTIF);
}

TEST_F(CommandsTest, ARequestForAnotherAddressIsNeverIssuedACertificate) {
  const v1::Invitation invitation = Invite();
  const auto authority = LoadAuthority(options.home, "");
  ASSERT_TRUE(authority);
  PendingRequest pending;
  pending.invitation.set_address(kAgency);
  const v1::Entry foreign = testing::Enrolment(invitation, "unit.ppa.18.01@lampung.example", kNow);
  ASSERT_TRUE(pending.request.ParseFromString(foreign.enrolment().request()));
  EXPECT_EQ(Approve(*authority, pending, kNow).error().code, Errc::kDenied);

  // Even when only the key request inside names the other address.
  pending.request.set_address(kAgency);
  EXPECT_EQ(Approve(*authority, pending, kNow).error().code, Errc::kDenied);
  EXPECT_FALSE(broker->Record(foreign));
}

TEST_F(CommandsTest, IssuedCertificatesLiveOneYearAndChainToTheRoot) {
  const v1::Invitation invitation = Invite();
  Join(invitation);
  options.all = true;
  ASSERT_EQ(Run(&Commands::Approve).exit_code, kExitOk);
  const auto agency = ledger::ReadAgency(broker->view(), kAgency);
  const auto key = ledger::ReadKey(broker->view(), (*agency)->encryption_key());
  EXPECT_EQ((*key)->not_after_ms(), kNow + 365LL * 24 * 3600 * 1000);
  const auto authority = LoadAuthority(options.home, "");
  EXPECT_TRUE(certs::VerifyChain({*certs::Certificate::FromDer((*key)->certificate()),
                                  authority->issuing,
                                  authority->root,
                                  kNow,
                                  certs::Usage::kEncryption,
                                  kAgency}));
}

TEST_F(CommandsTest, AnInvitationFileIsWrittenOnceAndPrivately) {
  options.out = root + "/dinsos.invite";
  EXPECT_EQ(Run(&Commands::Invite).exit_code, kExitOk);
  EXPECT_TRUE(link::LoadInvitation(options.out));
  EXPECT_EQ(Run(&Commands::Invite).exit_code, kExitFailed);
}

TEST_F(CommandsTest, InvitationsOutsideTheDomainOrTheTimeLimitAreRefused) {
  options.address = "dinsos.32@jabar.example";
  EXPECT_THAT(Run(&Commands::Invite).error, HasSubstr("@lampung.example"));
  options.address = kAgency;
  options.expires_in = "30d";
  EXPECT_EQ(Run(&Commands::Invite).exit_code, kExitOk);
  options.expires_in = "31d";
  EXPECT_EQ(Run(&Commands::Invite).exit_code, kExitFailed);
  for (const char* bad : {"", "d", "7", "-1d", "0h", "7w", "999999999999d"}) {
    EXPECT_FALSE(ParseDuration(bad)) << bad;
  }
  EXPECT_EQ(*ParseDuration("12h"), 12LL * 3600 * 1000);
}

TEST_F(CommandsTest, NotesAtTheLimitPassAndOnePastIsRefused) {
  const auto authority = LoadAuthority(options.home, "");
  Revocation revocation{kAgency, "CESSATION", std::string(limits::kNoteBytesMax, 'n')};
  EXPECT_TRUE(MakeRevocation(*authority, revocation, kNow));
  revocation.note += "n";
  EXPECT_EQ(MakeRevocation(*authority, revocation, kNow).error().code, Errc::kLimit);
}

TEST_F(CommandsTest, ABrokerThatFalsifiesTheDirectoryIsFoundOut) {
  Join(Invite());
  broker->FalsifyEntry(2);
  const Output output = Run(&Commands::Requests);
  EXPECT_EQ(output.exit_code, kExitNotVerified) << output.error;
}

TEST_F(CommandsTest, EndpointsAreRememberedAfterTheyWorked) {
  Invite();
  options.broker.clear();
  options.enrol.clear();
  options.address = "lpa.18@lampung.example";
  EXPECT_EQ(Invite().endpoint(), "tcp://127.0.0.1:7400");
}

}  // namespace
}  // namespace rujukan::admin
