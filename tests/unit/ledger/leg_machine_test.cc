// Goal: every guard of the state machine holds where it should and refuses where it should, and who
// answers for the child is always exactly one side. Method: one leg and one message at a time;
// every pair of state, kind and side is in transition_test.
#include "ledger/leg_machine.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "tests/unit/ledger/leg_fixture.h"

namespace rujukan::ledger {
namespace {

using K = v1::Kind;
using R = v1::RefusalReason;
using S = v1::LegState;
constexpr Side kP = Side::kSender;
constexpr Side kT = Side::kReceiver;

v1::Header Answering(K::Code kind, char id, char cause) {
  v1::Header header = HeaderOf(kind);
  header.set_message_id(IdOf(id));
  header.set_cause(IdOf(cause));
  return header;
}

v1::Header As(K::Code kind, char id) {
  v1::Header header = HeaderOf(kind);
  header.set_message_id(IdOf(id));
  return header;
}

v1::LegRecord Transfer(S::Code state) {
  v1::LegRecord leg = LegIn(state);
  leg.set_moves_responsibility(true);
  return leg;
}

// Both sides sign.
void HandOver(v1::LegRecord& leg, Side first, char a, char b) {
  ASSERT_EQ(Step(leg, As(K::SERAH_TERIMA, a), first), R::UNSPECIFIED);
  ASSERT_EQ(Step(leg, Answering(K::SERAH_TERIMA, b, a), Other(first)), R::UNSPECIFIED);
}

TEST(Handover, ResponsibilityMovesWithTheSecondSignatureAndNotBefore) {
  for (const Side first : {kP, kT}) {
    v1::LegRecord leg = Transfer(S::DITERIMA);
    EXPECT_EQ(Step(leg, As(K::SERAH_TERIMA, 'a'), first), R::UNSPECIFIED);
    EXPECT_EQ(leg.state(), S::DITERIMA);
    EXPECT_EQ(ResponsibleOf(leg), kP);
    EXPECT_EQ(Step(leg, Answering(K::SERAH_TERIMA, 'b', 'a'), Other(first)), R::UNSPECIFIED);
    EXPECT_EQ(leg.state(), S::BERJALAN);
    EXPECT_EQ(ResponsibleOf(leg), kT);
  }
}

TEST(Handover, OneSideDoesNotSignForBoth) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  EXPECT_EQ(Step(leg, As(K::SERAH_TERIMA, 'a'), kP), R::UNSPECIFIED);
  EXPECT_EQ(Step(leg, Answering(K::SERAH_TERIMA, 'b', 'a'), kP), R::UNSPECIFIED)
      << "its record written anew";
  EXPECT_EQ(leg.state(), S::DITERIMA);
  EXPECT_EQ(leg.handover().message_id(), IdOf('b'));
}

TEST(Handover, ASecondSignatureNamesTheRecordItSigns) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  EXPECT_EQ(Step(leg, As(K::SERAH_TERIMA, 'a'), kP), R::UNSPECIFIED);
  EXPECT_EQ(Step(leg, Answering(K::SERAH_TERIMA, 'b', 'x'), kT), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(ResponsibleOf(leg), kP);
}

TEST(Handover, TheSameTwoSignaturesHandTheChildBack) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  HandOver(leg, kP, 'a', 'b');
  HandOver(leg, kT, 'c', 'd');
  EXPECT_EQ(leg.state(), S::BERJALAN);
  EXPECT_EQ(ResponsibleOf(leg), kP);
  EXPECT_EQ(Step(leg, As(K::SERAH_TERIMA, 'e'), kT), R::ILLEGAL_TRANSITION)
      << "nothing to hand back";
}

TEST(Handover, InAServiceLegItStartsTheServiceAndResponsibilityStays) {
  v1::LegRecord leg = LegIn(S::DITERIMA);
  HandOver(leg, kP, 'a', 'b');
  EXPECT_EQ(leg.state(), S::BERJALAN);
  EXPECT_EQ(ResponsibleOf(leg), kP);
}

TEST(Handover, FirstContactStartsAServiceButTransfersNothing) {
  v1::LegRecord service = LegIn(S::DITERIMA);
  EXPECT_EQ(Step(service, HeaderOf(K::KONTAK_PERTAMA), kT), R::UNSPECIFIED);
  EXPECT_EQ(service.state(), S::BERJALAN);
  v1::LegRecord transfer = Transfer(S::DITERIMA);
  EXPECT_EQ(Step(transfer, HeaderOf(K::KONTAK_PERTAMA), kT), R::UNSPECIFIED);
  EXPECT_EQ(transfer.state(), S::DITERIMA);
  EXPECT_EQ(ResponsibleOf(transfer), kP);
}

