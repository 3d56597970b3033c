// Goal: a leg's deadlines begin, stop, go on and end as docs/formats/clocks.md says, and a missed
// one rises a tier at a time. Method: legs put into each state by hand, moments worked out on a
// calendar; Thursday 26 November 2026 is an ordinary day.
#include "ledger/leg_clocks.h"

#include <gtest/gtest.h>

#include "tests/unit/ledger/clocks_support.h"

namespace rujukan::ledger {
namespace {

using testing::At;
using testing::Text;
using Class = v1::ClockClass;
using D = v1::Deadline;
using K = v1::Kind;
using S = v1::LegState;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;

class LegClocks : public ::testing::Test {
 protected:
  LegClocks() {
    setting.clocks = std::shared_ptr<const Clocks>(std::shared_ptr<const void>(), &DefaultClocks());
  }

  void Open(Class::Code clock_class, const std::string& at, v1::Header header = {}) {
    now = At(at, setting.zone);
    header.set_kind(K::RUJUKAN);
    leg = v1::LegRecord();
    leg.set_state(S::TERKIRIM);
    leg.set_clock_class(clock_class);
    leg.set_signed_off(header.signed_off());
    RunClocks({nullptr, &header, now}, setting, leg);
  }
  // `change` moves the leg as the state machine does, then its clocks run on.
  template <class Change>
  void Move(const std::string& at, K::Code kind, const Change& change, v1::Header header = {}) {
    now = At(at, setting.zone);
    header.set_kind(kind);
    const v1::LegRecord before = leg;
    change(leg);
    const LegChange step{&before, kind == K::UNSPECIFIED ? nullptr : &header, now};
    if (TouchesClocks(step, leg)) {
      RunClocks(step, setting, leg);
    }
  }
  void To(S::Code state, const std::string& at, K::Code kind, v1::Header header = {}) {
    Move(
        at,
        kind,
        [&](v1::LegRecord& record) {
          if (record.state() != state) {
            record.set_changed_at_ms(now);
          }
          record.set_state(state);
        },
        std::move(header));
  }
  void Risk(Class::Code clock_class, const std::string& at) {
    Move(at, K::PERUBAHAN_RISIKO, [&](v1::LegRecord& record) {
      record.set_clock_class(clock_class);
    });
  }
  // "" when it does not run.
  std::string Due(D::Code deadline) const {
    const auto* one = FindDeadline(leg, deadline);
    return one == nullptr ? "" : Text(one->due_ms(), setting.zone);
  }
  std::string Next(D::Code deadline) const {
    const auto* one = FindDeadline(leg, deadline);
    return one == nullptr || one->next_ms() == 0 ? "" : Text(one->next_ms(), setting.zone);
  }
  void Miss(D::Code deadline, const std::string& at) {
    RecordMiss(deadline, At(at, setting.zone), setting, leg);
  }
  std::string Running() const {
    std::string names;
    for (const auto& one : leg.deadlines()) {
      names += (names.empty() ? "" : " ") + D::Code_Name(one.deadline());
    }
    return names;
  }

