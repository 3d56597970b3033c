// Goal: the state machine is exactly the documented table. Method: parse docs/states.md, then try
// every (state, kind, side) there is and compare both ways, so a pair missing on either side fails.
#include "ledger/transition.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

namespace rujukan::ledger {
namespace {

using Row = std::tuple<std::string, std::string, std::string, std::string>;

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  std::string cell;
  std::getline(in, cell, '|');
  while (std::getline(in, cell, '|')) {
    const size_t first = cell.find_first_not_of(' ');
    const size_t last = cell.find_last_not_of(' ');
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

std::set<Row> DocumentedRows() {
  std::set<Row> rows;
  std::ifstream in(std::string(RUJUKAN_SOURCE_DIR) + "/docs/states.md");
  std::string line;
  while (std::getline(in, line)) {
    const auto cells = line.rfind("| ", 0) == 0 ? Cells(line) : std::vector<std::string>();
    v1::LegState::Code state{};
    if (cells.size() == 4 && v1::LegState::Code_Parse(cells[0], &state)) {
      rows.emplace(cells[0], cells[1], cells[2], cells[3]);
    }
  }
  return rows;
}

template <class Visit>
void ForEachPair(const Visit& visit) {
  for (int state = v1::LegState::Code_MIN; state <= v1::LegState::Code_MAX; ++state) {
    for (int kind = v1::Kind::Code_MIN; kind <= v1::Kind::Code_MAX; ++kind) {
      for (const Side side : {Side::kSender, Side::kReceiver}) {
        visit(static_cast<v1::LegState::Code>(state), static_cast<v1::Kind::Code>(kind), side);
      }
    }
  }
}

TEST(Transition, EveryPairIsLegalExactlyWhenTheDocumentedTableHasIt) {
  const std::set<Row> documented = DocumentedRows();
  ASSERT_EQ(documented.size(), Transitions().size());
  size_t legal = 0;
  size_t illegal = 0;
  ForEachPair([&](v1::LegState::Code state, v1::Kind::Code kind, Side side) {
    const auto next = NextState(state, kind, side);
    legal += next ? 1U : 0U;
    illegal += next ? 0U : 1U;
    if (next) {
      const std::string who = side == Side::kSender ? "sender" : "receiver";
      EXPECT_TRUE(documented.count({std::string(StateName(state)),
                                    std::string(KindName(kind)),
                                    who,
                                    std::string(StateName(*next))}))
          << StateName(state) << " " << KindName(kind) << " " << who;
    }
  });
  EXPECT_EQ(legal, documented.size());
  RecordProperty("legal", static_cast<int>(legal));
  RecordProperty("illegal", static_cast<int>(illegal));
}

TEST(Transition, NothingLeavesAnEndedState) {
  ForEachPair([](v1::LegState::Code state, v1::Kind::Code kind, Side side) {
    if (!IsOpen(state)) {
      EXPECT_FALSE(NextState(state, kind, side)) << StateName(state) << " " << KindName(kind);
    }
  });
}

}  // namespace
}  // namespace rujukan::ledger
