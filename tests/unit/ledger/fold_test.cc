// Goal: the fold refuses everything that is not legal, with the right reason, and what it accepts
// moves mailboxes and legs as documented. Method: a World with real keys; each test tells one
// story. World::Try also checks that a refused entry leaves no write behind.
#include "ledger/fold.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/support/world.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;
using S = v1::LegState;
using K = v1::Kind;
using testing::World;

class FoldTest : public ::testing::Test {
 protected:
  FoldTest() {
    world.AddAgency("uppa.18.01");
    world.AddAgency("dinsos.18");
    world.AddAgency("lpa.18");
  }

  R::Code Refused(v1::Entry entry) {
    const auto refusal = world.Try(std::move(entry));
    return refusal ? refusal->reason : R::UNSPECIFIED;
  }
  R::Code RefusedMessage(const v1::Header& header) { return Refused(world.MessageEntry(header)); }

  // A referral from the police unit to the social office, accepted and delivered.
  v1::Header Arrived() {
    const v1::Header referral = Referral();
    world.Append(world.MessageEntry(referral));
    world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED));
    return referral;
  }
  v1::Header Referral() const { return world.HeaderTo("uppa.18.01", "dinsos.18", K::RUJUKAN); }

  v1::Header Answer(const v1::Header& referral, K::Code kind, uint64_t sequence) const {
    return InLeg(world.HeaderTo("dinsos.18", "uppa.18.01", kind), referral, sequence);
  }
  v1::Header FollowUp(const v1::Header& referral, K::Code kind, uint64_t sequence) const {
    return InLeg(world.HeaderTo("uppa.18.01", "dinsos.18", kind), referral, sequence);
  }
  static v1::Header InLeg(v1::Header header, const v1::Header& referral, uint64_t sequence) {
    header.set_leg_id(referral.leg_id());
    header.set_sequence(sequence);
    return header;
  }

  S::Code StateOf(const v1::Header& referral) const {
    return ReadLeg(world.view(), referral.leg_id())->value().state();
  }
  v1::CounterRecord CounterOf(std::string_view name) const {
    return *ReadCounter(world.view(), World::Address(name));
  }
  size_t MailboxSize(std::string_view name) const {
    size_t count = 0;
    const std::string prefix = MailboxPrefix(World::Address(name));
    EXPECT_TRUE(world.view().Scan(Table::kMailbox, prefix, prefix, [&](auto, auto) {
      ++count;
      return true;
    }));
    return count;
  }

  World world;
};

TEST_F(FoldTest, AReferralWaitsInTheMailboxUntilItsDeliveryReceiptMovesTheLeg) {
  const v1::Header referral = Referral();
  world.Append(world.MessageEntry(referral));
  EXPECT_EQ(StateOf(referral), S::TERKIRIM);
  EXPECT_EQ(MailboxSize("dinsos.18"), 1U);
  EXPECT_EQ(CounterOf("dinsos.18").mailbox_bytes(), referral.content_size());

  world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED));
  EXPECT_EQ(StateOf(referral), S::SAMPAI);
  EXPECT_EQ(MailboxSize("dinsos.18"), 0U);
  EXPECT_EQ(CounterOf("dinsos.18").mailbox_bytes(), 0U);
}

TEST_F(FoldTest, AnUnreadableReferralLeavesTheMailboxButDoesNotArrive) {
  const v1::Header referral = Referral();
  world.Append(world.MessageEntry(referral));
  world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::UNREADABLE));
  EXPECT_EQ(StateOf(referral), S::TERKIRIM);
  EXPECT_EQ(MailboxSize("dinsos.18"), 0U);
}

