// Goal: the state machine is exactly the documented table. Method: parse docs/states.md and compare
// row by row; then carry out every (state, kind, side) there is, with the guards satisfied, and
// compare what the machine does with the documented rows, both ways.
#include "ledger/transition.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "tests/unit/ledger/leg_fixture.h"

namespace rujukan::ledger {
namespace {

using S = v1::LegState;

// "any open" and "DITERIMA, BERJALAN" as they stand in the page.
std::string StatesInWords(StateSet states) {
  std::string names;
  size_t count = 0;
  bool all_open = true;
  for (int code = S::Code_MIN + 1; code <= S::Code_MAX; ++code) {
    const auto state = static_cast<S::Code>(code);
    all_open = all_open && states.Has(state) == IsOpen(state);
    if (states.Has(state)) {
      ++count;
      names += (names.empty() ? "" : ", ") + std::string(StateName(state));
    }
  }
  constexpr size_t kStates = S::Code_MAX;
  if (count == kStates) {
    return "any";
  }
  if (count == kStates - 1 && !states.Has(S::SALAH_INPUT)) {
    return "any but SALAH_INPUT";
  }
  return all_open ? "any open" : names;
}

std::string WhoInWords(Who who) {
  return who == Who::kEither ? "either" : (who == Who::kSender ? "sender" : "receiver");
}

std::string RowInWords(const Transition& row) {
  const std::string to = row.to == S::UNSPECIFIED ? "stays" : std::string(StateName(row.to));
  const std::string guard(GuardName(row.guard));
  return "| " + std::string(row.number) + " | " + StatesInWords(row.from) + " | " +
         std::string(KindName(row.kind)) + " | " + WhoInWords(row.who) + " | " + to + " | " +
         guard + (guard.empty() ? "|" : " |");  // an empty cell is one blank
}

// The rows of the table that begins with "| # |".
std::vector<std::string> DocumentedRows() {
  std::vector<std::string> rows;
  std::ifstream in(std::string(RUJUKAN_SOURCE_DIR) + "/docs/states.md");
  std::string line;
  bool inside = false;
  while (std::getline(in, line)) {
    if (line.rfind("| # |", 0) == 0) {
      inside = true;
      std::getline(in, line);
    } else if (inside && line.rfind("| ", 0) == 0) {
      rows.push_back(line);
    } else {
      inside = false;
    }
  }
  return rows;
}

TEST(Transition, ThePageHasEveryRowOfTheTableInItsOrder) {
  std::vector<std::string> rows;
  for (const Transition& row : Transitions()) {
    rows.push_back(RowInWords(row));
  }
  EXPECT_EQ(rows, DocumentedRows());
}

template <class Visit>
void ForEachPair(const Visit& visit) {
  for (int state = S::Code_MIN + 1; state <= S::Code_MAX; ++state) {
    for (int kind = v1::Kind::Code_MIN + 1; kind <= v1::Kind::Code_MAX; ++kind) {
      for (const Side side : {Side::kSender, Side::kReceiver}) {
        visit(static_cast<S::Code>(state), static_cast<v1::Kind::Code>(kind), side);
      }
    }
  }
}

TEST(Transition, EveryPairIsLegalExactlyWhenARowHasIt) {
  int legal = 0;
  int illegal = 0;
  ForEachPair([&](S::Code state, v1::Kind::Code kind, Side side) {
    if (kind == v1::Kind::RUJUKAN || IsErasureTable(kind)) {
      return;  // fold_legs_test, fold_erasure_test
    }
    const std::string pair = std::string(StateName(state)) + " " + std::string(KindName(kind)) +
                             (side == Side::kSender ? " sender" : " receiver");
    const auto rows = RowsFor(state, kind, side);
    (rows.empty() ? illegal : legal) += 1;
    if (rows.empty()) {
      v1::LegRecord leg = LegIn(state);
      const v1::LegRecord before = leg;
      EXPECT_EQ(Step(leg, HeaderOf(kind), side), v1::RefusalReason::ILLEGAL_TRANSITION) << pair;
      EXPECT_EQ(leg.SerializeAsString(), before.SerializeAsString()) << pair;
      return;
    }
    for (const Transition* row : rows) {
      auto [leg, header] = Satisfying(*row, state, side);
      const S::Code to = row->to == S::UNSPECIFIED ? state : row->to;
      EXPECT_EQ(Step(leg, header, side), v1::RefusalReason::UNSPECIFIED) << pair;
      EXPECT_EQ(leg.state(), to) << pair << ", guard " << GuardName(row->guard);
    }
  });
  // What closing notes and the page count: a change of the table shows here.
  EXPECT_EQ(legal + illegal, 14 * (v1::Kind::Code_MAX - 4) * 2);
  EXPECT_EQ(legal, 248);
  RecordProperty("legal", legal);
  RecordProperty("illegal", illegal);
}

TEST(Transition, WhatHasEndedMovesOnlyByRecall) {
  for (const Transition& row : Transitions()) {
    for (int code = S::Code_MIN + 1; code <= S::Code_MAX; ++code) {
      const auto state = static_cast<S::Code>(code);
      if (row.from.Has(state) && !IsOpen(state)) {
        EXPECT_TRUE(row.to == S::UNSPECIFIED || row.to == S::SALAH_INPUT)
            << StateName(state) << " " << KindName(row.kind);
      }
    }
  }
}

TEST(Transition, AKindIsOfALegOrOfNone) {
  for (int code = v1::Kind::Code_MIN + 1; code <= v1::Kind::Code_MAX; ++code) {
    const auto kind = static_cast<v1::Kind::Code>(code);
    bool in_table = kind == v1::Kind::RUJUKAN;
    for (const Transition& row : Transitions()) {
      in_table = in_table || row.kind == kind;
    }
    EXPECT_NE(in_table, IsLegless(kind)) << KindName(kind);
  }
}

TEST(Transition, WithoutAClassTheUrgencySaysWhichClocksRun) {
  using C = v1::ClockClass;
  using U = v1::Urgency;
  EXPECT_EQ(ClassOf(C::UNSPECIFIED, U::AMAT_SEGERA), C::TINGGI);
  EXPECT_EQ(ClassOf(C::UNSPECIFIED, U::SEGERA), C::SEDANG);
  EXPECT_EQ(ClassOf(C::UNSPECIFIED, U::BIASA), C::RENDAH);
  EXPECT_EQ(ClassOf(C::DARURAT, U::AMAT_SEGERA), C::DARURAT);
}

}  // namespace
}  // namespace rujukan::ledger
