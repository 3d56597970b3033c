// Goal: an agency's own picture of a leg is the ledger's, whatever order its messages reach it in.
// Method: steps as lists; the machine itself is tested in tests/unit/ledger.
#include "agents/agency/leg.h"

#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;
constexpr auto kP = ledger::Side::kSender;
constexpr auto kT = ledger::Side::kReceiver;

LegStep Say(K::Code kind, ledger::Side side) {
  LegStep step;
  step.header.set_kind(kind);
  step.header.add_to("dinsos.18@lampung.example");
  step.header.set_urgency(v1::Urgency::SEGERA);
  step.header.set_message_id("m" + std::to_string(kind));
  step.side = side;
  return step;
}

LegStep Happened(LegStep::What what) {
  LegStep step;
  step.what = what;
  return step;
}

v1::LegRecord After(std::vector<LegStep> steps) {
  return FoldLeg(steps).record;
}

TEST(FoldLeg, TheWholeLifeOfAReferral) {
  const std::vector<std::pair<LegStep, S::Code>> life{
      {Say(K::RUJUKAN, kP), S::TERKIRIM},
      {Happened(LegStep::What::kArrived), S::SAMPAI},
      {Say(K::KONFIRMASI, kT), S::DIKAJI},
      {Say(K::TERIMA, kT), S::DITERIMA},
      {Say(K::RINCIAN, kP), S::DITERIMA},
      {Say(K::KONTAK_PERTAMA, kT), S::BERJALAN},
      {Say(K::LAPORAN_KEMAJUAN, kT), S::BERJALAN},
      {Say(K::LAPORAN_AKHIR, kT), S::SELESAI},
      {Happened(LegStep::What::kClosed), S::DITUTUP}};
  std::vector<LegStep> steps;
  for (const auto& [step, state] : life) {
    steps.push_back(step);
    EXPECT_EQ(FoldLeg(steps).record.state(), state);
  }
}

TEST(FoldLeg, AnAnswerProvesArrivalBeforeTheNoticeOfIt) {
  EXPECT_EQ(After({Say(K::RUJUKAN, kP), Say(K::TERIMA, kT)}).state(), S::DITERIMA);
}

TEST(FoldLeg, AnIllegalStepChangesNothing) {
  EXPECT_EQ(After({Say(K::RUJUKAN, kP), Say(K::BATAL, kP), Say(K::TERIMA, kT)}).state(),
            S::DIBATALKAN);
}

TEST(FoldLeg, ABounceFailsOnlyWhatNobodyOpened) {
  const auto bounced = Happened(LegStep::What::kBounced);
  EXPECT_EQ(After({Say(K::RUJUKAN, kP), bounced}).state(), S::GAGAL);
  EXPECT_EQ(After({Say(K::RUJUKAN, kP), Say(K::KONFIRMASI, kT), bounced}).state(), S::DIKAJI);
}

TEST(FoldLeg, NothingYetIsNoState) {
  EXPECT_EQ(FoldLeg({}).record.state(), S::UNSPECIFIED);
}

TEST(FoldLeg, ItKnowsByWhichEntryResponsibilityMoved) {
  auto opening = Say(K::RUJUKAN, kP);
  opening.header.set_moves_responsibility(true);
  auto first = Say(K::SERAH_TERIMA, kP);
  first.header.set_message_id("first");
  auto second = Say(K::SERAH_TERIMA, kT);
  second.header.set_cause("first");
  second.index = 9;
  const std::vector<LegStep> steps{opening, Say(K::TERIMA, kT), first, second};
  EXPECT_EQ(FoldLeg(steps).handed_over, 9U);
  EXPECT_TRUE(FoldLeg(steps).record.receiver_responsible());
  EXPECT_EQ(FoldLeg({opening, Say(K::TERIMA, kT), first}).handed_over, 0U);
}

TEST(ActionsFor, NamesWhatASideMayDoNow) {
  const auto arrived = After({Say(K::RUJUKAN, kP), Happened(LegStep::What::kArrived)});
  EXPECT_EQ(ActionsFor(arrived, kT),
            "ack, accept, decline, redirect, alert, risk, correct, withdraw, attach");
  const auto finished = After({Say(K::RUJUKAN, kP),
                               Say(K::TERIMA, kT),
                               Say(K::KONTAK_PERTAMA, kT),
                               Say(K::LAPORAN_AKHIR, kT)});
  EXPECT_EQ(ActionsFor(finished, kP).substr(0, 11), "ask, answer");
  EXPECT_NE(ActionsFor(finished, kP).find("close, object"), std::string::npos);
  EXPECT_EQ(ActionsFor(v1::LegRecord(), kP), "-");
  EXPECT_EQ(FindAction("accept")->kind, K::TERIMA);
  EXPECT_EQ(FindAction("resolve"), nullptr);
}

TEST(ActionsFor, GuardsCount) {
  const std::vector<LegStep> running{
      Say(K::RUJUKAN, kP), Say(K::TERIMA, kT), Say(K::KONTAK_PERTAMA, kT)};
  EXPECT_EQ(ActionsFor(After(running), kT).find("agree-cancel"), std::string::npos);
  auto asked = running;
  asked.push_back(Say(K::PERMINTAAN_BATAL, kP));
  EXPECT_NE(ActionsFor(After(asked), kT).find("agree-cancel"), std::string::npos);
  EXPECT_EQ(ActionsFor(After(asked), kP).find("request-cancel"), std::string::npos);
  EXPECT_NE(ActionsFor(After(running), kT).find("pause"), std::string::npos);
  auto emergency = running;
  emergency[0].header.set_clock_class(v1::ClockClass::DARURAT);
  EXPECT_EQ(ActionsFor(After(emergency), kT).find("pause"), std::string::npos);
}

TEST(FillStep, AnAnswerNamesWhatItAnswers) {
  v1::LegRecord leg = After({Say(K::RUJUKAN, kP), Say(K::TERIMA, kT), Say(K::SERAH_TERIMA, kP)});
  v1::Header header;
  header.set_kind(K::SERAH_TERIMA);
  FillStep(header, leg, kT, v1::Content());
  EXPECT_EQ(header.cause(), leg.handover().message_id());
  header.clear_cause();
  FillStep(header, leg, kP, v1::Content());
  EXPECT_EQ(header.cause(), "");  // one's own half is signed by the other side
}

TEST(NeedsOf, WhatEndedShortIsTheSendersToGoOnWith) {
  auto declined = After({Say(K::RUJUKAN, kP), Say(K::TOLAK, kT)});
  const auto needs = NeedsOf(declined, kP);
  ASSERT_EQ(needs.size(), 1U);
  EXPECT_EQ(needs[0], "CARI_PENERIMA_LAIN");
  EXPECT_TRUE(NeedsOf(declined, kT).empty());
  declined.set_continued_by("next");
  EXPECT_TRUE(NeedsOf(declined, kP).empty());
}

}  // namespace
}  // namespace rujukan::agency
