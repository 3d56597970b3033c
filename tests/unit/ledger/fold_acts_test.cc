// Goal: an act counts once, in its time and by whom it says; under the two-admin rule a root act
// waits for somebody else. Method: every way around the second admin is tried on real acts.
#include "base/limits.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::Member;
using testing::R;
using testing::World;

class FoldActsTest : public ActTest {};

TEST_F(FoldActsTest, AnActCountsOnce) {
  const v1::Entry entry = world.ActEntry(Suspend("dinsos.18.01"));
  ASSERT_EQ(Whole(entry), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Whole(entry), R::ID_REUSED) << "replayed";
}

TEST_F(FoldActsTest, AnActNeedsAnIdAndAKnownVersion) {
  v1::Act act = Suspend("dinsos.18.01");
  act.set_act_id("short");
  EXPECT_EQ(Admin(act), R::MALFORMED);
  v1::Entry entry = world.ActEntry(Suspend("dinsos.18.01"));
  entry.mutable_act()->set_act("\xff\xff");
  EXPECT_EQ(Whole(entry), R::MALFORMED);
  EXPECT_EQ(Admin(v1::Act()), R::MALFORMED) << "says nothing";
}

TEST_F(FoldActsTest, AnActIsDatedAtMostFiveMinutesAhead) {
  v1::Act act = Suspend("dinsos.18.01");
  act.set_created_at_ms(world.now() + limits::kClockSkewMsMax + 1);
  EXPECT_EQ(Admin(act), R::CLOCK_SKEW);
  act.set_created_at_ms(world.now() + limits::kClockSkewMsMax);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldActsTest, AnActSignedWithAKeyThatHasEndedIsRefused) {
  world.Advance(365 * kDay + 1);
  EXPECT_EQ(Admin(Suspend("dinsos.18.01")), R::KEY_EXPIRED);
}

TEST_F(FoldActsTest, AnAgencyChangesTheDirectoryUpToItsLimitAnHour) {
  world.Advance(kHour - world.now() % kHour);  // a whole hour ahead
  for (uint32_t i = 0; i < limits::kAgencyActsPerHour; ++i) {
    ASSERT_EQ(By("dinsos.18.01", Describe("dinsos.18.01")), R::UNSPECIFIED) << i;
  }
  EXPECT_EQ(By("dinsos.18.01", Describe("dinsos.18.01")), R::RATE_LIMITED);
  EXPECT_EQ(By("lpa.18.01", Describe("lpa.18.01")), R::UNSPECIFIED) << "each its own";
  EXPECT_EQ(Admin(Describe("dinsos.18.01")), R::UNSPECIFIED) << "admins are not counted";
  world.Advance(kHour);
  EXPECT_EQ(By("dinsos.18.01", Describe("dinsos.18.01")), R::UNSPECIFIED);
}

class TwoAdminsTest : public ActTest {
 protected:
  TwoAdminsTest() {
    world.AddMember("admin.02", v1::Role::ADMIN);
    world.AddMember("admin.03", v1::Role::ADMIN);
    EXPECT_EQ(Admin(SetRules(true)), R::UNSPECIFIED);
  }
  // Proposes, and returns what to confirm.
  std::string Propose(std::string_view name, v1::Act act) {
    act.set_act_id("proposal-" + std::to_string(++proposals_ + 1'000'000));
    EXPECT_EQ(By(name, act), R::UNSPECIFIED) << advice;
    EXPECT_TRUE(ReadProposal(world.view(), act.act_id())->has_value());
    return act.act_id();
  }
  bool Rule() const { return ReadDomain(world.view())->rules().two_admins(); }

 private:
  int proposals_ = 0;
};

