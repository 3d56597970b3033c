// Goal: who is suspended, resumed or revoked is exactly where the entry left it: mail, counters,
// legs, keys, and what the broker has to do. Method: real acts on mailboxes filled by real
// messages.
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::K;
using testing::Member;
using testing::R;
using testing::World;
using S = v1::LegState;

class FoldStatusTest : public ActTest {
 protected:
  v1::Header Referral(std::string_view from = "uppa.18.01") {
    const v1::Header header = world.HeaderTo(from, "dinsos.18.01", K::RUJUKAN);
    EXPECT_EQ(Send(header), R::UNSPECIFIED);
    return header;
  }
  S::Code StateOf(const v1::Header& referral) const {
    return ReadLeg(world.view(), referral.leg_id())->value().state();
  }
  v1::MessageRecord MessageOf(const v1::Header& header) const {
    return ReadMessage(world.view(), header.message_id())->value();
  }
  v1::ShareRecord ShareOf(std::string_view sender) const {
    return *ReadShare(world.view(), World::Address("dinsos.18.01"), World::Address(sender));
  }
  R::Code Deliver(const v1::Header& header) {
    return Whole(world.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED));
  }
};

TEST_F(FoldStatusTest, HeldMailStaysUntilItsAgencyIsResumed) {
  const v1::Header first = Referral();
  ASSERT_EQ(Admin(Suspend("dinsos.18.01", v1::PendingMail::HOLD)), R::UNSPECIFIED);
  EXPECT_EQ(StatusOf("dinsos.18.01"), v1::AgencyStatus::DIBEKUKAN);
  EXPECT_EQ(RecordOf("dinsos.18.01").status_note(), "diperiksa");
  EXPECT_EQ(MailboxOf("dinsos.18.01"), std::vector<std::string>{first.message_id()});
  EXPECT_EQ(CounterOf("dinsos.18.01").mailbox_messages(), 1U);
  EXPECT_EQ(ShareOf("uppa.18.01").messages(), 1U);
  EXPECT_EQ(StateOf(first), S::TERKIRIM);
  EXPECT_EQ(MessageOf(first).deliveries(0).index(), 0U);
  EXPECT_EQ(Deliver(first), R::SENDER_NOT_ACTIVE);

  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(RecordOf("dinsos.18.01").status_note(), "");
  EXPECT_EQ(Deliver(first), R::UNSPECIFIED);
  EXPECT_EQ(StateOf(first), S::SAMPAI);
}

TEST_F(FoldStatusTest, BouncedMailIsGoneFromEverywhereAndItsLegHasFailed) {
  const v1::Header first = Referral();
  const v1::Header second = Referral("lpa.18.01");
  ASSERT_EQ(Admin(Suspend("dinsos.18.01", v1::PendingMail::BOUNCE)), R::UNSPECIFIED);
  const LogIndex act = world.size() - 1;
  EXPECT_TRUE(MailboxOf("dinsos.18.01").empty());
  EXPECT_EQ(CounterOf("dinsos.18.01").mailbox_messages(), 0U);
  EXPECT_EQ(CounterOf("dinsos.18.01").mailbox_bytes(), 0U);
  for (const v1::Header& header : {first, second}) {
    EXPECT_EQ(ShareOf(header.from().substr(0, header.from().find('@'))).messages(), 0U);
    EXPECT_EQ(StateOf(header), S::GAGAL);
    EXPECT_EQ(MessageOf(header).deliveries(0).index(), act);
    EXPECT_TRUE(MessageOf(header).deliveries(0).bounced());
  }
  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Deliver(first), R::ALREADY_DELIVERED) << "too late: its sender has been told";
}

TEST_F(FoldStatusTest, OnlyReferralsThatNobodyOpenedFail) {
  const v1::Header opened = Referral();
  ASSERT_EQ(Deliver(opened), R::UNSPECIFIED);
  v1::Header cancel = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::BATAL);
  cancel.set_leg_id(opened.leg_id());
  cancel.set_sequence(2);
  ASSERT_EQ(Send(cancel), R::UNSPECIFIED);
  const v1::Header notice = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::PEMBERITAHUAN);
  ASSERT_EQ(Send(notice), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Revoke("dinsos.18.01", v1::PendingMail::BOUNCE)), R::UNSPECIFIED);
  EXPECT_EQ(StateOf(opened), S::DIBATALKAN);
  EXPECT_TRUE(MessageOf(cancel).deliveries(0).bounced());
  EXPECT_TRUE(MessageOf(notice).deliveries(0).bounced());
}

TEST_F(FoldStatusTest, ABounceTouchesThisRecipientOfAMessageAlone) {
  v1::Header notice = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::PEMBERITAHUAN);
  notice.add_to(World::Address("lpa.18.01"));
  notice.add_recipient_keys(world.member("lpa.18.01").encryption_certificate.key_id().str());
  ASSERT_EQ(Send(notice), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Suspend("dinsos.18.01", v1::PendingMail::BOUNCE)), R::UNSPECIFIED);
  EXPECT_TRUE(MessageOf(notice).deliveries(0).bounced());
  EXPECT_FALSE(MessageOf(notice).deliveries(1).bounced());
  EXPECT_EQ(MailboxOf("lpa.18.01").size(), 1U);
  EXPECT_EQ(CounterOf("lpa.18.01").mailbox_messages(), 1U);
}

