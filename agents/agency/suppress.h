// Counts of people made safe to publish: a cell below five is not shown, and neither are as many
// others as it takes that nobody can work it out from the totals.
//
// What is guaranteed, for one table with its row and column totals: no suppressed cell is
// determined by the published ones (in the graph of rows and columns with a suppressed cell as an
// edge, no edge is a bridge), and in every row or column whose total is shown the suppressed cells
// come to five at least. Not covered: comparing tables of overlapping periods or of other sources.
// Pure; thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rujukan::agency {

inline constexpr int64_t kSmallCell = 5;  // a count from 1 to 4 is small

struct CountTable {
  std::string name;
  std::vector<std::string> rows;             // codes of places
  std::vector<std::string> columns;          // codes of a list
  std::vector<std::vector<int64_t>> counts;  // counts[row][column]
};

// With one row and one column more than the counts: the totals, last. nullopt: suppressed.
using PublishedCounts = std::vector<std::vector<std::optional<int64_t>>>;

PublishedCounts Suppress(const CountTable& table);

}  // namespace rujukan::agency
