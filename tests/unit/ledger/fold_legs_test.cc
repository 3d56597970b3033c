// Goal: a leg continues another only by who may, at most three hops and never in a circle; a recall
// asks for the purge; what has no leg is answered by who got it. Method: a World, each rule met and
// broken.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/records.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::K;
using testing::R;
using testing::World;
using S = v1::LegState;

class FoldLegsTest : public testing::ActTest {
 protected:
  FoldLegsTest() {
    for (const char* name : {"dinsos.18", "rs.18.01", "lksa.18.01", "puspaga.18.01"}) {
      world.AddAgency(name);
    }
  }

  v1::Header Referral(std::string_view from, std::string_view to) {
    return world.HeaderTo(from, to, K::RUJUKAN);
  }
  // Opened and arrived.
  v1::Header Open(const v1::Header& referral) {
    EXPECT_EQ(Send(referral), R::UNSPECIFIED) << advice;
    world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED));
    return referral;
  }
  v1::Header Open(std::string_view from, std::string_view to) { return Open(Referral(from, to)); }

  v1::Header In(const v1::Header& leg, bool by_sender, K::Code kind) {
    const auto name = [](const std::string& address) {
      return address.substr(0, address.find('@'));
    };
    const std::string sender = name(leg.from());
    const std::string receiver = name(leg.to(0));
    v1::Header header =
        world.HeaderTo(by_sender ? sender : receiver, by_sender ? receiver : sender, kind);
    header.set_leg_id(leg.leg_id());
    header.set_sequence(++sequence_);
    return header;
  }
  R::Code Say(const v1::Header& leg, bool by_sender, K::Code kind) {
    return Send(In(leg, by_sender, kind));
  }
  v1::Header Continuing(const v1::Header& before, std::string_view from, std::string_view to) {
    v1::Header header = Referral(from, to);
    header.set_continues_leg(before.leg_id());
    return header;
  }
  v1::LegRecord LegOf(const v1::Header& leg) const {
    return ReadLeg(world.view(), leg.leg_id())->value();
  }

 private:
  uint64_t sequence_ = 1;
};

constexpr bool kSender = true;
constexpr bool kReceiver = false;

TEST_F(FoldLegsTest, ARedirectIsContinuedByTheSenderWhoSeesBothEnds) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(first, kReceiver, K::ALIHKAN), R::UNSPECIFIED) << advice;
  EXPECT_EQ(LegOf(first).state(), S::DIALIHKAN);
  const v1::Header second = Continuing(first, "uppa.18.01", "lpa.18.01");
  ASSERT_EQ(Send(second), R::UNSPECIFIED) << advice;
  EXPECT_EQ(LegOf(first).continued_by(), second.leg_id());
  EXPECT_EQ(LegOf(second).continues_leg(), first.leg_id());
  EXPECT_EQ(LegOf(second).hops(), 1U);
}

TEST_F(FoldLegsTest, WhoRedirectsOpensTheNextLegItselfOnlyInAnEmergency) {
  for (const auto& [clock_class, reason] : {std::pair{v1::ClockClass::TINGGI, R::NOT_A_PARTY},
                                            std::pair{v1::ClockClass::DARURAT, R::UNSPECIFIED}}) {
    v1::Header referral = Referral("uppa.18.01", "dinsos.18.01");
    referral.set_clock_class(clock_class);
    Open(referral);
    ASSERT_EQ(Say(referral, kReceiver, K::ALIHKAN), R::UNSPECIFIED);
    EXPECT_EQ(Send(Continuing(referral, "dinsos.18.01", "lpa.18.01")), reason);
  }
}

TEST_F(FoldLegsTest, NobodyElseContinuesALeg) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(first, kReceiver, K::TOLAK), R::UNSPECIFIED);
  EXPECT_EQ(Send(Continuing(first, "lpa.18.01", "rs.18.01")), R::NOT_A_PARTY);
  EXPECT_EQ(Send(Continuing(first, "dinsos.18.01", "rs.18.01")), R::NOT_A_PARTY);
  EXPECT_EQ(Send(Continuing(first, "uppa.18.01", "rs.18.01")), R::UNSPECIFIED) << advice;
}

