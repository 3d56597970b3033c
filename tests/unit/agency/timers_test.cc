// Goal: both readings of a statutory limit are told, the warning is on the one that ends first, and
// a breach is what the statute calls one; with the scenario of an arrested child (SC2). Method: the
// default clocks and times that are given.
#include "agents/agency/timers.h"

#include <gtest/gtest.h>

#include "agents/agency/time_text.h"
#include "ledger/clocks_text.h"

namespace rujukan::agency {
namespace {

using T = v1::StatutoryTimer;
constexpr auto kWib = ledger::Zone::kWib;

UnixMillis At(const char* text) {
  return *ParseMoment(text);
}

TimerRow Timer(T::Code code, const char* started) {
  TimerRow timer;
  timer.id = std::string(16, 't');
  timer.code = code;
  timer.started = At(started);
  return timer;
}

TimerReading Read(const TimerRow& timer, const char* now) {
  const auto reading = ReadTimer(timer, ledger::DefaultClocks(), kWib, At(now));
  EXPECT_TRUE(reading) << reading.error().context;
  return *reading;
}

// "Bayu", 14, arrested on a Friday at 15:30 in Kota Metro. Working time: one hour on Friday, seven
// and a half on Monday, Tuesday and Wednesday, half an hour on Thursday.
TEST(StatutoryTimers, AnArrestIsWarnedOfByTheCalendarAndBreachedByWorkingTime) {
  const auto arrest = Timer(T::PENANGKAPAN, "2026-11-20T15:30:00+07:00");
  const auto reading = Read(arrest, "2026-11-20T16:00:00+07:00");
  EXPECT_EQ(reading.calendar, At("2026-11-21T15:30:00+07:00"));
  EXPECT_EQ(reading.legal, At("2026-11-26T08:00:00+07:00"));
  EXPECT_EQ(reading.alert_by, reading.calendar);
  EXPECT_NE(reading.law.find("UU 11/2012 ps. 30"), std::string::npos);

  EXPECT_EQ(Read(arrest, "2026-11-21T15:30:00+07:00").state, TimerState::kRunning);
  EXPECT_EQ(Read(arrest, "2026-11-21T15:30:01+07:00").state, TimerState::kAlert);
  EXPECT_EQ(Read(arrest, "2026-11-26T08:00:00+07:00").state, TimerState::kAlert);
  EXPECT_EQ(Read(arrest, "2026-11-26T08:00:01+07:00").state, TimerState::kBreached);
}

TEST(StatutoryTimers, TheProsecutorIsToldInADayAndTheInquiryIsDueInThree) {
  const auto told = Timer(T::KOORDINASI_PENUNTUT, "2026-11-20T17:00:00+07:00");
  EXPECT_EQ(Read(told, "2026-11-20T18:00:00+07:00").legal, At("2026-11-21T17:00:00+07:00"));
  const auto inquiry = Timer(T::LITMAS, "2026-11-20T17:00:00+07:00");
  EXPECT_EQ(Read(inquiry, "2026-11-23T17:00:00+07:00").state, TimerState::kRunning);
  EXPECT_EQ(Read(inquiry, "2026-11-23T17:00:01+07:00").state, TimerState::kBreached);
}

TEST(StatutoryTimers, AnExtensionRunsOnFromTheEnd) {
  auto detention = Timer(T::PENAHANAN_PENYIDIKAN, "2026-11-01T10:00:00+07:00");
  EXPECT_EQ(Read(detention, "2026-11-02T00:00:00Z").legal, At("2026-11-08T10:00:00+07:00"));
  detention.extended = true;
  EXPECT_EQ(Read(detention, "2026-11-02T00:00:00Z").legal, At("2026-11-16T10:00:00+07:00"));
}

TEST(StatutoryTimers, WhatTheLawDidNotKnowThenIsNotCounted) {
  const auto before = Timer(T::LAPOR_POLISI_TPKS, "2022-05-01T10:00:00+07:00");
  EXPECT_EQ(ReadTimer(before, ledger::DefaultClocks(), kWib, 0).error().code, Errc::kNotFound);
  EXPECT_TRUE(WorkTimersOf({before}, ledger::DefaultClocks(), kWib).empty());
}

TEST(StatutoryTimers, WorkIsWarnedOfByTheStricterReading) {
  const auto arrest = Timer(T::PENANGKAPAN, "2026-11-20T15:30:00+07:00");
  const auto work = WorkTimersOf({arrest}, ledger::DefaultClocks(), kWib);
  ASSERT_EQ(work.size(), 1U);
  EXPECT_EQ(work[0].alert_by, At("2026-11-21T15:30:00+07:00"));
  EXPECT_EQ(work[0].breach_by, At("2026-11-26T08:00:00+07:00"));
}

TEST(TimerBody, IsReadAsItWasWrittenAndNothingElse) {
  auto timer = Timer(T::LITMAS, "2026-11-20T17:00:00+07:00");
  timer.note = "menunggu Bapas";
  timer.by = "wulan";
  timer.extended = true;
  TimerRow read;
  ASSERT_TRUE(ReadTimerBody(TimerBody(timer), read));
  EXPECT_EQ(TimerBody(read), TimerBody(timer));
  for (const char* body : {"", "{}", "[]", R"({"timer":"LITMAS"})"}) {
    EXPECT_EQ(ReadTimerBody(body, read).error().code, Errc::kCorrupt) << body;
  }
}

}  // namespace
}  // namespace rujukan::agency