TEST_F(FoldStatusTest, TheEffectsNameWhomToCutAndWhomToTell) {
  const v1::Header first = Referral();
  const v1::Header second = Referral("lpa.18.01");
  for (const bool bounce : {false, true}) {
    const auto mail = bounce ? v1::PendingMail::BOUNCE : v1::PendingMail::HOLD;
    for (const v1::Act& act : {Suspend("dinsos.18.01", mail), Revoke("dinsos.18.01", mail)}) {
      const Effects effects = EffectsOf(world.ActEntry(act));
      EXPECT_EQ(effects.cut, std::vector<std::string>{World::Address("dinsos.18.01")});
      ASSERT_EQ(effects.waiting.size(), 2U);
      EXPECT_EQ(effects.waiting[0].sender, World::Address("uppa.18.01"));
      EXPECT_EQ(effects.waiting[0].recipient, World::Address("dinsos.18.01"));
      EXPECT_EQ(effects.waiting[0].message_id, first.message_id());
      EXPECT_EQ(effects.waiting[0].bounced, bounce);
      EXPECT_EQ(effects.waiting[1].message_id, second.message_id());
    }
  }
  EXPECT_TRUE(EffectsOf(world.ActEntry(Suspend("lpa.18.01"))).waiting.empty());
  EXPECT_TRUE(EffectsOf(world.ActEntry(Describe("lpa.18.01"))).cut.empty());
}

TEST_F(FoldStatusTest, WhatWasHeldCanBeBouncedByRevoking) {
  const v1::Header first = Referral();
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Suspend("dinsos.18.01", v1::PendingMail::BOUNCE)), R::ACT_INVALID);
  ASSERT_EQ(Admin(Revoke("dinsos.18.01", v1::PendingMail::BOUNCE)), R::UNSPECIFIED);
  EXPECT_EQ(StateOf(first), S::GAGAL);
}

TEST_F(FoldStatusTest, TheSuspendedNeitherSendNorReceiveAndAreBackAfterwards) {
  const auto there = [&] { return Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN)); };
  const auto back = [&] { return Send(world.HeaderTo("dinsos.18.01", "uppa.18.01", K::RUJUKAN)); };
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(there(), R::RECIPIENT_NOT_ACTIVE);
  EXPECT_EQ(rule, "D1");
  EXPECT_EQ(back(), R::SENDER_NOT_ACTIVE);
  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(there(), R::UNSPECIFIED);
  EXPECT_EQ(back(), R::UNSPECIFIED);
}

TEST_F(FoldStatusTest, EachStepIsRefusedWhereItDoesNotFit) {
  EXPECT_EQ(Admin(Resume("dinsos.18.01")), R::ACT_INVALID) << "not suspended";
  EXPECT_EQ(Admin(Suspend("dinsos.99.01")), R::ACT_INVALID) << "unknown";
  v1::Act unexplained = Revoke("dinsos.18.01");
  unexplained.mutable_revoke()->clear_reason();
  EXPECT_EQ(Admin(unexplained), R::MALFORMED);
  ASSERT_EQ(Admin(Revoke("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Resume("dinsos.18.01")), R::ACT_INVALID) << "revoked is for good";
  EXPECT_EQ(Admin(Suspend("dinsos.18.01")), R::ACT_INVALID);
}

TEST_F(FoldStatusTest, RevocationEndsEveryKeyTheAgencyHadAndWhatItAskedFor) {
  const Member former = world.Rotate("dinsos.18.01");
  const Member& present = world.member("dinsos.18.01");
  ASSERT_EQ(Whole(world.ActEntry(World::RequestKeysAct(world.NewKeys("dinsos.18.01")))),
            R::UNSPECIFIED);
  ASSERT_EQ(Admin(Revoke("dinsos.18.01")), R::UNSPECIFIED);
  for (const Member* member : {&former, &present}) {
    EXPECT_TRUE(Revoked(member->signing_certificate));
    EXPECT_TRUE(Revoked(member->encryption_certificate));
  }
  EXPECT_FALSE(ReadRotation(world.view(), World::Address("dinsos.18.01"))->has_value());
  EXPECT_FALSE(*world.view().Get(Table::kTransport, present.transport.public_key.view()));
}

TEST_F(FoldStatusTest, NobodyTakesItselfOutAndTheLastAdminStays) {
  EXPECT_EQ(Admin(Suspend("admin.01")), R::ACT_INVALID);
  EXPECT_EQ(Admin(Revoke("admin.01")), R::ACT_INVALID);
  world.AddMember("admin.02", v1::Role::ADMIN);
  EXPECT_EQ(By("admin.02", Suspend("admin.02")), R::ACT_INVALID);
  ASSERT_EQ(By("admin.02", Suspend("admin.01")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Suspend("admin.02")), R::NO_RIGHT) << "suspended admins do not act";
}

// Two admins who take each other out: the first entry counts, the second has no right any more.
TEST_F(FoldStatusTest, OfTwoAdminsWhoRevokeEachOtherOneIsLeft) {
  world.AddMember("admin.02", v1::Role::ADMIN);
  const v1::Entry first = world.ActEntry(Revoke("admin.02"));
  const v1::Entry second = world.ActEntryBy("admin.02", Revoke("admin.01"));
  EXPECT_EQ(Whole(first), R::UNSPECIFIED);
  EXPECT_EQ(Whole(second), R::NO_RIGHT);
}

TEST_F(FoldStatusTest, EveryActAboutAnAgencyIsInItsHistory) {
  const auto before = *ListHistory(world.view(), World::Address("dinsos.18.01"));
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  const LogIndex suspended = world.size() - 1;
  ASSERT_EQ(Admin(Describe("lpa.18.01")), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  auto expected = before;
  expected.push_back(suspended);
  expected.push_back(suspended + 2);
  EXPECT_EQ(before.size(), 3U) << "invited, enrolled, admitted";
  EXPECT_EQ(*ListHistory(world.view(), World::Address("dinsos.18.01")), expected);
}

}  // namespace
}  // namespace rujukan::ledger