TEST_F(FoldTest, TheWholeLoopFromReferralToClosing) {
  const v1::Header referral = Arrived();
  const auto receiver = [&](K::Code kind, uint64_t sequence) {
    world.Append(world.MessageEntry(Answer(referral, kind, sequence)));
    return StateOf(referral);
  };
  const auto sender = [&](K::Code kind, uint64_t sequence) {
    world.Append(world.MessageEntry(FollowUp(referral, kind, sequence)));
    return StateOf(referral);
  };
  EXPECT_EQ(receiver(K::KONFIRMASI, 1), S::DIKAJI);
  EXPECT_EQ(receiver(K::PERMINTAAN_INFO, 2), S::MENUNGGU_INFO);
  EXPECT_EQ(sender(K::JAWABAN_INFO, 2), S::DIKAJI);
  EXPECT_EQ(receiver(K::TERIMA, 3), S::DITERIMA);
  EXPECT_EQ(sender(K::RINCIAN, 3), S::DITERIMA);
  EXPECT_EQ(receiver(K::KONTAK_PERTAMA, 4), S::BERJALAN);
  EXPECT_EQ(receiver(K::LAPORAN_KEMAJUAN, 5), S::BERJALAN);
  EXPECT_EQ(receiver(K::LAPORAN_AKHIR, 6), S::SELESAI);
  EXPECT_EQ(sender(K::KEBERATAN_TUTUP, 4), S::BERJALAN);
  EXPECT_EQ(receiver(K::LAPORAN_AKHIR, 7), S::SELESAI);
  EXPECT_EQ(sender(K::KONFIRMASI_TUTUP, 5), S::DITUTUP);
}

TEST_F(FoldTest, DetailsBeforeAcceptanceAreAnIllegalTransition) {
  const v1::Header referral = Arrived();
  EXPECT_EQ(RefusedMessage(FollowUp(referral, K::RINCIAN, 2)), R::ILLEGAL_TRANSITION);
}

TEST_F(FoldTest, AcceptingBeforeArrivalIsAnIllegalTransition) {
  const v1::Header referral = Referral();
  world.Append(world.MessageEntry(referral));
  EXPECT_EQ(RefusedMessage(Answer(referral, K::TERIMA, 1)), R::ILLEGAL_TRANSITION);
}

TEST_F(FoldTest, TheSenderCannotAcceptItsOwnReferral) {
  const v1::Header referral = Arrived();
  EXPECT_EQ(RefusedMessage(FollowUp(referral, K::TERIMA, 2)), R::ILLEGAL_TRANSITION);
}

TEST_F(FoldTest, AThirdAgencyHasNoPartInALeg) {
  const v1::Header referral = Arrived();
  EXPECT_EQ(RefusedMessage(InLeg(world.HeaderTo("lpa.18", "uppa.18.01", K::TERIMA), referral, 9)),
            R::NOT_A_PARTY);
  EXPECT_EQ(RefusedMessage(InLeg(world.HeaderTo("dinsos.18", "lpa.18", K::TERIMA), referral, 9)),
            R::NOT_A_PARTY);
}

TEST_F(FoldTest, AnOlderOrEqualSequenceIsRefused) {
  const v1::Header referral = Arrived();
  world.Append(world.MessageEntry(Answer(referral, K::KONFIRMASI, 5)));
  EXPECT_EQ(RefusedMessage(Answer(referral, K::TERIMA, 5)), R::OUT_OF_SEQUENCE);
  EXPECT_EQ(RefusedMessage(Answer(referral, K::TERIMA, 6)), R::UNSPECIFIED);
}

TEST_F(FoldTest, UnknownLegAndReopenedLegAreRefused) {
  const v1::Header referral = Arrived();
  EXPECT_EQ(RefusedMessage(world.HeaderTo("dinsos.18", "uppa.18.01", K::TERIMA)), R::UNKNOWN_LEG);
  EXPECT_EQ(RefusedMessage(FollowUp(referral, K::RUJUKAN, 2)), R::ILLEGAL_TRANSITION);
}

TEST_F(FoldTest, AMessageIdIsAdmittedOnce) {
  const v1::Header referral = Arrived();
  EXPECT_EQ(RefusedMessage(referral), R::ID_REUSED);
}

TEST_F(FoldTest, ADeliveryReceiptCountsOnce) {
  const v1::Header referral = Arrived();
  EXPECT_EQ(Refused(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED)),
            R::ALREADY_DELIVERED);
}

TEST_F(FoldTest, ADeliveryReceiptForAnUnknownMessageOrOtherBytesIsRefused) {
  const v1::Header referral = Referral();
  EXPECT_EQ(Refused(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED)),
            R::UNKNOWN_MESSAGE);
  world.Append(world.MessageEntry(referral));
  v1::Header other = referral;
  other.set_content_size(999);
  EXPECT_EQ(Refused(world.DeliveryEntry(other, v1::DeliveryOutcome::DELIVERED)),
            R::DIGEST_MISMATCH);
}

TEST_F(FoldTest, ADeliveryReceiptOfAnotherAgencyIsRefused) {
  const v1::Header referral = Referral();
  world.Append(world.MessageEntry(referral));
  v1::Header forged = referral;
  forged.set_to(0, World::Address("lpa.18"));
  EXPECT_EQ(Refused(world.DeliveryEntry(forged, v1::DeliveryOutcome::DELIVERED)),
            R::UNKNOWN_MESSAGE);
}

