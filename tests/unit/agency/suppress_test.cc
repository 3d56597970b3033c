// Goal: nobody works a suppressed count out of a published table.
// Method: random tables. The published cells and the totals are a system of linear equations; an
// independent solver (Gaussian elimination modulo a prime) says which unknowns it determines. Small
// tables are also searched exhaustively for every table that fits what was published.
#include "agents/agency/suppress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

namespace rujukan::agency {
namespace {

constexpr int64_t kPrime = 1'000'003;

int64_t Modulo(int64_t value) {
  return ((value % kPrime) + kPrime) % kPrime;
}

int64_t Inverse(int64_t value) {
  int64_t result = 1;
  for (int64_t power = kPrime - 2, base = Modulo(value); power > 0; power >>= 1) {
    if ((power & 1) != 0) {
      result = result * base % kPrime;
    }
    base = base * base % kPrime;
  }
  return result;
}

using Matrix = std::vector<std::vector<int64_t>>;

size_t RankOf(Matrix rows) {
  size_t rank = 0;
  const size_t width = rows.empty() ? 0 : rows[0].size();
  for (size_t c = 0; c < width && rank < rows.size(); ++c) {
    size_t pivot = rank;
    while (pivot < rows.size() && rows[pivot][c] == 0) {
      ++pivot;
    }
    if (pivot == rows.size()) {
      continue;
    }
    std::swap(rows[rank], rows[pivot]);
    const int64_t inverse = Inverse(rows[rank][c]);
    for (size_t r = 0; r < rows.size(); ++r) {
      const int64_t factor = r == rank ? 0 : Modulo(rows[r][c] * inverse);
      for (size_t i = c; factor != 0 && i < width; ++i) {
        rows[r][i] = Modulo(rows[r][i] - factor * rows[rank][i] % kPrime);
      }
    }
    ++rank;
  }
  return rank;
}

// Equations of the table with its totals, over the suppressed cells alone.
Matrix EquationsOf(const PublishedCounts& counts, size_t& unknowns) {
  const size_t rows = counts.size();
  const size_t columns = counts[0].size();
  std::vector<std::vector<int64_t>> number(rows, std::vector<int64_t>(columns, -1));
  unknowns = 0;
  for (size_t r = 0; r < rows; ++r) {
    for (size_t c = 0; c < columns; ++c) {
      number[r][c] = counts[r][c] ? -1 : static_cast<int64_t>(unknowns++);
    }
  }
  Matrix equations;
  const auto add = [&](std::vector<int64_t>& equation, size_t r, size_t c, bool total) {
    if (number[r][c] >= 0) {
      equation[static_cast<size_t>(number[r][c])] = total ? kPrime - 1 : 1;
    }
  };
  for (size_t r = 0; r < rows; ++r) {
    equations.emplace_back(unknowns, 0);
    for (size_t c = 0; c < columns; ++c) {
      add(equations.back(), r, c, c + 1 == columns);
    }
  }
  for (size_t c = 0; c < columns; ++c) {
    equations.emplace_back(unknowns, 0);
    for (size_t r = 0; r < rows; ++r) {
      add(equations.back(), r, c, r + 1 == rows);
    }
  }
  return equations;
}

// A suppressed cell is determined when "this cell" is a sum of equations.
size_t DeterminedIn(const PublishedCounts& counts) {
  size_t unknowns = 0;
  const Matrix equations = EquationsOf(counts, unknowns);
  const size_t rank = RankOf(equations);
  size_t determined = 0;
  for (size_t cell = 0; cell < unknowns; ++cell) {
    Matrix more = equations;
    more.emplace_back(unknowns, 0);
    more.back()[cell] = 1;
    determined += RankOf(std::move(more)) == rank ? 1U : 0U;
  }
  return determined;
}

CountTable RandomTable(std::mt19937_64& random, size_t rows, size_t columns, uint64_t max) {
  CountTable table{
      "t", std::vector<std::string>(rows, "r"), std::vector<std::string>(columns, "c"), {}};
  for (size_t r = 0; r < rows; ++r) {
    table.counts.emplace_back();
    for (size_t c = 0; c < columns; ++c) {
      table.counts.back().push_back(random() % 3 == 0 ? 0
                                                      : static_cast<int64_t>(random() % (max + 1)));
    }
  }
  return table;
}

TEST(Suppress, NoSuppressedCellFollowsFromTheOthersAndNoSmallCellIsShown) {
  std::mt19937_64 random(20'261'126);
  for (int i = 0; i < 400; ++i) {
    const uint64_t max = std::vector<uint64_t>{3, 8, 40, 300}[static_cast<size_t>(i) % 4];
    const CountTable table = RandomTable(random, 1 + random() % 7, 1 + random() % 7, max);
    const PublishedCounts counts = Suppress(table);
    for (const auto& row : counts) {
      for (const auto& cell : row) {
        EXPECT_TRUE(!cell || *cell == 0 || *cell >= kSmallCell) << "table " << i;
      }
    }
    EXPECT_EQ(DeterminedIn(counts), 0U) << "table " << i;
  }
}

TEST(Suppress, TheSolverOfThisTestFindsWhatIsGivenAway) {
  const PublishedCounts lone = {{std::nullopt, 7, 10}, {6, 8, 14}, {9, 15, 24}};
  EXPECT_EQ(DeterminedIn(lone), 1U);
  const PublishedCounts square = {
      {std::nullopt, std::nullopt, 10}, {std::nullopt, std::nullopt, 14}, {9, 15, 24}};
  EXPECT_EQ(DeterminedIn(square), 0U);
}

// How many values a cell has over all tables of the same totals that fit what is published.
size_t ValuesOf(const CountTable& table, const PublishedCounts& counts, size_t row, size_t column) {
  const size_t rows = table.rows.size();
  const size_t columns = table.columns.size();
  std::vector<int64_t> cells(rows * columns, 0);
  std::vector<bool> seen(64, false);
  const auto fits = [&] {
    std::vector<std::vector<int64_t>> all(rows + 1, std::vector<int64_t>(columns + 1, 0));
    for (size_t r = 0; r < rows; ++r) {
      for (size_t c = 0; c < columns; ++c) {
        const int64_t count = cells[r * columns + c];
        all[r][c] = count;
        all[r][columns] += count;
        all[rows][c] += count;
        all[rows][columns] += count;
      }
    }
    for (size_t r = 0; r <= rows; ++r) {
      for (size_t c = 0; c <= columns; ++c) {
        if (counts[r][c] && *counts[r][c] != all[r][c]) {
          return false;
        }
      }
    }
    return true;
  };
  const std::function<void(size_t)> search = [&](size_t i) {  // NOLINT(misc-no-recursion): 4 deep
    if (i == cells.size()) {
      if (fits()) {
        seen[static_cast<size_t>(cells[row * columns + column])] = true;
      }
      return;
    }
    const auto& shown = counts[i / columns][i % columns];
    for (int64_t value = shown ? *shown : 0; value <= (shown ? *shown : 14); ++value) {
      cells[i] = value;
      search(i + 1);
    }
  };
  search(0);
  return static_cast<size_t>(std::count(seen.begin(), seen.end(), true));
}

TEST(Suppress, OfSmallTablesEverySmallCellHasMoreThanOneValueThatFits) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 150; ++i) {
    const CountTable table = RandomTable(random, 2, 2, 7);
    const PublishedCounts counts = Suppress(table);
    for (size_t r = 0; r < 2; ++r) {
      for (size_t c = 0; c < 2; ++c) {
        if (table.counts[r][c] > 0 && table.counts[r][c] < kSmallCell) {
          EXPECT_GT(ValuesOf(table, counts, r, c), 1U) << "table " << i;
        }
      }
    }
  }
}

TEST(Suppress, ATableWithoutSmallCellsIsPublishedWhole) {
  const CountTable table{"t", {"a", "b"}, {"x", "y"}, {{5, 0}, {12, 90}}};
  const PublishedCounts counts = Suppress(table);
  EXPECT_EQ(counts, (PublishedCounts{{5, 0, 5}, {12, 90, 102}, {17, 90, 107}}));
}

TEST(Suppress, ATableOfFewerThanFivePublishesNothing) {
  const PublishedCounts counts = Suppress({"t", {"a"}, {"x", "y"}, {{1, 2}}});
  for (const auto& cell : counts[1]) {
    EXPECT_FALSE(cell.has_value());
  }
}

TEST(Suppress, AnEmptyTableIsItsTotals) {
  EXPECT_EQ(Suppress({"t", {}, {"x"}, {}}), (PublishedCounts{{0, 0}}));
}

}  // namespace
}  // namespace rujukan::agency