TEST_F(FoldLegsTest, ALegIsContinuedOnce) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(first, kReceiver, K::TOLAK), R::UNSPECIFIED);
  ASSERT_EQ(Send(Continuing(first, "uppa.18.01", "rs.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Send(Continuing(first, "uppa.18.01", "lpa.18.01")), R::ILLEGAL_TRANSITION);
}

TEST_F(FoldLegsTest, AnOpenLegIsNotContinued) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  EXPECT_EQ(Send(Continuing(first, "uppa.18.01", "lpa.18.01")), R::ILLEGAL_TRANSITION);
  v1::Header unknown = Referral("uppa.18.01", "lpa.18.01");
  unknown.set_continues_leg(Referral("uppa.18.01", "lpa.18.01").leg_id());
  EXPECT_EQ(Send(unknown), R::UNKNOWN_LEG);
}

TEST_F(FoldLegsTest, ThreeHopsWorkAndTheFourthIsRefused) {
  v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  for (const char* next : {"lpa.18.01", "rs.18.01", "lksa.18.01"}) {
    ASSERT_EQ(Say(leg, kReceiver, K::ALIHKAN), R::UNSPECIFIED) << next << ": " << advice;
    leg = Open(Continuing(leg, "uppa.18.01", next));
  }
  EXPECT_EQ(LegOf(leg).hops(), limits::kRedirectHopsMax);
  EXPECT_EQ(Say(leg, kReceiver, K::ALIHKAN), R::REDIRECT_LOOP);
  EXPECT_EQ(LegOf(leg).state(), S::SAMPAI) << "it stays with whom it reached";
}

TEST_F(FoldLegsTest, ARedirectDoesNotRunInACircle) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(first, kReceiver, K::ALIHKAN), R::UNSPECIFIED);
  EXPECT_EQ(Send(Continuing(first, "uppa.18.01", "dinsos.18.01")), R::REDIRECT_LOOP);
  const v1::Header second = Open(Continuing(first, "uppa.18.01", "lpa.18.01"));
  ASSERT_EQ(Say(second, kReceiver, K::ALIHKAN), R::UNSPECIFIED);
  EXPECT_EQ(Send(Continuing(second, "uppa.18.01", "dinsos.18.01")), R::REDIRECT_LOOP);
  EXPECT_EQ(Send(Continuing(second, "uppa.18.01", "rs.18.01")), R::UNSPECIFIED) << advice;
}

TEST_F(FoldLegsTest, RefusalsBetweenTwoRedirectsHideNoCircle) {
  v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(leg, kReceiver, K::ALIHKAN), R::UNSPECIFIED);
  for (const char* next : {"lpa.18.01", "rs.18.01", "lksa.18.01", "puspaga.18.01"}) {
    leg = Open(Continuing(leg, "uppa.18.01", next));
    ASSERT_EQ(Say(leg, kReceiver, K::TOLAK), R::UNSPECIFIED) << next;
  }
  leg = Open(Continuing(leg, "uppa.18.01", "dinsos.18"));
  ASSERT_EQ(Say(leg, kReceiver, K::ALIHKAN), R::UNSPECIFIED);
  EXPECT_EQ(Send(Continuing(leg, "uppa.18.01", "dinsos.18.01")), R::REDIRECT_LOOP);
}

TEST_F(FoldLegsTest, AfterARefusalTheSameAgencyMayBeAskedAgain) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(first, kReceiver, K::TOLAK), R::UNSPECIFIED);
  const v1::Header again = Continuing(first, "uppa.18.01", "dinsos.18.01");
  EXPECT_EQ(Send(again), R::UNSPECIFIED) << advice;
  EXPECT_EQ(LegOf(again).hops(), 0U) << "no redirect";
}

TEST_F(FoldLegsTest, AClosedLegIsReopenedByANewOneOnceSomebodyHasSaidWhy) {
  const v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  for (const auto& [by_sender, kind] : {std::pair{kReceiver, K::TERIMA},
                                        std::pair{kReceiver, K::KONTAK_PERTAMA},
                                        std::pair{kReceiver, K::LAPORAN_AKHIR},
                                        std::pair{kSender, K::KONFIRMASI_TUTUP}}) {
    ASSERT_EQ(Say(leg, by_sender, kind), R::UNSPECIFIED) << advice;
  }
  EXPECT_EQ(Send(Continuing(leg, "uppa.18.01", "dinsos.18.01")), R::ILLEGAL_TRANSITION);
  ASSERT_EQ(Say(leg, kReceiver, K::BUKA_KEMBALI), R::UNSPECIFIED) << advice;
  EXPECT_EQ(LegOf(leg).state(), S::DITUTUP);
  EXPECT_EQ(Send(Continuing(leg, "lpa.18.01", "dinsos.18.01")), R::NOT_A_PARTY);
  EXPECT_EQ(Send(Continuing(leg, "dinsos.18.01", "uppa.18.01")), R::UNSPECIFIED) << advice;
}