TEST(Custody, NothingIsCancelledOrRecalledWhileTheChildIsWithTheReceiver) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  HandOver(leg, kP, 'a', 'b');
  ASSERT_EQ(Step(leg, As(K::PERMINTAAN_BATAL, 'c'), kP), R::UNSPECIFIED);
  EXPECT_EQ(Step(leg, Answering(K::SETUJU_BATAL, 'd', 'c'), kT), R::CUSTODY_OPEN);
  EXPECT_EQ(Step(leg, As(K::SALAH_INPUT, 'e'), kP), R::CUSTODY_OPEN);
  HandOver(leg, kT, 'f', 'g');
  EXPECT_EQ(Step(leg, Answering(K::SETUJU_BATAL, 'h', 'c'), kT), R::UNSPECIFIED);
  EXPECT_EQ(leg.state(), S::DIBATALKAN);
}

TEST(Custody, WhatFailsFallsBackToTheSender) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  HandOver(leg, kP, 'a', 'b');
  ASSERT_EQ(Step(leg, HeaderOf(K::GAGAL), kT), R::UNSPECIFIED);
  EXPECT_EQ(ResponsibleOf(leg), kP);
}

TEST(Custody, AClosedTransferStaysWithTheReceiver) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  HandOver(leg, kP, 'a', 'b');
  ASSERT_EQ(Step(leg, HeaderOf(K::LAPORAN_AKHIR), kT), R::UNSPECIFIED);
  ASSERT_EQ(Step(leg, HeaderOf(K::KONFIRMASI_TUTUP), kP), R::UNSPECIFIED);
  EXPECT_EQ(ResponsibleOf(leg), kT);
}

TEST(Cancelling, IsAskedOnceAndAnsweredOnce) {
  v1::LegRecord leg = LegIn(S::BERJALAN);
  EXPECT_EQ(Step(leg, HeaderOf(K::SETUJU_BATAL), kT), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Step(leg, HeaderOf(K::PERMINTAAN_BATAL), kP), R::UNSPECIFIED);
  EXPECT_EQ(Step(leg, HeaderOf(K::PERMINTAAN_BATAL), kP), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Step(leg, HeaderOf(K::TOLAK_BATAL), kT), R::UNSPECIFIED);
  EXPECT_EQ(leg.state(), S::BERJALAN);
  EXPECT_EQ(Step(leg, HeaderOf(K::TOLAK_BATAL), kT), R::ILLEGAL_TRANSITION);
}

TEST(Pausing, AnEmergencyIsNotPaused) {
  v1::LegRecord leg = LegIn(S::BERJALAN);
  leg.set_clock_class(v1::ClockClass::DARURAT);
  EXPECT_EQ(Step(leg, HeaderOf(K::TUNDA), kT), R::ILLEGAL_TRANSITION);
}

TEST(Pausing, IsLookedAtAgainWithinThirtyDays) {
  v1::Header header = HeaderOf(K::TUNDA);
  for (const auto& [due, reason] :
       {std::pair{kLegNow, R::ILLEGAL_TRANSITION},
        std::pair{kLegNow + 1, R::UNSPECIFIED},
        std::pair{kLegNow + limits::kPauseMsMax, R::UNSPECIFIED},
        std::pair{kLegNow + limits::kPauseMsMax + 1, R::ILLEGAL_TRANSITION}}) {
    v1::LegRecord leg = LegIn(S::BERJALAN);
    header.set_due_ms(due);
    EXPECT_EQ(Step(leg, header, kT), reason) << due - kLegNow;
  }
}

TEST(Redirecting, StopsAfterThreeHops) {
  for (const auto& [hops, reason] : {std::pair{0U, R::UNSPECIFIED},
                                     std::pair{limits::kRedirectHopsMax - 1, R::UNSPECIFIED},
                                     std::pair{limits::kRedirectHopsMax, R::REDIRECT_LOOP}}) {
    v1::LegRecord leg = LegIn(S::DIKAJI);
    leg.set_hops(hops);
    EXPECT_EQ(Step(leg, HeaderOf(K::ALIHKAN), kT), reason) << hops;
  }
}

