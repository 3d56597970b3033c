// Goal: an officer sees everything that waits for the agency, the most urgent first, and everything
// that is late, with how late and who has been told; nothing that waits for somebody else is in
// `today`. Method: legs written down, a time that is given.
#include "agents/agency/worklist.h"

#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using C = v1::ClockClass;
using D = v1::Deadline;
using S = v1::LegState;
using ledger::Side;

constexpr UnixMillis kNow = 1'795'000'000'000;
constexpr int64_t kHour = 3'600'000;
constexpr int64_t kDay = 24 * kHour;

LegId Id(char letter) {
  return *LegId::FromBytes(std::string(16, letter));
}

WorkLeg Leg(char letter, Side side, S::Code state, C::Code clock_class = C::SEDANG) {
  WorkLeg leg;
  leg.id = Id(letter);
  leg.side = side;
  leg.peer = "dinsos.18@lampung.example";
  leg.state = state;
  leg.record.set_state(state);
  leg.record.set_clock_class(clock_class);
  leg.record.set_changed_at_ms(kNow - kHour);
  return leg;
}

WorkLeg With(WorkLeg leg, D::Code deadline, UnixMillis due) {
  auto* running = leg.record.add_deadlines();
  running->set_deadline(deadline);
  running->set_due_ms(due);
  return leg;
}

std::vector<std::string> Names(const std::vector<WorkItem>& items) {
  std::vector<std::string> names;
  for (const auto& item : items) {
    names.push_back(item.leg.str().substr(0, 1) + " " + std::string(TaskName(item.task)));
  }
  return names;
}
using Expected = std::vector<std::string>;

TEST(Today, MostUrgentClassFirstThenWhatIsDueFirst) {
  const std::vector<WorkLeg> legs = {
      With(Leg('a', Side::kReceiver, S::SAMPAI, C::RENDAH), D::KONFIRMASI, kNow - kDay),
      With(Leg('b', Side::kReceiver, S::SAMPAI, C::TINGGI), D::KONFIRMASI, kNow + 2 * kHour),
      With(Leg('c', Side::kReceiver, S::DIKAJI, C::TINGGI), D::KEPUTUSAN, kNow + kHour),
      With(Leg('d', Side::kReceiver, S::DITERIMA, C::DARURAT), D::KONTAK, kNow + 3 * kHour)};
  EXPECT_EQ(Names(TodayOf(legs, kNow)),
            (Expected{"d CONTACT", "c DECIDE", "b CONFIRM", "a CONFIRM"}));
}