  ClockSetting setting;
  v1::LegRecord leg;
  UnixMillis now = 0;
};

TEST_F(LegClocks, AReferralStartsItsClocksWhenTheBrokerAcceptsIt) {
  v1::Header header;
  header.set_due_ms(At("2026-12-01 12:00"));
  Open(Class::DARURAT, "2026-11-28 23:58", header);  // a Saturday night
  EXPECT_EQ(Running(), "PENERIMAAN KONFIRMASI KEPUTUSAN KONTAK PENGESAHAN LAYANAN");
  EXPECT_EQ(Due(D::PENERIMAAN), "2026-11-28 23:59");
  EXPECT_EQ(Due(D::KONFIRMASI), "2026-11-29 00:28") << "over midnight";
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-29 00:58");
  EXPECT_EQ(Due(D::KONTAK), "2026-11-29 23:58");
  EXPECT_EQ(Due(D::PENGESAHAN), "2026-11-29 23:58");
  EXPECT_EQ(Due(D::LAYANAN), "2026-12-01 12:00");
  EXPECT_EQ(NextDue(leg), At("2026-11-28 23:59"));
}

TEST_F(LegClocks, ASignedReferralWaitsForNoSignature) {
  v1::Header header;
  header.set_signed_off(true);
  Open(Class::DARURAT, "2026-11-26 09:00", header);
  EXPECT_EQ(Due(D::PENGESAHAN), "");
  Open(Class::TINGGI, "2026-11-26 09:00");
  EXPECT_EQ(Due(D::PENGESAHAN), "");
}

TEST_F(LegClocks, WorkingHoursCountOnlyWhereTheTableSaysSo) {
  Open(Class::SEDANG, "2026-11-27 15:30");  // Friday; work ends at 16:30
  EXPECT_EQ(Due(D::KONFIRMASI), "2026-11-30 10:30") << "an hour on Friday, three on Monday";
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-28 15:30");
  EXPECT_EQ(Due(D::KONTAK), "2026-11-30 15:30");
  Open(Class::RENDAH, "2026-12-23 15:00");  // then leave, Christmas and a weekend
  EXPECT_EQ(Due(D::KONFIRMASI), "2026-12-28 15:00");
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-12-30 15:00");
  EXPECT_EQ(Due(D::KONTAK), "2027-01-06 15:00");
}

TEST_F(LegClocks, EachZoneHasItsOwnWorkingHours) {
  const std::pair<Zone, const char*> kZones[] = {{Zone::kWib, "2026-11-26 14:30"},
                                                 {Zone::kWita, "2026-11-26 15:30"},
                                                 {Zone::kWit, "2026-11-27 08:00"}};
  for (const auto& [zone, expected] : kZones) {
    setting.zone = Zone::kWib;
    Open(Class::SEDANG, "2026-11-26 09:30");
    const v1::LegRecord in_java = leg;
    setting.zone = zone;
    v1::Header header;
    header.set_kind(K::RUJUKAN);
    leg = v1::LegRecord();
    leg.set_state(S::TERKIRIM);
    leg.set_clock_class(Class::SEDANG);
    RunClocks({nullptr, &header, At("2026-11-26 09:30", Zone::kWib)}, setting, leg);
    EXPECT_EQ(Due(D::KONFIRMASI), expected) << ZoneName(zone);
  }
}

TEST_F(LegClocks, TheSenderMayOnlyAskForLess) {
  v1::Header header;
  header.set_confirm_by_ms(At("2026-11-26 09:10"));
  header.set_decide_by_ms(At("2026-11-27 09:00"));
  Open(Class::TINGGI, "2026-11-26 09:00", header);
  EXPECT_EQ(Due(D::KONFIRMASI), "2026-11-26 09:10");
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-26 15:00");
}

TEST_F(LegClocks, WhatIsDoneIsWaitedForNoMore) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  To(S::SAMPAI, "2026-11-26 09:01", K::UNSPECIFIED);
  EXPECT_EQ(Running(), "KONFIRMASI KEPUTUSAN KONTAK");
  To(S::DIKAJI, "2026-11-26 09:20", K::KONFIRMASI);
  EXPECT_EQ(Running(), "KEPUTUSAN KONTAK");
  To(S::DITERIMA, "2026-11-26 10:00", K::TERIMA);
  EXPECT_EQ(Running(), "KONTAK");
  EXPECT_EQ(Due(D::KONTAK), "2026-11-27 09:00") << "from the referral, not from its acceptance";
  To(S::BERJALAN, "2026-11-26 18:00", K::KONTAK_PERTAMA);
  EXPECT_EQ(Running(), "KEMAJUAN");
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-11-29 18:00");
  To(S::DITOLAK, "2026-11-26 19:00", K::TOLAK);
  EXPECT_EQ(Running(), "");
  EXPECT_FALSE(NextDue(leg).has_value());
}

TEST_F(LegClocks, InATransferTheHandoverIsWaitedForThoughTheChildWasMet) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  leg.set_moves_responsibility(true);
  To(S::DITERIMA, "2026-11-26 10:00", K::TERIMA);
  To(S::DITERIMA, "2026-11-26 12:00", K::KONTAK_PERTAMA);
  EXPECT_EQ(Running(), "KONTAK");
  To(S::BERJALAN, "2026-11-26 13:00", K::SERAH_TERIMA);
  EXPECT_EQ(Running(), "KEMAJUAN");
}