TEST_F(FoldActsTest, TheRuleNeedsTwoActiveAdmins) {
  EXPECT_EQ(Admin(SetRules(true)), R::ACT_INVALID);
  world.AddMember("admin.02", v1::Role::ADMIN);
  ASSERT_EQ(Admin(Suspend("admin.02")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(SetRules(true)), R::ACT_INVALID);
  ASSERT_EQ(Admin(Resume("admin.02")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(SetRules(true)), R::UNSPECIFIED);
}

TEST_F(TwoAdminsTest, ARootActWaitsUntilAnotherAdminConfirmsIt) {
  const std::string proposal = Propose("admin.01", SetRules(false));
  EXPECT_TRUE(Rule());
  EXPECT_EQ(Admin(Confirm(proposal)), R::SECOND_ADMIN_NEEDED) << "its proposer";
  EXPECT_EQ(By("dinsos.18.01", Confirm(proposal)), R::NO_RIGHT) << "no admin";
  EXPECT_EQ(By("admin.02", Confirm(proposal)), R::UNSPECIFIED);
  EXPECT_FALSE(Rule());
  EXPECT_EQ(By("admin.02", Confirm(proposal)), R::ACT_INVALID) << "done";
}

TEST_F(TwoAdminsTest, WhatIsNoRootActWaitsForNobody) {
  EXPECT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(StatusOf("dinsos.18.01"), v1::AgencyStatus::DIBEKUKAN);
}

TEST_F(TwoAdminsTest, AnIllegalRootActIsRefusedAtOnce) {
  EXPECT_EQ(Admin(SetPolicy(1, "not a policy")), R::ACT_INVALID);
}

TEST_F(TwoAdminsTest, AProposalWaitsSevenDaysAndNotAMillisecondLonger) {
  const std::string in_time = Propose("admin.01", SetRules(true));
  const std::string late = Propose("admin.01", SetRules(false));
  world.Advance(limits::kProposalLifeMs);
  EXPECT_EQ(By("admin.02", Confirm(in_time)), R::UNSPECIFIED);
  world.Advance(1);
  EXPECT_EQ(By("admin.02", Confirm(late)), R::ACT_INVALID);
  EXPECT_TRUE(Rule());
}

TEST_F(TwoAdminsTest, ADeclinedProposalIsGone) {
  const std::string turned_down = Propose("admin.01", SetRules(false));
  EXPECT_EQ(By("admin.02", Decline(turned_down)), R::UNSPECIFIED);
  EXPECT_EQ(By("admin.02", Confirm(turned_down)), R::ACT_INVALID);
  const std::string taken_back = Propose("admin.01", SetRules(false));
  EXPECT_EQ(Admin(Decline(taken_back)), R::UNSPECIFIED);
  EXPECT_EQ(By("admin.02", Confirm(taken_back)), R::ACT_INVALID);
}

TEST_F(TwoAdminsTest, WhatASuspendedAdminProposedIsNotCarriedOut) {
  const std::string proposal = Propose("admin.01", SetRules(false));
  ASSERT_EQ(By("admin.02", Suspend("admin.01")), R::UNSPECIFIED);
  EXPECT_EQ(By("admin.02", Confirm(proposal)), R::NO_RIGHT);
}

TEST_F(TwoAdminsTest, WhatARevokedAdminProposedIsNotCarriedOut) {
  const std::string proposal = Propose("admin.01", SetRules(false));
  ASSERT_EQ(By("admin.02", Revoke("admin.01")), R::UNSPECIFIED);
  EXPECT_EQ(By("admin.02", Confirm(proposal)), R::ACT_INVALID);
  EXPECT_TRUE(Rule());
}

// Whoever stole the keys proposed; the admin has new ones and is as active as ever.
TEST_F(TwoAdminsTest, WhatWasProposedWithKeysThatWereLostFalls) {
  const auto key = certs::Ed25519Key::Generate();
  v1::Act invite = world.InviteAct("admin.02", key);
  invite.mutable_invite()->set_role(v1::Role::ADMIN);
  invite.mutable_invite()->set_replace(true);
  ASSERT_EQ(Admin(invite), R::UNSPECIFIED);
  const std::string stolen = Propose("admin.02", SetRules(false));
  world.AddApplicant("admin.02", v1::Role::ADMIN);
  const v1::Entry enrolment = world.EnrolmentEntry("admin.02", key);
  ASSERT_EQ(Whole(enrolment), R::UNSPECIFIED);
  const std::string replaced = Propose("admin.01", world.AdmitAct("admin.02", enrolment));
  ASSERT_EQ(By("admin.03", Confirm(replaced)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(By("admin.03", Confirm(stolen)), R::ACT_INVALID);
  EXPECT_TRUE(Rule());
}

TEST_F(TwoAdminsTest, AnAdminIsAdmittedReplacedAndResumedByTwo) {
  const auto key = certs::Ed25519Key::Generate();
  v1::Act invite = world.InviteAct("admin.02", key);
  invite.mutable_invite()->set_role(v1::Role::ADMIN);
  invite.mutable_invite()->set_replace(true);
  ASSERT_EQ(Admin(invite), R::UNSPECIFIED);
  const Member second = world.member("admin.02");
  world.AddApplicant("admin.02", v1::Role::ADMIN);  // admin.01 would put itself in its place
  const v1::Entry enrolment = world.EnrolmentEntry("admin.02", key);
  ASSERT_EQ(Whole(enrolment), R::UNSPECIFIED);
  const std::string proposal = Propose("admin.01", world.AdmitAct("admin.02", enrolment));
  EXPECT_EQ(Admin(Confirm(proposal)), R::SECOND_ADMIN_NEEDED);
  EXPECT_EQ(Whole(world.ActEntryBy(world.member("admin.02"), Confirm(proposal))), R::KEY_UNKNOWN);
  EXPECT_FALSE(Revoked(second.signing_certificate));
  EXPECT_EQ(Whole(world.ActEntryBy(second, Confirm(proposal))), R::UNSPECIFIED);
  EXPECT_TRUE(Revoked(second.signing_certificate));

  ASSERT_EQ(Admin(Suspend("admin.02")), R::UNSPECIFIED);
  Propose("admin.01", Resume("admin.02"));
  EXPECT_EQ(StatusOf("admin.02"), v1::AgencyStatus::DIBEKUKAN);
}

// Certificates that were good when they were proposed have to be good when they count.
TEST_F(TwoAdminsTest, AProposalsCertificatesAreCheckedWhenItIsConfirmed) {
  const auto key = certs::Ed25519Key::Generate();
  v1::Act invite = world.InviteAct("registrar.01", key);
  invite.mutable_invite()->set_role(v1::Role::REGISTRAR);
  ASSERT_EQ(Admin(invite), R::UNSPECIFIED);
  world.AddApplicant("registrar.01", v1::Role::REGISTRAR);
  Member brief = world.NewKeys("registrar.01", /*days=*/1);
  world.Equip(std::move(brief));
  const v1::Entry enrolment = world.EnrolmentEntry("registrar.01", key);
  ASSERT_EQ(Whole(enrolment), R::UNSPECIFIED);
  const std::string proposal = Propose("admin.01", world.AdmitAct("registrar.01", enrolment));
  world.Advance(kDay + kHour);
  EXPECT_EQ(By("admin.02", Confirm(proposal)), R::CERTIFICATE_INVALID);
}

TEST_F(TwoAdminsTest, OfTwoProposalsForOneVersionOfThePolicyOneCounts) {
  const std::string proposal =
      Propose("admin.01", SetPolicy(1, "rujukan-policy 1\nname \"a / b\"\n"));
  const std::string other = Propose("admin.02", SetPolicy(1, "rujukan-policy 1\nname \"c / d\"\n"));
  ASSERT_EQ(By("admin.02", Confirm(proposal)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Admin(Confirm(other)), R::ACT_INVALID) << "the version it was made for has passed";
}

}  // namespace
}  // namespace rujukan::ledger
