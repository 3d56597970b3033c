// Goal: the policy in force decides about every message, says by which rule, and changes only as an
// admin saw it before. Method: the default policy and small ones, from the genesis and by acts.
#include "base/limits.h"
#include "tests/unit/ledger/act_fixture.h"
#include "tests/unit/ledger/policy_support.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::K;
using testing::Member;
using testing::R;
using testing::World;

const std::string& DefaultDocument() {
  static const std::string kDocument(DefaultPolicyText());
  return kDocument;
}

class FoldPolicyTest : public ActTest {
 protected:
  FoldPolicyTest() : ActTest(DefaultDocument()) { world.AddAgency("forum.18.01"); }

  v1::Header Header(std::string_view from,
                    std::string_view to,
                    K::Code kind = K::RUJUKAN,
                    bool emergency = false) const {
    v1::Header header = world.HeaderTo(from, to, kind);
    header.set_urgency(emergency ? v1::Urgency::AMAT_SEGERA : v1::Urgency::BIASA);
    return header;
  }
  std::string RuleOf(const v1::Header& header) const {
    return ReadMessage(world.view(), header.message_id())->value().rule();
  }
  v1::PolicyRecord InForce() const {
    return ReadPolicyRecord(world.view())->value_or(v1::PolicyRecord());
  }
  static v1::Entry RefusalOf(const v1::Header& header, R::Code reason) {
    v1::Entry entry;
    v1::MessageRefused& refused = *entry.mutable_refused();
    refused.set_sender(header.from());
    refused.set_reason(reason);
    refused.set_submission_digest(std::string(32, 'd'));
    return entry;
  }
};

TEST_F(FoldPolicyTest, TheGenesisPolicyIsInForceFromTheStart) {
  EXPECT_EQ(InForce().version(), 1U);
  EXPECT_EQ(InForce().index(), 0U);
  EXPECT_EQ(InForce().by(), World::Address("admin.01"));
  EXPECT_EQ(*ReadPolicyText(world.view()), DefaultDocument());
  const v1::Header header = Header("uppa.18.01", "dinsos.18.01");
  EXPECT_EQ(Send(header), R::UNSPECIFIED) << advice;
  EXPECT_EQ(RuleOf(header), "A17") << "the rule that let it pass is kept";
}

TEST_F(FoldPolicyTest, ADeniedMessageNamesTheRuleHoweverUrgentItIs) {
  for (const bool emergency : {false, true}) {
    EXPECT_EQ(Send(Header("dinsos.18.01", "forum.18.01", K::RUJUKAN, emergency)), R::POLICY_DENIED);
    EXPECT_EQ(rule, "D3");
  }
}

TEST_F(FoldPolicyTest, AnEmergencyLiftsATierWhereTheRuleSaysSo) {
  world.AddAgency("uptdppa.18.02");
  EXPECT_EQ(Send(Header("uppa.18.01", "uptdppa.18.02")), R::SUPERVISOR_NEEDED);
  const v1::Header urgent = Header("uppa.18.01", "uptdppa.18.02", K::RUJUKAN, true);
  EXPECT_EQ(Send(urgent), R::UNSPECIFIED) << advice;
  EXPECT_EQ(RuleOf(urgent), "A17");
}

TEST_F(FoldPolicyTest, WhatNoRuleAllowsPassesWithAPermitUntilItExpires) {
  const auto send = [&] { return Send(Header("lpa.18.01", "forum.18.01", K::PEMBERITAHUAN)); };
  EXPECT_EQ(send(), R::SUPERVISOR_NEEDED);
  EXPECT_EQ(rule, "P0");
  ASSERT_EQ(Admin(Permit("lpa.18.01", "forum.18.01", kDay)), R::UNSPECIFIED);
  const v1::Header permitted = Header("lpa.18.01", "forum.18.01", K::PEMBERITAHUAN);
  EXPECT_EQ(Send(permitted), R::UNSPECIFIED);
  EXPECT_EQ(RuleOf(permitted), "permit");
  EXPECT_EQ(Send(Header("forum.18.01", "lpa.18.01", K::PEMBERITAHUAN)), R::SUPERVISOR_NEEDED)
      << "one way only";
  world.Advance(kDay - 1);
  EXPECT_EQ(send(), R::UNSPECIFIED);
  world.Advance(1);
  EXPECT_EQ(send(), R::SUPERVISOR_NEEDED);
}