TEST_F(LegClocks, WhatWasOverBeforeTheBrokerHadTheReferralAsksForNothing) {
  v1::Header header;
  header.set_confirm_by_ms(At("2026-11-20 09:00"));
  header.set_decide_by_ms(At("2026-11-20 10:00"));
  header.set_due_ms(At("2026-11-21 09:00"));
  Open(Class::TINGGI, "2026-11-26 09:00", header);
  EXPECT_EQ(Due(D::KONFIRMASI), "2026-11-26 10:00");
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-26 15:00");
  EXPECT_EQ(Due(D::LAYANAN), "");
}

TEST_F(LegClocks, ReportsAreDueAfterTheContactThenAfterEachOther) {
  Open(Class::DARURAT, "2026-11-26 09:00");
  To(S::DITERIMA, "2026-11-26 09:30", K::TERIMA);
  To(S::BERJALAN, "2026-11-26 12:00", K::KONTAK_PERTAMA);
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-11-27 12:00");
  To(S::BERJALAN, "2026-11-27 10:00", K::LAPORAN_KEMAJUAN);
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-11-30 10:00");
  Miss(D::KEMAJUAN, "2026-11-30 10:00");
  To(S::BERJALAN, "2026-11-30 11:00", K::LAPORAN_KEMAJUAN);
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-12-03 11:00");
  EXPECT_EQ(FindDeadline(leg, D::KEMAJUAN)->missed(), 0U);
  EXPECT_EQ(leg.escalation(), 1U) << "what was missed stays missed";
}

TEST_F(LegClocks, APausedLegIsLookedAtOnItsDateAndReportsGoOnAfterwards) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::BERJALAN, "2026-11-26 12:00", K::SERAH_TERIMA);
  v1::Header pause;
  pause.set_due_ms(At("2026-12-10 09:00"));
  To(S::DITUNDA, "2026-11-27 09:00", K::TUNDA, pause);
  EXPECT_EQ(Running(), "KEMAJUAN TINJAUAN");
  EXPECT_EQ(Next(D::KEMAJUAN), "") << "it stands still";
  EXPECT_EQ(Due(D::TINJAUAN), "2026-12-10 09:00");
  To(S::BERJALAN, "2026-12-08 09:00", K::LANJUT);
  EXPECT_EQ(Running(), "KEMAJUAN");
  EXPECT_EQ(Next(D::KEMAJUAN), "2026-12-21 12:00") << "13 days and 3 hours were left";
}

TEST_F(LegClocks, WhatAPauseLeftIsLeftUnderAnotherClassToo) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::BERJALAN, "2026-11-26 12:00", K::SERAH_TERIMA);
  v1::Header pause;
  pause.set_due_ms(At("2026-12-10 09:00"));
  To(S::DITUNDA, "2026-11-27 12:00", K::TUNDA, pause);
  To(S::BERJALAN, "2026-12-08 12:00", K::LANJUT);
  Risk(Class::TINGGI, "2026-12-08 13:00");
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-12-10 12:00") << "72 hours, one day of which is over";
}

TEST_F(LegClocks, APauseGivesNoNewTimeToAReportThatIsLate) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  To(S::BERJALAN, "2026-11-26 12:00", K::SERAH_TERIMA);
  const std::string due = Due(D::KEMAJUAN);
  Miss(D::KEMAJUAN, due);
  const std::string tier = Next(D::KEMAJUAN);
  v1::Header pause;
  pause.set_due_ms(At("2026-12-20 09:00"));
  To(S::DITUNDA, "2026-12-04 09:00", K::TUNDA, pause);
  EXPECT_EQ(Next(D::KEMAJUAN), tier);
  To(S::BERJALAN, "2026-12-04 10:00", K::LANJUT);
  EXPECT_EQ(Due(D::KEMAJUAN), due);
  EXPECT_EQ(FindDeadline(leg, D::KEMAJUAN)->missed(), 1U);
}

TEST_F(LegClocks, APausedLegThatBecomesAnEmergencyIsLookedAtAtOnce) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  To(S::BERJALAN, "2026-11-26 12:00", K::SERAH_TERIMA);
  v1::Header pause;
  pause.set_due_ms(At("2026-12-20 09:00"));
  To(S::DITUNDA, "2026-11-27 09:00", K::TUNDA, pause);
  Risk(Class::DARURAT, "2026-11-28 03:00");
  EXPECT_EQ(Next(D::TINJAUAN), "2026-11-28 03:00");
}