TEST_F(FoldTest, TimesAreCheckedAtTheLimitAndPastIt) {
  v1::Header header = Referral();
  header.set_created_at_ms(world.now() + limits::kClockSkewMsMax);
  header.set_expires_at_ms(header.created_at_ms() + 1000);
  EXPECT_EQ(RefusedMessage(header), R::UNSPECIFIED);
  header = Referral();
  header.set_created_at_ms(world.now() + limits::kClockSkewMsMax + 1);
  header.set_expires_at_ms(header.created_at_ms() + 1000);
  EXPECT_EQ(RefusedMessage(header), R::CLOCK_SKEW);
  header = Referral();
  world.Advance(header.expires_at_ms() - world.now());
  EXPECT_EQ(RefusedMessage(header), R::EXPIRED);
}

TEST_F(FoldTest, AMessageWrittenDuringALongOutageIsAdmitted) {
  v1::Header header = Referral();
  header.set_expires_at_ms(header.created_at_ms() + 30LL * 24 * 3600 * 1000);
  world.Advance(72LL * 3600 * 1000);
  EXPECT_EQ(RefusedMessage(header), R::UNSPECIFIED);
}

TEST_F(FoldTest, UnknownSenderRecipientAndKeysAreRefused) {
  v1::Header header = Referral();
  header.set_to(0, World::Address("dinsos.99"));
  EXPECT_EQ(RefusedMessage(header), R::UNKNOWN_RECIPIENT);

  v1::Entry foreign = world.MessageEntry(Referral());
  foreign.mutable_accepted()->mutable_signature()->set_signer_key(
      world.member("lpa.18").signing_certificate.key_id().str());
  EXPECT_EQ(Refused(foreign), R::KEY_UNKNOWN);

  header = Referral();
  header.add_recipient_keys(world.member("lpa.18").encryption_certificate.key_id().str());
  EXPECT_EQ(RefusedMessage(header), R::KEY_UNKNOWN) << "sealed to an agency not addressed";

  header = Referral();
  header.set_recipient_keys(0, world.member("uppa.18.01").encryption_certificate.key_id().str());
  EXPECT_EQ(RefusedMessage(header), R::KEY_UNKNOWN) << "sealed to the sender alone";

  header = Referral();
  header.add_recipient_keys(world.member("uppa.18.01").encryption_certificate.key_id().str());
  EXPECT_EQ(RefusedMessage(header), R::UNSPECIFIED) << "the sender may keep its own copy";
}

v1::Act RevokeAct(std::string_view name) {
  v1::Act act;
  act.mutable_revoke()->set_address(World::Address(name));
  act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
  return act;
}

TEST_F(FoldTest, RevocationHoldsFromTheNextEntryOn) {
  const v1::Header waiting = Referral();
  world.Append(world.MessageEntry(waiting));
  world.Append(world.ActEntry(RevokeAct("dinsos.18")));
  EXPECT_EQ(RefusedMessage(Referral()), R::RECIPIENT_NOT_ACTIVE);
  EXPECT_EQ(RefusedMessage(world.HeaderTo("dinsos.18", "lpa.18", K::RUJUKAN)),
            R::SENDER_NOT_ACTIVE);
  EXPECT_EQ(Refused(world.DeliveryEntry(waiting, v1::DeliveryOutcome::DELIVERED)),
            R::SENDER_NOT_ACTIVE);
  EXPECT_FALSE(
      *world.view().Get(Table::kTransport, world.member("dinsos.18").transport.public_key.view()));
}

TEST_F(FoldTest, ACertificateOutOfItsTimeIsRefused) {
  world.Advance(366LL * 24 * 3600 * 1000);
  EXPECT_EQ(RefusedMessage(Referral()), R::KEY_EXPIRED);
}

TEST_F(FoldTest, OnlyAdminsActAndEachActOnce) {
  v1::Act act = RevokeAct("lpa.18");
  act.set_actor(World::Address("dinsos.18"));
  EXPECT_EQ(Refused(world.ActEntry(act)), R::NO_RIGHT);

  const v1::Entry entry = world.ActEntry(RevokeAct("lpa.18"));
  EXPECT_EQ(Refused(entry), R::UNSPECIFIED);
  EXPECT_EQ(Refused(entry), R::ID_REUSED);
  EXPECT_EQ(Refused(world.ActEntry(RevokeAct("lpa.18"))), R::ACT_INVALID) << "gone already";
  EXPECT_EQ(Refused(world.ActEntry(RevokeAct("admin.01"))), R::ACT_INVALID) << "itself";
}