TEST_F(FoldPolicyTest, APermitDoesNotLiftADenyRule) {
  ASSERT_EQ(Admin(Permit("dinsos.18.01", "forum.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Send(Header("dinsos.18.01", "forum.18.01", K::RUJUKAN, true)), R::POLICY_DENIED);
}

TEST_F(FoldPolicyTest, APermitLivesAtMostNinetyDays) {
  EXPECT_EQ(Admin(Permit("lpa.18.01", "forum.18.01", limits::kPermitLifeMsMax + 1)),
            R::ACT_INVALID);
  EXPECT_EQ(Admin(Permit("lpa.18.01", "forum.18.01", limits::kPermitLifeMsMax)), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Permit("lpa.18.01", "admin.01")), R::ACT_INVALID) << "no agency";
}

TEST_F(FoldPolicyTest, EveryRecipientOfAMessageHasToBeAllowed) {
  v1::Header notice = Header("uppa.18.01", "dinsos.18.01", K::PEMBERITAHUAN);
  notice.add_to(World::Address("forum.18.01"));
  notice.add_recipient_keys(world.member("forum.18.01").encryption_certificate.key_id().str());
  EXPECT_EQ(Send(notice), R::SUPERVISOR_NEEDED);
}

TEST_F(FoldPolicyTest, TopSecretGoesToTheClearedAlone) {
  v1::Header secret = Header("uppa.18.01", "dinsos.18.01", K::RUJUKAN, true);
  secret.set_classification(v1::Classification::SR);
  EXPECT_EQ(Send(secret), R::POLICY_DENIED);
  EXPECT_EQ(rule, "D5");
  v1::Act clear = SetStanding("dinsos.18.01");
  clear.mutable_set_standing()->mutable_standing()->set_izin_sangat_rahasia(true);
  ASSERT_EQ(Admin(clear), R::UNSPECIFIED);
  EXPECT_EQ(Send(secret), R::UNSPECIFIED) << advice;
}

// A leg that was allowed has to be answered, but not with what its reader may not see.
TEST_F(FoldPolicyTest, InsideALegOnlyTheClassStops) {
  const v1::Header referral = Header("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Send(referral), R::UNSPECIFIED);
  ASSERT_EQ(Whole(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED)), R::UNSPECIFIED);
  ASSERT_EQ(Admin(SetPolicy(2, testing::Document("types dinsos, uppa\n"))), R::UNSPECIFIED)
      << advice;
  EXPECT_EQ(Send(Header("uppa.18.01", "dinsos.18.01")), R::SUPERVISOR_NEEDED) << "a new one";
  v1::Header answer = Header("dinsos.18.01", "uppa.18.01", K::KONFIRMASI);
  answer.set_leg_id(referral.leg_id());
  EXPECT_EQ(Send(answer), R::UNSPECIFIED) << advice;

  ASSERT_EQ(Admin(SetPolicy(3, DefaultDocument())), R::UNSPECIFIED);
  v1::Header secret = Header("dinsos.18.01", "uppa.18.01", K::TERIMA);
  secret.set_leg_id(referral.leg_id());
  secret.set_sequence(2);
  secret.set_classification(v1::Classification::SR);
  EXPECT_EQ(Send(secret), R::POLICY_DENIED);
  EXPECT_EQ(rule, "D5");
}

TEST_F(FoldPolicyTest, SuspendedRecipientsAndKeysThatEndedNameTheirRules) {
  const v1::Header header = Header("uppa.18.01", "dinsos.18.01");
  const Member former = world.Rotate("dinsos.18.01");
  world.Advance(limits::kKeyOverlapMs + 1);
  v1::Header stale = Header("uppa.18.01", "dinsos.18.01");
  stale.set_recipient_keys(0, former.encryption_certificate.key_id().str());
  EXPECT_EQ(Send(stale), R::KEY_EXPIRED);
  EXPECT_EQ(rule, "D9");
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Send(Header("uppa.18.01", "dinsos.18.01")), R::RECIPIENT_NOT_ACTIVE);
  EXPECT_EQ(rule, "D1");
}

TEST_F(FoldPolicyTest, ANewPolicyFollowsTheOneItsAdminSaw) {
  const std::string strict = testing::Document("types dinsos, uppa\n");
  EXPECT_EQ(Admin(SetPolicy(1, strict)), R::ACT_INVALID) << "the one in force";
  EXPECT_EQ(Admin(SetPolicy(3, strict)), R::ACT_INVALID) << "one that nobody has seen";
  ASSERT_EQ(Admin(SetPolicy(2, strict)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(InForce().version(), 2U);
  EXPECT_EQ(Send(Header("uppa.18.01", "dinsos.18.01")), R::SUPERVISOR_NEEDED)
      << "from the next entry on";
}

TEST_F(FoldPolicyTest, APolicyThatDoesNotParseIsRefusedAndTheOldOneStays) {
  EXPECT_EQ(Admin(SetPolicy(2, "rujukan-policy 1\nallow everything\n")), R::ACT_INVALID);
  EXPECT_EQ(Admin(SetPolicy(2, "")), R::ACT_INVALID);
  EXPECT_EQ(InForce().version(), 1U);
  EXPECT_EQ(Send(Header("dinsos.18.01", "forum.18.01")), R::POLICY_DENIED);
}

TEST_F(FoldPolicyTest, ARefusalEntryNamesThePolicyThatDecided) {
  v1::Entry entry = RefusalOf(Header("dinsos.18.01", "forum.18.01"), R::POLICY_DENIED);
  v1::MessageRefused& refused = *entry.mutable_refused();
  EXPECT_EQ(Whole(entry), R::MALFORMED) << "a refusal by policy without its rule";
  refused.set_rule("D3");
  refused.set_policy_version(1);
  EXPECT_EQ(Whole(entry), R::UNSPECIFIED) << advice;
  refused.set_policy_version(2);
  EXPECT_EQ(Whole(entry), R::MALFORMED) << "not the one in force";
  refused.clear_policy_version();
  EXPECT_EQ(Whole(entry), R::MALFORMED);
  refused.set_policy_version(1);
  refused.set_rule(std::string(65, 'D'));
  EXPECT_EQ(Whole(entry), R::MALFORMED);
  refused.clear_rule();
  refused.set_reason(R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Whole(entry), R::MALFORMED) << "no rule, no version";
  refused.clear_policy_version();
  EXPECT_EQ(Whole(entry), R::UNSPECIFIED);
}

class NoPolicyTest : public ActTest {};

TEST_F(NoPolicyTest, WithoutAPolicyEverythingPassesAndTheFirstOneIsVersionOne) {
  EXPECT_EQ(Send(world.HeaderTo("dinsos.18.01", "lpa.18.01", K::RUJUKAN)), R::UNSPECIFIED);
  EXPECT_EQ(Admin(SetPolicy(2, DefaultDocument())), R::ACT_INVALID);
  EXPECT_EQ(Admin(SetPolicy(1, DefaultDocument())), R::UNSPECIFIED) << advice;
  v1::Header calm = world.HeaderTo("dinsos.18.01", "lpa.18.01", K::RUJUKAN);
  calm.set_urgency(v1::Urgency::BIASA);
  EXPECT_EQ(Send(calm), R::SUPERVISOR_NEEDED);
}

}  // namespace
}  // namespace rujukan::ledger