TEST_F(LegClocks, AServiceIsLateUntilItIsFinished) {
  v1::Header header;
  header.set_due_ms(At("2026-12-01 09:00"));
  Open(Class::TINGGI, "2026-11-26 09:00", header);
  To(S::DITERIMA, "2026-11-26 10:00", K::TERIMA);
  To(S::BERJALAN, "2026-11-26 12:00", K::KONTAK_PERTAMA);
  EXPECT_EQ(Due(D::LAYANAN), "2026-12-01 09:00");
  To(S::SELESAI, "2026-11-30 12:00", K::LAPORAN_AKHIR);
  EXPECT_EQ(Running(), "PENUTUPAN");
  EXPECT_EQ(Due(D::PENUTUPAN), "2026-12-14 12:00");
}

TEST_F(LegClocks, AQuestionStopsTheClockOfLessUrgentReferrals) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::DIKAJI, "2026-11-26 10:00", K::KONFIRMASI);
  To(S::MENUNGGU_INFO, "2026-11-26 12:00", K::PERMINTAAN_INFO);
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-28 09:00") << "for as long as it has, not for ever";
  EXPECT_EQ(Next(D::KONTAK), "2026-12-02 09:00");
  To(S::DIKAJI, "2026-11-28 15:00", K::JAWABAN_INFO);  // 51 hours later
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-29 12:00");
  EXPECT_EQ(Due(D::KONTAK), "2026-12-01 12:00");
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-29 12:00");
  EXPECT_EQ(leg.paused_at_ms(), 0);
}

TEST_F(LegClocks, WorkingTimeThatWasLeftIsLeftAfterwards) {
  Open(Class::RENDAH, "2026-11-26 09:00");  // decided by Tuesday 1 December 09:00
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-12-01 09:00");
  To(S::DIKAJI, "2026-11-26 10:00", K::KONFIRMASI);
  To(S::MENUNGGU_INFO, "2026-11-30 14:00", K::PERMINTAAN_INFO);  // 2 h on Monday, 1.5 on Tuesday
  To(S::DIKAJI, "2026-12-05 20:00", K::JAWABAN_INFO);            // a Saturday
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-12-07 11:00");
}

TEST_F(LegClocks, NothingStopsTheClockOfAnUrgentReferral) {
  for (const Class::Code urgent : {Class::DARURAT, Class::TINGGI}) {
    Open(urgent, "2026-11-26 09:00");
    const std::string due = Due(D::KEPUTUSAN);
    To(S::DIKAJI, "2026-11-26 09:10", K::KONFIRMASI);
    To(S::MENUNGGU_INFO, "2026-11-26 09:20", K::PERMINTAAN_INFO);
    EXPECT_EQ(Next(D::KEPUTUSAN), due);
    To(S::DIKAJI, "2026-11-26 12:00", K::JAWABAN_INFO);
    EXPECT_EQ(Due(D::KEPUTUSAN), due);
  }
}

TEST_F(LegClocks, AskingAfterTheTimeIsUpStopsNothing) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::DIKAJI, "2026-11-26 10:00", K::KONFIRMASI);
  To(S::MENUNGGU_INFO, "2026-11-27 09:00", K::PERMINTAAN_INFO);
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-27 09:00");
  EXPECT_EQ(leg.paused_at_ms(), 0);
}

TEST_F(LegClocks, AnAcceptanceWithoutWaitingForTheAnswerGoesOnWithTheRest) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::DIKAJI, "2026-11-26 10:00", K::KONFIRMASI);
  To(S::MENUNGGU_INFO, "2026-11-26 12:00", K::PERMINTAAN_INFO);
  To(S::DITERIMA, "2026-11-27 12:00", K::TERIMA);
  EXPECT_EQ(Running(), "KONTAK");
  EXPECT_EQ(Due(D::KONTAK), "2026-11-30 09:00");
  EXPECT_EQ(Next(D::KONTAK), "2026-11-30 09:00");
}

