// Goal: an agency's own picture of a leg is the ledger's, whatever order its messages reach it in.
// Method: steps as lists; the transition table itself is tested in tests/unit/ledger.
#include "agents/agency/leg.h"

#include <gtest/gtest.h>

namespace rujukan::agency {
namespace {

using K = v1::Kind;
using S = v1::LegState;
constexpr auto kP = ledger::Side::kSender;
constexpr auto kT = ledger::Side::kReceiver;

TEST(FoldLeg, TheWholeLifeOfAReferral) {
  const std::vector<std::pair<LegStep, S::Code>> life{{{K::RUJUKAN, kP}, S::SAMPAI},
                                                      {{K::KONFIRMASI, kT}, S::DIKAJI},
                                                      {{K::TERIMA, kT}, S::DITERIMA},
                                                      {{K::RINCIAN, kP}, S::DITERIMA},
                                                      {{K::KONTAK_PERTAMA, kT}, S::BERJALAN},
                                                      {{K::LAPORAN_KEMAJUAN, kT}, S::BERJALAN},
                                                      {{K::LAPORAN_AKHIR, kT}, S::SELESAI},
                                                      {{K::KONFIRMASI_TUTUP, kP}, S::DITUTUP}};
  std::vector<LegStep> steps;
  for (const auto& [step, state] : life) {
    steps.push_back(step);
    EXPECT_EQ(FoldLeg(steps, /*arrived=*/true), state);
  }
}

TEST(FoldLeg, UntilTheReceiptTheReferralIsSentNotArrived) {
  EXPECT_EQ(FoldLeg({{K::RUJUKAN, kP}}, /*arrived=*/false), S::TERKIRIM);
}

TEST(FoldLeg, AnAnswerProvesArrivalBeforeTheNoticeOfIt) {
  EXPECT_EQ(FoldLeg({{K::RUJUKAN, kP}, {K::TERIMA, kT}}, /*arrived=*/false), S::DITERIMA);
}

TEST(FoldLeg, AnIllegalStepChangesNothing) {
  EXPECT_EQ(FoldLeg({{K::RUJUKAN, kP}, {K::BATAL, kP}, {K::TERIMA, kT}}, true), S::DIBATALKAN);
}

TEST(FoldLeg, NothingYetIsNoState) {
  EXPECT_EQ(FoldLeg({}, false), S::UNSPECIFIED);
}

TEST(ActionsFor, NamesWhatASideMayDoNow) {
  EXPECT_EQ(ActionsFor(S::SAMPAI, kT), "ack, accept, decline");
  EXPECT_EQ(ActionsFor(S::SELESAI, kP), "close, object");
  EXPECT_EQ(ActionsFor(S::DITUTUP, kP), "-");
  EXPECT_EQ(FindAction("accept")->kind, K::TERIMA);
  EXPECT_EQ(FindAction("resolve"), nullptr);
}

}  // namespace
}  // namespace rujukan::agency