TEST_F(FoldLegsTest, ARefusedContinuationLeavesTheEarlierLegAsItWas) {
  const v1::Header first = Open("uppa.18.01", "dinsos.18.01");
  ASSERT_EQ(Say(first, kReceiver, K::ALIHKAN), R::UNSPECIFIED);
  v1::Header late = Continuing(first, "uppa.18.01", "lpa.18.01");
  late.set_leg_id(first.leg_id());
  EXPECT_EQ(Send(late), R::MALFORMED) << "it does not continue itself";
  EXPECT_TRUE(LegOf(first).continued_by().empty());
}

TEST_F(FoldLegsTest, ARecallAsksTheReceiverToPurgeTheWholeLeg) {
  const v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  const v1::Header recall = In(leg, kSender, K::SALAH_INPUT);
  ASSERT_EQ(Send(recall), R::UNSPECIFIED) << advice;
  EXPECT_EQ(LegOf(leg).state(), S::SALAH_INPUT);
  const auto request = ReadErasure(world.view(), leg.leg_id(), recall.message_id())->value();
  EXPECT_EQ(request.asked(), World::Address("dinsos.18.01"));
  EXPECT_TRUE(request.target().empty());
  v1::Header attested = In(leg, kReceiver, K::ATESTASI_HAPUS);
  attested.set_cause(recall.message_id());
  EXPECT_EQ(Send(attested), R::UNSPECIFIED) << advice;
  EXPECT_TRUE(ReadErasure(world.view(), leg.leg_id(), recall.message_id())->value().carried_out());
}

TEST_F(FoldLegsTest, WhatACourtNeedsIsNotRecalled) {
  const v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  v1::Act hold;
  hold.mutable_place_hold()->set_leg_id(leg.leg_id());
  hold.mutable_place_hold()->set_note("perkara (CONTOH)");
  ASSERT_EQ(Admin(hold), R::UNSPECIFIED);
  EXPECT_EQ(Say(leg, kSender, K::SALAH_INPUT), R::LEGAL_HOLD);
  EXPECT_EQ(LegOf(leg).state(), S::SAMPAI);
}

TEST_F(FoldLegsTest, ACorrectionNamesAnEarlierMessageOfItsOwnSide) {
  const v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  v1::Header correction = In(leg, kSender, K::KOREKSI);
  correction.set_cause(leg.message_id());
  EXPECT_EQ(Send(correction), R::UNSPECIFIED) << advice;
  v1::Header of_the_other = In(leg, kReceiver, K::KOREKSI);
  of_the_other.set_cause(leg.message_id());
  EXPECT_EQ(Send(of_the_other), R::UNKNOWN_MESSAGE);
}

TEST_F(FoldLegsTest, WhatHasNoLegIsAnsweredByWhoGotItToWhoSentIt) {
  v1::Header invitation =
      world.HeaderTo("uppa.18.01", "dinsos.18.01", K::UNDANGAN_KONFERENSI_KASUS);
  ASSERT_EQ(Send(invitation), R::UNSPECIFIED) << advice;
  const auto answer = [&](std::string_view from, std::string_view to, const std::string& cause) {
    v1::Header header = world.HeaderTo(from, to, K::TANGGAPAN);
    header.set_cause(cause);
    return Send(header);
  };
  EXPECT_EQ(answer("dinsos.18.01", "uppa.18.01", invitation.message_id()), R::UNSPECIFIED)
      << advice;
  EXPECT_EQ(answer("lpa.18.01", "uppa.18.01", invitation.message_id()), R::UNKNOWN_MESSAGE);
  EXPECT_EQ(answer("dinsos.18.01", "lpa.18.01", invitation.message_id()), R::UNKNOWN_MESSAGE);
  EXPECT_EQ(answer("dinsos.18.01", "uppa.18.01", std::string(16, 'x')), R::UNKNOWN_MESSAGE);
  const v1::Header leg = Open("uppa.18.01", "dinsos.18.01");
  EXPECT_EQ(answer("dinsos.18.01", "uppa.18.01", leg.message_id()), R::UNKNOWN_MESSAGE)
      << "a leg has answers of its own";
}

}  // namespace
}  // namespace rujukan::ledger
