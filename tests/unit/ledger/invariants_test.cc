// Goal: the safety invariants of the domain (docs/states.md) over random histories, I1 to I3 and I5
// at the ledger; I4 and I6 to I8 are the agents' (tests/scenarios/invariants_test.cc).
// Method: thousands of seeded histories through the real fold, with duplicates, strangers and
// replays, against the domain's own table, written down here once more. Each property is shown to
// fail on a machine that is broken on purpose. A failure prints its seed:
// RUJUKAN_HISTORY_SEED=N build/dev/bin/unit_ledger --gtest_filter='Invariants.*'
#include <gtest/gtest.h>

#include <cstdlib>

#include "ledger/leg_machine.h"
#include "tests/unit/ledger/leg_history.h"

namespace rujukan::ledger {
namespace {

using K = v1::Kind;
using S = v1::LegState;

constexpr uint64_t kHistories = 2'000;
constexpr int kStepsEach = 60;

const testing::World& TheWorld() {
  static testing::World world;
  static const bool kPopulated = (LegHistory::Populate(world), true);
  CHECK(kPopulated);
  return world;
}

// The domain's table (docs/states.md), written down once more: who moves a leg from where to where.
struct Edge {
  S::Code from;
  K::Code kind;
  bool by_sender;
  S::Code to;
};
constexpr bool P = true;
constexpr bool T = false;
constexpr auto kEdges = std::to_array<Edge>({
    {S::SAMPAI, K::KONFIRMASI, T, S::DIKAJI},
    {S::DIKAJI, K::PERMINTAAN_INFO, T, S::MENUNGGU_INFO},
    {S::MENUNGGU_INFO, K::JAWABAN_INFO, P, S::DIKAJI},
    {S::SAMPAI, K::TERIMA, T, S::DITERIMA},
    {S::DIKAJI, K::TERIMA, T, S::DITERIMA},
    {S::MENUNGGU_INFO, K::TERIMA, T, S::DITERIMA},
    {S::SAMPAI, K::TOLAK, T, S::DITOLAK},
    {S::DIKAJI, K::TOLAK, T, S::DITOLAK},
    {S::MENUNGGU_INFO, K::TOLAK, T, S::DITOLAK},
    {S::SAMPAI, K::ALIHKAN, T, S::DIALIHKAN},
    {S::DIKAJI, K::ALIHKAN, T, S::DIALIHKAN},
    {S::MENUNGGU_INFO, K::ALIHKAN, T, S::DIALIHKAN},
    {S::TERKIRIM, K::BATAL, P, S::DIBATALKAN},
    {S::SAMPAI, K::BATAL, P, S::DIBATALKAN},
    {S::DIKAJI, K::BATAL, P, S::DIBATALKAN},
    {S::DITERIMA, K::SETUJU_BATAL, T, S::DIBATALKAN},
    {S::BERJALAN, K::SETUJU_BATAL, T, S::DIBATALKAN},
    {S::DITERIMA, K::KONTAK_PERTAMA, T, S::BERJALAN},
    {S::DITERIMA, K::SERAH_TERIMA, P, S::BERJALAN},
    {S::DITERIMA, K::SERAH_TERIMA, T, S::BERJALAN},
    {S::BERJALAN, K::TUNDA, T, S::DITUNDA},
    {S::DITUNDA, K::LANJUT, T, S::BERJALAN},
    {S::DITERIMA, K::GAGAL, T, S::GAGAL},
    {S::BERJALAN, K::GAGAL, T, S::GAGAL},
    {S::DITUNDA, K::GAGAL, T, S::GAGAL},
    {S::BERJALAN, K::LAPORAN_AKHIR, T, S::SELESAI},
    {S::SELESAI, K::KONFIRMASI_TUTUP, P, S::DITUTUP},
    {S::SELESAI, K::KEBERATAN_TUTUP, P, S::BERJALAN},
});

bool InTheTable(const LegEvent& event) {
  const bool by_sender = event.header.from() == event.before->sender();
  if (event.header.kind() == K::SALAH_INPUT) {
    return by_sender && event.after.state() == S::SALAH_INPUT;
  }
  return std::any_of(kEdges.begin(), kEdges.end(), [&](const Edge& edge) {
    return edge.from == event.before->state() && edge.kind == event.header.kind() &&
           edge.by_sender == by_sender && edge.to == event.after.state();
  });
}

using Wrong = std::optional<std::string>;

// I3: only parties move a leg, and only as the table says.
Wrong CheckTransition(const LegEvent& event) {
  if (event.what == LegEvent::What::kReceipt) {
    const bool arrives = !event.before || event.before->state() == event.after.state() ||
                         (event.before->state() == S::TERKIRIM && event.after.state() == S::SAMPAI);
    return arrives ? Wrong() : "I3: a receipt moved the leg elsewhere";
  }
  if (!event.before) {
    const bool opened = event.header.kind() == K::RUJUKAN && event.after.state() == S::TERKIRIM;
    return opened ? Wrong() : "I3: a leg began otherwise than by a RUJUKAN";
  }
  const std::string& from = event.header.from();
  if (from != event.before->sender() && from != event.before->receiver()) {
    return "I3: " + from + " is no party";
  }
  if (event.before->state() != event.after.state() && !InTheTable(event)) {
    return "I3: " + std::string(KindName(event.header.kind())) + " moved " +
           std::string(StateName(event.before->state())) + " to " +
           std::string(StateName(event.after.state()));
  }
  return {};
}

// I1, I2: at every instant exactly one agency is responsible, and everybody else is not.
Wrong CheckResponsible(const LegHistory& history) {
  int holders = 0;
  for (const auto& [agency, claims] : history.Claims()) {
    if (claims != 0 && claims != 1) {
      return "I1: " + agency + " has " + std::to_string(claims) + " claims";
    }
    holders += claims;
  }
  return holders == 1 ? Wrong() : "I1: " + std::to_string(holders) + " responsible agencies";
}

// I1: the child moves by two signatures, one of each side, or by the first contact in a report, and
// falls back when a leg ends short.
Wrong CheckCustody(const LegEvent& event, std::map<std::string, std::string>& first_half) {
  if (event.what != LegEvent::What::kMessage || !event.before) {
    return {};
  }
  const bool was = event.before->receiver_responsible();
  const bool is = event.after.receiver_responsible();
  const bool handover = event.header.kind() == K::SERAH_TERIMA;
  const std::string by_other = first_half[event.leg_id];
  if (handover && was == is) {
    first_half[event.leg_id] = event.header.from();
  }
  if (was == is) {
    return {};
  }
  const bool two = handover && !by_other.empty() && by_other != event.header.from();
  const bool ended_short = !is && !IsOpen(event.after.state()) && event.after.state() != S::DITUTUP;
  first_half[event.leg_id].clear();
  const bool met = is && event.before->contact_takes_over() &&
                   event.header.kind() == K::KONTAK_PERTAMA &&
                   event.header.from() == event.before->receiver();
  return two || met || ended_short
             ? Wrong()
             : "I1: the child moved without two signatures, by " +
                   std::string(KindName(event.header.kind())) + " of " + event.header.from() +
                   " after one of \"" + by_other + "\":\n" + event.before->DebugString();
}

struct Outcome {
  Wrong wrong;
  size_t accepted = 0;
  size_t refused = 0;
  size_t duplicates = 0;
};

Outcome RunOne(uint64_t seed, Habit habit, Fault fault) {
  LegHistory history(TheWorld(), seed, habit, fault);
  std::map<std::string, std::string> first_half;
  Outcome outcome;
  for (int step = 0; step < kStepsEach && !outcome.wrong; ++step) {
    const auto event = history.Step();
    if (!event) {
      continue;
    }
    outcome.wrong = CheckTransition(*event);
    outcome.wrong = outcome.wrong ? outcome.wrong : CheckCustody(*event, first_half);
    outcome.wrong = outcome.wrong ? outcome.wrong : CheckResponsible(history);
  }
  if (!outcome.wrong) {
    const auto again = history.ReplayShuffled(~seed);
    for (const auto& [id, leg] : history.Legs()) {
      if (again.at(id).SerializeAsString() != leg.SerializeAsString()) {
        outcome.wrong = "I5: another order and duplicates end otherwise:\n" + leg.DebugString() +
                        "but\n" + again.at(id).DebugString();
      }
    }
  }
  outcome.accepted = history.accepted();
  outcome.refused = history.refused();
  outcome.duplicates = history.duplicates();
  return outcome;
}

// The first seed, of so many, on which something is wrong.
std::optional<std::string> FirstWrong(Habit habit, Fault fault, uint64_t seeds) {
  for (uint64_t seed = 1; seed <= seeds; ++seed) {
    if (const Outcome outcome = RunOne(seed, habit, fault); outcome.wrong) {
      return outcome.wrong;
    }
  }
  return std::nullopt;
}

TEST(Invariants, HoldOverThousandsOfHistoriesWithDuplicatesStrangersAndReplay) {
  const char* given = std::getenv("RUJUKAN_HISTORY_SEED");
  const uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  const uint64_t last = given == nullptr ? kHistories : first;
  Outcome sum;
  for (uint64_t seed = first; seed <= last; ++seed) {
    const Outcome outcome = RunOne(seed, Habit::kHonest, Fault::kNone);
    ASSERT_FALSE(outcome.wrong) << *outcome.wrong << "\nreplay: RUJUKAN_HISTORY_SEED=" << seed
                                << " build/dev/bin/unit_ledger --gtest_filter='Invariants.Hold*'";
    sum.accepted += outcome.accepted;
    sum.refused += outcome.refused;
    sum.duplicates += outcome.duplicates;
  }
  std::printf("%llu histories: %zu entries accepted, %zu refused, %zu duplicates among them\n",
              static_cast<unsigned long long>(last - first + 1),
              sum.accepted,
              sum.refused,
              sum.duplicates);
}

struct Broken {
  Fault fault;
  const char* found_by;
};

class BrokenMachine : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenMachine, IsFoundByItsInvariant) {
  const auto wrong = FirstWrong(Habit::kHonest, GetParam().fault, 400);
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->substr(0, 2), GetParam().found_by) << *wrong;
}

INSTANTIATE_TEST_SUITE_P(Invariants,
                         BrokenMachine,
                         ::testing::Values(Broken{Fault::kOneSignature, "I1"},
                                           Broken{Fault::kDeclineTakes, "I1"},
                                           Broken{Fault::kShortcut, "I3"},
                                           Broken{Fault::kStrangerMoves, "I3"},
                                           Broken{Fault::kReplayCounts, "I5"}));

// The broker is blind: that a child which was handed on does not fall back to two agencies at once
// is the agents' rule. Without it the invariant fails, and is seen to.
TEST(Invariants, WithoutTheAgentsRuleAChildCanHaveTwoResponsibleAgencies) {
  const auto wrong = FirstWrong(Habit::kCareless, Fault::kNone, 400);
  ASSERT_TRUE(wrong.has_value());
  EXPECT_EQ(wrong->substr(0, 2), "I1") << *wrong;
}

}  // namespace
}  // namespace rujukan::ledger
