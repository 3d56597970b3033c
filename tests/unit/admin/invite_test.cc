// Goal: an invitation says what was meant, about a place that exists, and can be taken back; what
// cannot be meant is refused with what to write. Method: command lines over a broker in memory.
#include "agents/admin/invite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/link/invitation.h"
#include "base/limits.h"
#include "ledger/records.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using Json = nlohmann::json;
using ::testing::HasSubstr;

constexpr char kAgency[] = "dinsos.18.71@lampung.example";

class InviteTest : public testing::FoundedDomain {
 protected:
  Output Try(const std::string& address, std::vector<std::string> more) {
    std::vector<std::string> words = {"invite", address, "--name", "Dinas Sosial"};
    words.insert(words.end(), more.begin(), more.end());
    return Run(std::move(words));
  }
};

TEST_F(InviteTest, EverythingThatWasSaidIsInTheLedgerAndInTheRecordAfterApproval) {
  Join(Invite(kAgency,
              {"--steward",
               "dinsos.18@lampung.example",
               "--supervisor",
               "dinsos.18@lampung.example",
               "--office-type",
               "B"}));
  ASSERT_EQ(Run({"approve", kAgency}).exit_code, kExitOk);
  const v1::AgencyRecord record = MemberOf(kAgency);
  EXPECT_EQ(record.steward(), "dinsos.18@lampung.example");
  EXPECT_EQ(record.standing().pengawas(), "dinsos.18@lampung.example");
  EXPECT_EQ(record.standing().tipe_dinas(), v1::OfficeType::B);
}

TEST_F(InviteTest, ARegionWithoutItsSchemeIsRefusedWithTheNamesOfBothReadings) {
  const Output output = Try("dinsos.31.72@lampung.example", {"--region", "31.72"});
  EXPECT_EQ(output.exit_code, kExitFailed);
  EXPECT_THAT(output.error, HasSubstr("Jakarta Utara"));
  EXPECT_THAT(output.error, HasSubstr("Jakarta Timur"));
}

TEST_F(InviteTest, AnAddressOfAnotherPlaceThanItsRegionIsRefused) {
  EXPECT_THAT(Try(kAgency, {"--region", "kemendagri:18.72"}).error, HasSubstr("another place"));
  EXPECT_THAT(Try("dinsos.18@lampung.example", {"--region", "kemendagri:18.71"}).error,
              HasSubstr("another place"))
      << "a province's office is not a city's";
  EXPECT_EQ(Try("lksa.18.71.003@lampung.example", {"--region", "kemendagri:18.71.01"}).exit_code,
            kExitOk)
      << "a district of its city";
}

TEST_F(InviteTest, AnAgencyNeedsARegionAndOthersDoNot) {
  EXPECT_EQ(Try(kAgency, {}).exit_code, kExitFailed);
  EXPECT_EQ(Try("auditor.01@lampung.example", {"--role", "auditor"}).exit_code, kExitOk);
}

TEST_F(InviteTest, AScopeIsForStewardsAndAuditorsOfPlacesAndAddressesThatExist) {
  const auto auditor = [this](std::vector<std::string> more) {
    more.insert(more.end(), {"--role", "auditor"});
    return Try("auditor.01@lampung.example", more);
  };
  EXPECT_THAT(
      Try(kAgency, {"--region", "kemendagri:18.71", "--scope-region", "kemendagri:18"}).error,
      HasSubstr("only a steward or an auditor"));
  EXPECT_EQ(auditor({"--scope-region", "18"}).exit_code, kExitFailed);
  EXPECT_EQ(auditor({"--scope-agency", "x@other.example"}).exit_code, kExitFailed);
  EXPECT_EQ(auditor({"--scope-until", "2027-02-30"}).exit_code, kExitFailed);
  EXPECT_EQ(auditor({"--scope-region", "kemendagri:18", "--scope-until", "2027-02-28"}).exit_code,
            kExitOk);
}

TEST_F(InviteTest, AScopeAtTheLimitPassesAndOnePastIsRefused) {
  Guest guest{"auditor.01@lampung.example", "Auditor", "", "auditor", "", "", "", {}, false};
  for (size_t i = 0; i < limits::kScopeItemsMax; ++i) {
    guest.scope.add_regions("kemendagri:18");
  }
  const auto act = [&guest] {
    return InviteActFor(guest, "lampung.example", testing::kFounded + 1, testing::kFounded);
  };
  EXPECT_TRUE(act());
  guest.scope.add_regions("kemendagri:18");
  EXPECT_EQ(act().error().code, Errc::kLimit);
}

TEST_F(InviteTest, AnInvitationIsListedUntilItIsTakenBackByAddressOrByItself) {
  Invite(kAgency);
  const v1::Invitation second = Invite("lpa.18.71@lampung.example");
  ASSERT_EQ(Answer({"invitations"}).size(), 2u);
  EXPECT_EQ(Answer({"invitations"})[0]["state"], "open");
  Answer({"uninvite", kAgency, "--note", "salah nomor"});
  Answer({"uninvite", link::EncodeInvitation(second)});
  EXPECT_EQ(Answer({"invitations"}).size(), 0u);
  const auto late = broker->Record(testing::Enrolment(second, second.address(), clock.Now()));
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().context, HasSubstr("INVITATION_CANCELLED"));
  EXPECT_THAT(Run({"uninvite", kAgency}).error, HasSubstr("no such invitation is open"));
}

TEST_F(InviteTest, AnInvitationThatRanOutIsShownAsExpired) {
  Invite(kAgency, {"--expires-in", "1d"});
  Pass(testing::kOneDay);
  EXPECT_EQ(Answer({"invitations"})[0]["state"], "expired");
}

TEST_F(InviteTest, TheQrCodeComesWithAWarningThatItIsTheSecret) {
  const Output output =
      RunAt(home,
            {"invite", kAgency, "--name", "Dinas", "--region", "kemendagri:18.71", "--qr"},
            /*json=*/false);
  EXPECT_EQ(output.exit_code, kExitOk) << output.error;
  EXPECT_THAT(output.text, HasSubstr("This is the secret itself"));
  EXPECT_THAT(output.text, HasSubstr("\u2580"));
}

TEST_F(InviteTest, AMemberThatLostItsKeysIsInvitedOnlyToReplaceThem) {
  BringIn(kAgency);
  const std::string before = MemberOf(kAgency).signing_key();
  EXPECT_THAT(Try(kAgency, {"--region", "kemendagri:18.71"}).error, HasSubstr("--replace"));
  Join(Invite(kAgency, {"--replace"}));
  const Json approved = Answer({"approve", kAgency});
  EXPECT_NE(MemberOf(kAgency).signing_key(), before);
  EXPECT_THAT(approved.value("crl", ""), HasSubstr("CRL 1 published"));
  EXPECT_EQ(Answer({"crl", "show"})["serials"].size(), 2u) << "signing and encryption";
}

}  // namespace
}  // namespace rujukan::admin