TEST_F(LegClocks, AHigherRiskTakesTheEarlierOfBothEnds) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::DIKAJI, "2026-11-26 10:00", K::KONFIRMASI);
  Risk(Class::TINGGI, "2026-11-26 11:00");
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-26 15:00");
  EXPECT_EQ(Due(D::KONTAK), "2026-11-27 09:00");
  v1::Header header;
  header.set_decide_by_ms(At("2026-11-26 10:30"));
  Open(Class::SEDANG, "2026-11-26 09:00", header);
  Risk(Class::TINGGI, "2026-11-26 10:00");
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-26 10:30") << "earlier than the class asks for";
}

TEST_F(LegClocks, ALowerRiskMovesEndsBack) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  To(S::DIKAJI, "2026-11-26 09:30", K::KONFIRMASI);
  Risk(Class::SEDANG, "2026-11-26 10:00");
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-27 09:00");
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-27 09:00");
  EXPECT_EQ(Due(D::KONTAK), "2026-11-29 09:00");
}

TEST_F(LegClocks, AReportStaysTheFirstOrTheNextUnderAnotherClass) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  To(S::DITERIMA, "2026-11-26 10:00", K::TERIMA);
  To(S::BERJALAN, "2026-11-26 12:00", K::KONTAK_PERTAMA);
  Risk(Class::DARURAT, "2026-11-26 13:00");
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-11-27 12:00") << "the first: 24 h";
  Open(Class::TINGGI, "2026-11-26 09:00");
  To(S::DITERIMA, "2026-11-26 10:00", K::TERIMA);
  To(S::BERJALAN, "2026-11-26 12:00", K::KONTAK_PERTAMA);
  To(S::BERJALAN, "2026-11-27 12:00", K::LAPORAN_KEMAJUAN);
  Risk(Class::DARURAT, "2026-11-27 13:00");
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-11-30 12:00") << "the next: 3 d";
}

TEST_F(LegClocks, AHigherRiskEndsAPause) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::DIKAJI, "2026-11-26 10:00", K::KONFIRMASI);
  To(S::MENUNGGU_INFO, "2026-11-26 11:00", K::PERMINTAAN_INFO);
  Risk(Class::DARURAT, "2026-11-26 13:00");
  EXPECT_EQ(leg.paused_at_ms(), 0);
  EXPECT_EQ(Due(D::KEPUTUSAN), "2026-11-26 12:00") << "an hour from 09:00, and the pause of two";
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-26 12:00");
}

TEST_F(LegClocks, AHigherRiskHurriesTheTierThatIsNext) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  Miss(D::KEPUTUSAN, "2026-11-27 09:00");
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-28 09:00");
  Risk(Class::DARURAT, "2026-11-27 10:00");
  EXPECT_EQ(Next(D::KEPUTUSAN), "2026-11-27 10:30");
}

TEST_F(LegClocks, AnAlertIsAnsweredWithinAQuarterOfAnHour) {
  Open(Class::RENDAH, "2026-11-28 02:00");
  const auto raise = [](v1::LegRecord& record) { record.add_alerts()->set_message_id("a"); };
  Move("2026-11-28 02:10", K::PERINGATAN_DARURAT, raise);
  EXPECT_EQ(Due(D::PERINGATAN), "2026-11-28 02:25");
  Move("2026-11-28 02:20", K::PERINGATAN_DARURAT, raise);
  EXPECT_EQ(Due(D::PERINGATAN), "2026-11-28 02:25") << "one clock, from the first";
  const auto answer = [](v1::LegRecord& record) { record.mutable_alerts()->RemoveLast(); };
  Move("2026-11-28 02:22", K::TANGGAPAN_PERINGATAN, answer);
  EXPECT_EQ(Due(D::PERINGATAN), "2026-11-28 02:25");
  Move("2026-11-28 02:24", K::TANGGAPAN_PERINGATAN, answer);
  EXPECT_EQ(Due(D::PERINGATAN), "");
}