TEST(Risk, IsTightenedByEitherSideAndLoosenedOnlyWhenSignedOff) {
  v1::Header header = HeaderOf(K::PERUBAHAN_RISIKO);
  v1::LegRecord leg = LegIn(S::BERJALAN);
  header.set_clock_class(v1::ClockClass::DARURAT);
  EXPECT_EQ(Step(leg, header, kT), R::UNSPECIFIED);
  EXPECT_EQ(leg.clock_class(), v1::ClockClass::DARURAT);
  header.set_clock_class(v1::ClockClass::RENDAH);
  EXPECT_EQ(Step(leg, header, kP), R::ILLEGAL_TRANSITION);
  header.set_signed_off(true);
  EXPECT_EQ(Step(leg, header, kT), R::ILLEGAL_TRANSITION) << "whose clocks run";
  v1::LegRecord finished = LegIn(S::SELESAI);
  EXPECT_EQ(Step(finished, header, kP), R::ILLEGAL_TRANSITION) << "it would close by itself";
  EXPECT_EQ(Step(leg, header, kP), R::UNSPECIFIED);
  EXPECT_EQ(leg.clock_class(), v1::ClockClass::RENDAH);
}

TEST(Alerts, AreAnsweredByTheOtherSideUnderTheirOwnId) {
  v1::LegRecord leg = LegIn(S::BERJALAN);
  ASSERT_EQ(Step(leg, As(K::PERINGATAN_DARURAT, 'a'), kT), R::UNSPECIFIED);
  EXPECT_EQ(Step(leg, Answering(K::TANGGAPAN_PERINGATAN, 'b', 'a'), kT), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Step(leg, Answering(K::TANGGAPAN_PERINGATAN, 'b', 'x'), kP), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Step(leg, Answering(K::TANGGAPAN_PERINGATAN, 'b', 'a'), kP), R::UNSPECIFIED);
  EXPECT_EQ(leg.alerts_size(), 0);
  EXPECT_EQ(Step(leg, Answering(K::TANGGAPAN_PERINGATAN, 'c', 'a'), kP), R::ILLEGAL_TRANSITION);
}

TEST(Alerts, AreRaisedInAnEndedLegToo) {
  v1::LegRecord leg = LegIn(S::DITUTUP);
  EXPECT_EQ(Step(leg, HeaderOf(K::PERINGATAN_DARURAT), kP), R::UNSPECIFIED);
}

TEST(Alerts, OneMoreThanTheLimitIsRefused) {
  v1::LegRecord leg = LegIn(S::BERJALAN);
  for (size_t i = 0; i < limits::kOpenAlertsMax; ++i) {
    EXPECT_EQ(Step(leg, As(K::PERINGATAN_DARURAT, static_cast<char>('a' + i)), kT), R::UNSPECIFIED);
  }
  EXPECT_EQ(Step(leg, As(K::PERINGATAN_DARURAT, 'z'), kT), R::RATE_LIMITED);
}

TEST(Withdrawals, AreAcknowledgedByTheOtherSide) {
  v1::LegRecord leg = LegIn(S::BERJALAN);
  ASSERT_EQ(Step(leg, As(K::PENARIKAN_PERSETUJUAN, 'a'), kP), R::UNSPECIFIED);
  EXPECT_EQ(Step(leg, Answering(K::TANGGAPAN_PENARIKAN, 'b', 'a'), kP), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Step(leg, Answering(K::TANGGAPAN_PENARIKAN, 'b', 'a'), kT), R::UNSPECIFIED);
  EXPECT_EQ(leg.withdrawals_size(), 0);
}

TEST(Withdrawals, OneMoreThanTheLimitIsRefused) {
  v1::LegRecord leg = LegIn(S::BERJALAN);
  for (size_t i = 0; i < limits::kOpenWithdrawalsMax; ++i) {
    EXPECT_EQ(Step(leg, As(K::PENARIKAN_PERSETUJUAN, static_cast<char>('a' + i)), kP),
              R::UNSPECIFIED);
  }
  EXPECT_EQ(Step(leg, As(K::PENARIKAN_PERSETUJUAN, 'z'), kP), R::RATE_LIMITED);
}