TEST_F(FoldTest, AdminsDoNotExchangeReferrals) {
  v1::Header header = Referral();
  header.set_to(0, World::Address("admin.01"));
  EXPECT_EQ(RefusedMessage(header), R::NO_RIGHT);
}

TEST_F(FoldTest, AnInvitationIsForItsDomainItsTimeAndOneUse) {
  const auto key = certs::Ed25519Key::Generate();
  v1::Act act = world.InviteAct("rs.18.02", key);
  act.mutable_invite()->set_address("rs.18.01@other.example");
  EXPECT_EQ(Refused(world.ActEntry(act)), R::ACT_INVALID);
  act = world.InviteAct("dinsos.18", key);
  EXPECT_EQ(Refused(world.ActEntry(act)), R::ACT_INVALID) << "a member already";
  act = world.InviteAct("rs.18.02", key);
  act.mutable_invite()->set_expires_at_ms(world.now() + limits::kInvitationLifeMsMax + 1);
  EXPECT_EQ(Refused(world.ActEntry(act)), R::ACT_INVALID);
}

TEST_F(FoldTest, EnrolmentNeedsAKnownUnusedUnexpiredInvitation) {
  const auto key = certs::Ed25519Key::Generate();
  EXPECT_EQ(Refused(world.EnrolmentEntry("lpa.18", key)), R::INVITATION_UNKNOWN);
}