TEST(Today, AnAlertOfTheOtherSideGoesBeforeEverythingAndOursIsNotInIt) {
  WorkLeg theirs = Leg('a', Side::kSender, S::BERJALAN, C::RENDAH);
  theirs.record.add_alerts()->set_by_sender(false);
  WorkLeg ours = Leg('b', Side::kSender, S::BERJALAN, C::DARURAT);
  ours.record.add_alerts()->set_by_sender(true);
  const std::vector<WorkLeg> legs = {
      With(Leg('c', Side::kReceiver, S::SAMPAI, C::DARURAT), D::KONFIRMASI, kNow - kHour),
      With(theirs, D::PERINGATAN, kNow + 60'000),
      With(ours, D::PERINGATAN, kNow - 60'000)};
  EXPECT_EQ(Names(TodayOf(legs, kNow)), (Expected{"a RESPOND_ALERT", "c CONFIRM"}));
}

TEST(Today, AReferralThatDidNotLeaveInTimeIsTheSendersToTelephone) {
  WorkLeg late = Leg('a', Side::kSender, S::TERKIRIM, C::DARURAT);
  late.record.set_opened_at_ms(kNow - 120'000);
  late.send_by = kNow - 60'000;
  WorkLeg fresh = Leg('b', Side::kSender, S::TERKIRIM, C::DARURAT);
  fresh.send_by = kNow + 1;
  const std::vector<WorkLeg> legs = {late, fresh, Leg('c', Side::kSender, S::TERKIRIM)};
  for (const auto& items : {TodayOf(legs, kNow), OverdueOf(legs, kNow), UnsentOf(legs, kNow)}) {
    EXPECT_EQ(Names(items), (Expected{"a SEND"}));
    EXPECT_EQ(items[0].due, late.send_by);
    EXPECT_TRUE(items[0].ours);
  }
  EXPECT_TRUE(NearOf(legs, kNow).empty());
}

TEST(Today, WhatWaitsForTheOtherSideIsNotInIt) {
  const std::vector<WorkLeg> legs = {
      With(Leg('a', Side::kSender, S::SAMPAI), D::KONFIRMASI, kNow - kDay),
      With(Leg('b', Side::kSender, S::DITERIMA), D::KONTAK, kNow - kDay),
      With(Leg('c', Side::kReceiver, S::SELESAI), D::PENUTUPAN, kNow - kDay),
      Leg('d', Side::kReceiver, S::DITUTUP),
      Leg('e', Side::kReceiver, S::DITOLAK)};
  EXPECT_TRUE(TodayOf(legs, kNow).empty());
}

TEST(Today, ReportsAndReviewsAppearADayAhead) {
  const auto tomorrow = kNow + kTodayAheadMs;
  const std::vector<WorkLeg> legs = {
      With(Leg('a', Side::kReceiver, S::BERJALAN), D::KEMAJUAN, tomorrow),
      With(Leg('b', Side::kReceiver, S::BERJALAN), D::KEMAJUAN, tomorrow + 1),
      With(Leg('c', Side::kReceiver, S::DITUNDA), D::TINJAUAN, tomorrow),
      With(Leg('d', Side::kReceiver, S::BERJALAN), D::LAYANAN, tomorrow - 1)};
  EXPECT_EQ(Names(TodayOf(legs, kNow)), (Expected{"d SERVICE", "a REPORT", "c REVIEW"}));
}

TEST(Today, AStepWithoutAClockIsStillThereAfterThoseWithOne) {
  const std::vector<WorkLeg> legs = {
      Leg('a', Side::kReceiver, S::SAMPAI),
      With(Leg('b', Side::kReceiver, S::SAMPAI), D::KONFIRMASI, kNow + kDay)};
  EXPECT_EQ(Names(TodayOf(legs, kNow)), (Expected{"b CONFIRM", "a CONFIRM"}));
  EXPECT_EQ(TodayOf(legs, kNow)[1].due, 0);
}

TEST(Today, QuestionsCancellationsWithdrawalsAndHalfHandoversWaitForWhoDidNotMakeThem) {
  WorkLeg cancelled = Leg('a', Side::kReceiver, S::BERJALAN);
  cancelled.record.set_cancel_request("x");
  WorkLeg withdrawn = Leg('b', Side::kReceiver, S::BERJALAN);
  withdrawn.record.add_withdrawals()->set_by_sender(true);
  WorkLeg half = Leg('c', Side::kReceiver, S::DITERIMA);
  half.record.mutable_handover()->set_by_sender(true);
  const WorkLeg asked = Leg('d', Side::kSender, S::MENUNGGU_INFO);
  EXPECT_EQ(
      Names(TodayOf(std::vector{cancelled, withdrawn, half, asked}, kNow)),
      (Expected{
          "a ANSWER_CANCEL", "b ANSWER_WITHDRAWAL", "c CONTACT", "c SIGN_HANDOVER", "d ANSWER"}));
  std::vector<WorkLeg> mirrored = {cancelled, withdrawn, half, asked};
  for (auto& leg : mirrored) {
    leg.side = ledger::Other(leg.side);
  }
  EXPECT_TRUE(TodayOf(mirrored, kNow).empty());
}

TEST(Today, WhatWasDeclinedRedirectedOrFailedComesBackUntilSomebodyGoesOnWithIt) {
  std::vector<WorkLeg> legs = {Leg('a', Side::kSender, S::DITOLAK),
                               Leg('b', Side::kSender, S::DIALIHKAN),
                               Leg('c', Side::kSender, S::GAGAL),
                               Leg('d', Side::kSender, S::DITUTUP),
                               Leg('e', Side::kReceiver, S::DITOLAK)};
  EXPECT_EQ(Names(TodayOf(legs, kNow)),
            (Expected{"a FIND_AGENCY", "b FIND_AGENCY", "c FIND_AGENCY"}));
  legs[0].record.set_continued_by("y");
  legs[1].record.set_continued_by("x");
  EXPECT_EQ(Names(TodayOf(legs, kNow)), (Expected{"c FIND_AGENCY"}));
}

TEST(Today, WhatWeCancelledIsShownForTwoWeeks) {
  WorkLeg leg = Leg('a', Side::kSender, S::DIBATALKAN);
  leg.record.set_changed_at_ms(kNow - kCancelledShownMs + 1);
  EXPECT_EQ(TodayOf(std::vector{leg}, kNow).size(), 1U);
  leg.record.set_changed_at_ms(kNow - kCancelledShownMs);
  EXPECT_TRUE(TodayOf(std::vector{leg}, kNow).empty());
}

TEST(Today, WhatWeHaveQueuedAlreadyIsNotAskedForAgain) {
  WorkLeg leg = With(Leg('a', Side::kReceiver, S::SAMPAI), D::KONFIRMASI, kNow - kHour);
  leg.state = S::DIKAJI;  // our KONFIRMASI is queued
  EXPECT_EQ(Names(TodayOf(std::vector{leg}, kNow)), (Expected{"a DECIDE"}));
  EXPECT_TRUE(OverdueOf(std::vector{leg}, kNow).empty());
}

TEST(Overdue, SaysWhoIsWaitedForHowFarItWentAndWhoWasTold) {
  WorkLeg leg =
      With(Leg('a', Side::kSender, S::SAMPAI, C::TINGGI), D::KONFIRMASI, kNow - 2 * kHour);
  leg.record.set_escalation(2);
  leg.told = {"dpppa.18@x.example", "dinsos.18@x.example"};
  const auto late = OverdueOf(std::vector{leg}, kNow);
  ASSERT_EQ(late.size(), 1U);
  EXPECT_FALSE(late[0].ours);
  EXPECT_EQ(late[0].deadline, D::KONFIRMASI);
  EXPECT_EQ(kNow - late[0].due, 2 * kHour);
  EXPECT_EQ(late[0].escalation, 2U);
  EXPECT_EQ(late[0].told, (std::vector<std::string>{"dpppa.18@x.example", "dinsos.18@x.example"}));
}

TEST(Overdue, BeginsAtTheDueTimeAndHoldsEveryLateDeadlineOfALeg) {
  WorkLeg leg = With(Leg('a', Side::kReceiver, S::SAMPAI), D::KONFIRMASI, kNow);
  leg = With(leg, D::KEPUTUSAN, kNow - kHour);
  leg = With(leg, D::KONTAK, kNow + 1);
  EXPECT_EQ(Names(OverdueOf(std::vector{leg}, kNow)), (Expected{"a DECIDE", "a CONFIRM"}));
  EXPECT_EQ(Names(OverdueOf(std::vector{leg}, kNow - 1)), (Expected{"a DECIDE"}));
}

TEST(Overdue, AMissingReportIsListedForEachChild) {
  std::vector<WorkLeg> legs;
  for (char letter = 'a'; letter <= 'e'; ++letter) {
    legs.push_back(With(Leg(letter, Side::kReceiver, S::BERJALAN, C::RENDAH),
                        D::KEMAJUAN,
                        kNow - (letter - 'a') * kDay));
  }
  EXPECT_EQ(Names(OverdueOf(legs, kNow)),
            (Expected{"e REPORT", "d REPORT", "c REPORT", "b REPORT", "a REPORT"}));
}

TEST(Overdue, AnAlertNobodyActsOnWaitsForWhoDidNotRaiseIt) {
  WorkLeg leg = With(Leg('a', Side::kReceiver, S::BERJALAN), D::PERINGATAN, kNow - 1);
  leg.record.add_alerts()->set_by_sender(true);
  EXPECT_TRUE(OverdueOf(std::vector{leg}, kNow).at(0).ours);
  leg.side = Side::kSender;
  EXPECT_FALSE(OverdueOf(std::vector{leg}, kNow).at(0).ours);
}

TEST(Near, IsTheLastQuarterOfItsTimeButNeverLessThanFiveMinutesNorMoreThanADay) {
  const auto near = [](int64_t span, int64_t left) {
    WorkLeg leg = With(Leg('a', Side::kReceiver, S::DITERIMA), D::KONTAK, kNow + left);
    leg.record.mutable_deadlines(0)->set_started_ms(kNow + left - span);
    return !NearOf(std::vector{leg}, kNow).empty();
  };
  EXPECT_TRUE(near(4 * kHour, kHour));
  EXPECT_FALSE(near(4 * kHour, kHour + 1));
  EXPECT_TRUE(near(60'000, kNearMsMin));
  EXPECT_FALSE(near(60'000, kNearMsMin + 1));
  EXPECT_TRUE(near(30 * kDay, kNearMsMax));
  EXPECT_FALSE(near(30 * kDay, kNearMsMax + 1));
  EXPECT_FALSE(near(4 * kHour, 0)) << "that is late, not near";
}

TEST(Worklist, StatutoryTimersAreInTodayADayAheadAndInOverdueFromTheStricterReadingOn) {
  WorkLeg leg = Leg('a', Side::kReceiver, S::BERJALAN, C::TINGGI);
  leg.timers.push_back({v1::StatutoryTimer::PENANGKAPAN, kNow + kHour, kNow + 3 * kDay});
  EXPECT_EQ(Names(TodayOf(std::vector{leg}, kNow)), (Expected{"a STATUTORY"}));
  EXPECT_TRUE(OverdueOf(std::vector{leg}, kNow).empty());
  const auto late = OverdueOf(std::vector{leg}, kNow + kHour);
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].timer, v1::StatutoryTimer::PENANGKAPAN);
  EXPECT_EQ(late[0].due, kNow + kHour);
  EXPECT_EQ(late[0].breach_by, kNow + 3 * kDay);
}

}  // namespace
}  // namespace rujukan::agency