TEST(SignOff, IsSaidOnce) {
  v1::LegRecord leg = LegIn(S::SAMPAI);
  EXPECT_EQ(Step(leg, HeaderOf(K::PENGESAHAN), kP), R::UNSPECIFIED);
  EXPECT_TRUE(leg.signed_off());
  EXPECT_EQ(Step(leg, HeaderOf(K::PENGESAHAN), kP), R::ILLEGAL_TRANSITION);
}

TEST(Report, TheFirstContactMakesTheReceiverResponsibleAndTheReceiverMayGiveItBack) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  leg.set_contact_takes_over(true);
  EXPECT_EQ(Step(leg, HeaderOf(K::KONTAK_PERTAMA), kT), R::UNSPECIFIED);
  EXPECT_EQ(leg.state(), S::BERJALAN);
  EXPECT_EQ(ResponsibleOf(leg), kT);
  EXPECT_EQ(Step(leg, HeaderOf(K::SALAH_INPUT), kP), R::CUSTODY_OPEN);
  EXPECT_EQ(Step(leg, HeaderOf(K::GAGAL), kT), R::UNSPECIFIED);
  EXPECT_EQ(ResponsibleOf(leg), kP);
}

TEST(Report, NoRecordIsSignedBeforeTheFirstContact) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  leg.set_contact_takes_over(true);
  // Else this half, countersigned after the contact, would hand the child back.
  EXPECT_EQ(Step(leg, As(K::SERAH_TERIMA, 'a'), kP), R::ILLEGAL_TRANSITION);
  EXPECT_EQ(Step(leg, HeaderOf(K::KONTAK_PERTAMA), kT), R::UNSPECIFIED);
  HandOver(leg, kT, 'b', 'c');
  EXPECT_EQ(ResponsibleOf(leg), kP);
}

TEST(Appointments, AbsencesAreCountedUntilThereIsContact) {
  v1::LegRecord leg = Transfer(S::DITERIMA);
  for (uint32_t times = 1; times <= 2; ++times) {
    EXPECT_EQ(Step(leg, HeaderOf(K::TIDAK_HADIR), kT), R::UNSPECIFIED);
    EXPECT_EQ(leg.absences(), times);
  }
  EXPECT_EQ(Step(leg, HeaderOf(K::KONTAK_PERTAMA), kT), R::UNSPECIFIED);
  EXPECT_EQ(leg.absences(), 0U);
}

TEST(Opening, WhatTheHeaderSaysIsWhatTheLegIs) {
  v1::Header header = HeaderOf(K::RUJUKAN);
  header.set_from("a@x.example");
  header.add_to("b@x.example");
  header.set_sequence(4);
  header.set_urgency(v1::Urgency::SEGERA);
  header.set_moves_responsibility(true);
  header.add_escalate_to("c@x.example");
  const v1::LegRecord leg = OpenedLeg(header, 9, kLegNow);
  EXPECT_EQ(leg.state(), S::TERKIRIM);
  EXPECT_EQ(leg.clock_class(), v1::ClockClass::SEDANG);
  EXPECT_TRUE(leg.moves_responsibility());
  EXPECT_EQ(ResponsibleOf(leg), kP);
  EXPECT_EQ(leg.escalate_to(0), "c@x.example");
  EXPECT_EQ(leg.last_sequence_sender(), 4U);
  EXPECT_EQ(leg.changed_at_ms(), kLegNow);
}

TEST(Closing, ByTimeEndsAFinishedLegOnly) {
  v1::LegRecord leg = LegIn(S::SELESAI);
  EXPECT_TRUE(CloseLeg(leg, 1, kLegNow).has_value());
  EXPECT_EQ(leg.state(), S::DITUTUP);
  const auto again = CloseLeg(leg, 2, kLegNow);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().reason, R::NOT_DUE);
}

TEST(Arriving, OnlyASentLegArrivesOrBounces) {
  v1::LegRecord leg = LegIn(S::TERKIRIM);
  EXPECT_TRUE(ArriveLeg(leg, 1, kLegNow));
  EXPECT_FALSE(ArriveLeg(leg, 2, kLegNow));
  EXPECT_FALSE(BounceLeg(leg, 2, kLegNow));
  EXPECT_EQ(leg.state(), S::SAMPAI);
  v1::LegRecord other = LegIn(S::TERKIRIM);
  EXPECT_TRUE(BounceLeg(other, 1, kLegNow));
  EXPECT_EQ(other.state(), S::GAGAL);
}

}  // namespace
}  // namespace rujukan::ledger