TEST_F(FoldTest, RefusalEntriesAreBoundedPerSenderAndMinute) {
  v1::Entry refusal;
  refusal.mutable_refused()->set_sender(World::Address("lpa.18"));
  refusal.mutable_refused()->set_reason(R::BAD_SIGNATURE);
  refusal.mutable_refused()->set_submission_digest(std::string(32, 'd'));
  for (uint32_t i = 0; i < limits::kRefusalEntriesPerMinute; ++i) {
    ASSERT_EQ(Refused(refusal), R::UNSPECIFIED) << i;
  }
  EXPECT_EQ(Refused(refusal), R::RATE_LIMITED);
  world.Advance(60'000);
  EXPECT_EQ(Refused(refusal), R::UNSPECIFIED);
}

TEST_F(FoldTest, ARefusedHeaderIsTheSendersOwnOrTheRefusalIsNoEntry) {
  const v1::Entry message = world.MessageEntry(Referral());
  v1::Entry entry;
  v1::MessageRefused& refused = *entry.mutable_refused();
  refused.set_sender(World::Address("uppa.18.01"));
  refused.set_reason(R::ILLEGAL_TRANSITION);
  refused.set_submission_digest(std::string(32, 'd'));
  refused.set_header(message.accepted().header());
  EXPECT_EQ(Refused(entry), R::MALFORMED) << "a header that nobody signed";
  *refused.mutable_signature() = message.accepted().signature();
  EXPECT_EQ(Refused(entry), R::UNSPECIFIED);

  refused.set_sender(World::Address("lpa.18"));
  EXPECT_EQ(Refused(entry), R::SENDER_MISMATCH) << "held against somebody else";
  refused.set_sender(World::Address("uppa.18.01"));
  refused.mutable_signature()->set_signer_key(
      world.member("lpa.18").signing_certificate.key_id().str());
  EXPECT_EQ(Refused(entry), R::KEY_UNKNOWN) << "signed by somebody else";
  *refused.mutable_signature() = message.accepted().signature();
  refused.set_header("not a header");
  EXPECT_EQ(Refused(entry), R::MALFORMED);
  refused.clear_header();
  EXPECT_EQ(Refused(entry), R::MALFORMED) << "a signature over nothing";
}

TEST_F(FoldTest, ARefusalForAKeyRevokedMeanwhileKeepsItsEvidence) {
  const v1::Entry message = world.MessageEntry(Referral());
  world.Append(world.ActEntry(RevokeAct("uppa.18.01")));
  v1::Entry entry;
  v1::MessageRefused& refused = *entry.mutable_refused();
  refused.set_sender(World::Address("uppa.18.01"));
  refused.set_reason(R::SENDER_NOT_ACTIVE);
  refused.set_submission_digest(std::string(32, 'd'));
  refused.set_header(message.accepted().header());
  *refused.mutable_signature() = message.accepted().signature();
  EXPECT_EQ(Refused(entry), R::UNSPECIFIED);
}

TEST_F(FoldTest, EntriesKeepTheirPlaceTheirTimeAndTheDirectoryChain) {
  v1::Entry early = world.MessageEntry(Referral());
  early.set_time_ms(world.now() - 1);
  EXPECT_EQ(Refused(early), R::MALFORMED);

  v1::Entry second_genesis;
  *second_genesis.mutable_genesis() = world.genesis();
  EXPECT_EQ(Refused(second_genesis), R::ACT_INVALID);
  EXPECT_EQ(Refused(v1::Entry()), R::MALFORMED);

  v1::Entry stray = world.MessageEntry(Referral());
  stray.set_directory_previous(1);
  EXPECT_EQ(Refused(stray), R::ACT_INVALID);
}

// An entry's own unknown fields are the only part of it whose length is free.
v1::Entry PaddedTo(v1::Entry entry, size_t bytes) {
  constexpr int kUnknownField = 1000;
  constexpr size_t kTagAndLength = 2 + 3;
  const std::string padding(bytes - entry.ByteSizeLong() - kTagAndLength, 'p');
  entry.GetReflection()->MutableUnknownFields(&entry)->AddLengthDelimited(kUnknownField, padding);
  EXPECT_EQ(entry.ByteSizeLong(), bytes);
  return entry;
}

TEST_F(FoldTest, AnEntryAtItsSizeLimitPassesAndOneByteMoreIsRefused) {
  const v1::Entry entry = world.Placed(world.MessageEntry(Referral()));
  EXPECT_EQ(Refused(PaddedTo(entry, limits::kEntryBytesMax + 1)), R::MALFORMED);
  EXPECT_EQ(Refused(PaddedTo(entry, limits::kEntryBytesMax)), R::UNSPECIFIED);
}

TEST_F(FoldTest, FollowingTheDirectoryAloneNoticesAnOmittedEntry) {
  MemoryView view;
  const auto follow = [&](LogIndex index) {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(world.entries()[index]));
    Overlay overlay(view);
    const auto verdict = ApplyDirectory(entry, index, overlay);
    EXPECT_TRUE(verdict.has_value());
    view.Apply(overlay.TakeWrites());
    return verdict->has_value();
  };
  world.Append(world.MessageEntry(Referral()));
  world.Append(world.ActEntry(RevokeAct("lpa.18")));
  const LogIndex revocation = world.size() - 1;
  for (LogIndex index = 0; index < revocation - 2; ++index) {
    ASSERT_TRUE(follow(index)) << index;
  }
  EXPECT_FALSE(follow(revocation)) << "entry " << revocation - 2 << " was left out";
  EXPECT_TRUE(follow(revocation - 2));
  EXPECT_TRUE(follow(revocation)) << "the message between is no directory entry";
}

TEST_F(FoldTest, AFullMailboxRefusesAndDeliveryMakesRoomAgain) {
  std::vector<std::string> senders;
  for (uint64_t i = 0; i < limits::kMailboxBytesMax / limits::kMailboxShareBytesMax; ++i) {
    senders.push_back("uppa.18.1" + std::to_string(i));
    world.AddAgency(senders.back());
  }
  const auto referral = [&](const std::string& sender, uint64_t bytes) {
    v1::Header header = world.HeaderTo(sender, "dinsos.18", K::RUJUKAN);
    header.set_content_size(bytes);
    return header;
  };
  const v1::Header first = referral(senders[0], limits::kContentBytesMax);
  world.Append(world.MessageEntry(first));
  const uint64_t fill = limits::kMailboxBytesMax / limits::kContentBytesMax;
  for (uint64_t i = 1; i < fill; ++i) {
    const v1::Header header = referral(senders[i % senders.size()], limits::kContentBytesMax);
    ASSERT_EQ(RefusedMessage(header), R::UNSPECIFIED) << i;
  }
  world.AddAgency("rs.18.02");
  v1::Header past = referral("rs.18.02", 1);
  EXPECT_EQ(RefusedMessage(past), R::MAILBOX_FULL);
  world.Append(world.DeliveryEntry(first, v1::DeliveryOutcome::DELIVERED));
  EXPECT_EQ(RefusedMessage(past), R::UNSPECIFIED);
}

}  // namespace
}  // namespace rujukan::ledger