TEST_F(LegClocks, AnAlertIsAnsweredThoughTheLegHasEnded) {
  Open(Class::TINGGI, "2026-11-28 02:00");
  const auto raise = [](v1::LegRecord& record) { record.add_alerts()->set_message_id("a"); };
  Move("2026-11-28 02:10", K::PERINGATAN_DARURAT, raise);
  To(S::GAGAL, "2026-11-28 02:11", K::GAGAL);
  EXPECT_EQ(Running(), "PERINGATAN");
  EXPECT_EQ(Next(D::PERINGATAN), "2026-11-28 02:25");
  Move("2026-11-28 02:20", K::TANGGAPAN_PERINGATAN, [](v1::LegRecord& record) {
    record.mutable_alerts()->RemoveLast();
  });
  EXPECT_FALSE(NextDue(leg).has_value());
}

TEST_F(LegClocks, ANewAlertHasItsClockThoughTheLastTierWasToldOfThoseBefore) {
  Open(Class::TINGGI, "2026-11-28 02:00");
  const auto raise = [](v1::LegRecord& record) { record.add_alerts()->set_message_id("a"); };
  Move("2026-11-28 02:10", K::PERINGATAN_DARURAT, raise);
  while (!Next(D::PERINGATAN).empty()) {
    Miss(D::PERINGATAN, Next(D::PERINGATAN));
  }
  Move("2026-11-30 02:10", K::PERINGATAN_DARURAT, raise);
  EXPECT_EQ(Next(D::PERINGATAN), "2026-11-30 02:25");
}

TEST_F(LegClocks, TheSignatureEndsItsClock) {
  Open(Class::DARURAT, "2026-11-26 09:00");
  Move("2026-11-26 20:00", K::PENGESAHAN, [](v1::LegRecord& record) {
    record.set_signed_off(true);
  });
  EXPECT_EQ(Due(D::PENGESAHAN), "");
}

TEST_F(LegClocks, MessagesThatMoveNothingTouchNoClock) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  const v1::LegRecord before = leg;
  v1::Header header;
  header.set_kind(K::RINCIAN);
  EXPECT_FALSE(TouchesClocks({&before, &header, now}, leg));
  EXPECT_FALSE(TouchesClocks({&before, nullptr, now}, leg));
}

// --- What is missed ---

TEST_F(LegClocks, AMissedDeadlineRisesATierAtATime) {
  Open(Class::DARURAT, "2026-11-26 09:00");
  Miss(D::KONFIRMASI, "2026-11-26 09:30");
  EXPECT_EQ(leg.escalation(), 1U);
  EXPECT_EQ(Next(D::KONFIRMASI), "2026-11-26 10:00");
  Miss(D::KONFIRMASI, "2026-11-26 10:00");
  EXPECT_EQ(leg.escalation(), 2U);
  EXPECT_EQ(Next(D::KONFIRMASI), "2026-11-26 10:30") << "an hour after the first";
  Miss(D::KONFIRMASI, "2026-11-26 10:30");
  EXPECT_EQ(leg.escalation(), 3U);
  EXPECT_EQ(Next(D::KONFIRMASI), "") << "nobody is above";
  EXPECT_EQ(leg.state(), S::TERKIRIM) << "a missed clock ends nothing";
}

TEST_F(LegClocks, TiersCountFromTheRecordSoThatNobodyIsPassedOverAfterAnOutage) {
  Open(Class::DARURAT, "2026-11-26 09:00");
  Miss(D::KONFIRMASI, "2026-11-29 09:00");  // the broker was away for three days
  EXPECT_EQ(leg.escalation(), 1U);
  EXPECT_EQ(Due(D::KONFIRMASI), "2026-11-26 09:30");
  EXPECT_EQ(Next(D::KONFIRMASI), "2026-11-29 09:30");
}

TEST_F(LegClocks, AnotherMissedDeadlineLowersNothing) {
  Open(Class::DARURAT, "2026-11-26 09:00");
  Miss(D::KONFIRMASI, "2026-11-26 09:30");
  Miss(D::KONFIRMASI, "2026-11-26 10:00");
  const auto* decision = FindDeadline(leg, D::KEPUTUSAN);
  EXPECT_EQ(ConsequenceOf(leg, *decision, setting), Consequence::kRises);
  EXPECT_EQ(LevelOf(leg, *decision, Consequence::kRises), 2U);
  Miss(D::KEPUTUSAN, "2026-11-26 10:00");
  EXPECT_EQ(leg.escalation(), 2U);
  EXPECT_EQ(FindDeadline(leg, D::KEPUTUSAN)->missed(), 1U);
}

TEST_F(LegClocks, ASmallOfficeIsCoveredEarlier) {
  setting.covered_early = true;
  Open(Class::DARURAT, "2026-11-26 09:00");
  Miss(D::KONFIRMASI, "2026-11-26 09:30");
  EXPECT_EQ(Next(D::KONFIRMASI), "2026-11-26 09:45");
  Miss(D::KONFIRMASI, "2026-11-26 09:45");
  EXPECT_EQ(Next(D::KONFIRMASI), "2026-11-26 10:30") << "level 3 is not moved";
  Open(Class::RENDAH, "2026-11-26 09:00");
  Miss(D::KONFIRMASI, "2026-11-27 09:00");
  EXPECT_EQ(Next(D::KONFIRMASI), "2026-12-01 09:00") << "two working days instead of three";
}

TEST_F(LegClocks, AMachineThatHasNotGotItIsToldOnceAndRaisesNothing) {
  Open(Class::TINGGI, "2026-11-26 09:00");
  EXPECT_EQ(ConsequenceOf(leg, *FindDeadline(leg, D::PENERIMAAN), setting), Consequence::kTold);
  Miss(D::PENERIMAAN, "2026-11-26 09:05");
  EXPECT_EQ(leg.escalation(), 0U);
  EXPECT_EQ(Next(D::PENERIMAAN), "");
}

TEST_F(LegClocks, ALegOfLowRiskIsClosedAfterNoticeAndOneOfHighRiskNever) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::BERJALAN, "2026-11-26 12:00", K::KONTAK_PERTAMA);
  To(S::SELESAI, "2026-12-01 09:00", K::LAPORAN_AKHIR);
  EXPECT_EQ(ConsequenceOf(leg, *FindDeadline(leg, D::PENUTUPAN), setting), Consequence::kTold);
  Miss(D::PENUTUPAN, "2026-12-12 09:00");
  EXPECT_EQ(leg.escalation(), 0U);
  EXPECT_EQ(ConsequenceOf(leg, *FindDeadline(leg, D::PENUTUPAN), setting), Consequence::kCloses);
  EXPECT_EQ(Next(D::PENUTUPAN), "2026-12-15 09:00") << "14 days in all";
  Risk(Class::TINGGI, "2026-12-13 09:00");
  EXPECT_EQ(ConsequenceOf(leg, *FindDeadline(leg, D::PENUTUPAN), setting), Consequence::kRises);
  EXPECT_EQ(FindDeadline(leg, D::PENUTUPAN)->missed(), 0U);
  EXPECT_EQ(Due(D::PENUTUPAN), "2026-12-12 09:00") << "the earlier of both";
}

TEST_F(LegClocks, ALateNoticeIsGivenItsTimeTooBeforeTheLegIsClosed) {
  Open(Class::RENDAH, "2026-11-26 09:00");
  To(S::SELESAI, "2026-12-01 09:00", K::LAPORAN_AKHIR);
  Miss(D::PENUTUPAN, "2026-12-20 09:00");
  EXPECT_EQ(Next(D::PENUTUPAN), "2026-12-23 09:00");
}

TEST_F(LegClocks, AnObjectionGoesOnWithReports) {
  Open(Class::SEDANG, "2026-11-26 09:00");
  To(S::SELESAI, "2026-12-01 09:00", K::LAPORAN_AKHIR);
  To(S::BERJALAN, "2026-12-02 09:00", K::KEBERATAN_TUTUP);
  EXPECT_EQ(Running(), "KEMAJUAN");
  EXPECT_EQ(Due(D::KEMAJUAN), "2026-12-16 09:00");
}

TEST_F(LegClocks, TheLongestDueComesFirst) {
  Open(Class::DARURAT, "2026-11-26 09:00");
  EXPECT_EQ(FindDue(leg, At("2026-11-26 09:00")), nullptr);
  EXPECT_EQ(FindDue(leg, At("2026-11-26 09:01"))->deadline(), D::PENERIMAAN);
  Miss(D::PENERIMAAN, "2026-11-26 10:30");
  EXPECT_EQ(FindDue(leg, At("2026-11-26 10:30"))->deadline(), D::KONFIRMASI);
}

}  // namespace
}  // namespace rujukan::ledger
