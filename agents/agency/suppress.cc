#include "agents/agency/suppress.h"

#include <algorithm>
#include <utility>

namespace rujukan::agency {
namespace {

// The table with its totals, and which cells are hidden. Lines are numbered: rows, then columns.
class Grid {
 public:
  explicit Grid(const CountTable& table)
      : rows_(table.rows.size() + 1), columns_(table.columns.size() + 1) {
    values_.assign(rows_, std::vector<int64_t>(columns_, 0));
    hidden_.assign(rows_, std::vector<bool>(columns_, false));
    for (size_t r = 0; r + 1 < rows_; ++r) {
      for (size_t c = 0; c + 1 < columns_; ++c) {
        const int64_t count = table.counts[r][c];
        values_[r][c] = count;
        values_[r][columns_ - 1] += count;
        values_[rows_ - 1][c] += count;
        values_[rows_ - 1][columns_ - 1] += count;
      }
    }
  }

  size_t rows() const { return rows_; }
  size_t columns() const { return columns_; }
  size_t lines() const { return rows_ + columns_; }
  int64_t value(size_t r, size_t c) const { return values_[r][c]; }
  bool hidden(size_t r, size_t c) const { return hidden_[r][c]; }
  void Hide(size_t r, size_t c) { hidden_[r][c] = true; }

  struct Cell {
    size_t row;
    size_t column;
  };
  // Cells of a line; the last is its total.
  std::vector<Cell> CellsOf(size_t line) const {
    std::vector<Cell> cells;
    const bool is_row = line < rows_;
    for (size_t i = 0; i < (is_row ? columns_ : rows_); ++i) {
      cells.push_back(is_row ? Cell{line, i} : Cell{i, line - rows_});
    }
    return cells;
  }

 private:
  size_t rows_;
  size_t columns_;
  std::vector<std::vector<int64_t>> values_;
  std::vector<std::vector<bool>> hidden_;
};

// Hides one more cell of the line: the smallest that is not zero, or a zero when all others are
// hidden. False: there is none left.
bool HideAnother(Grid& grid, size_t line) {
  std::optional<Grid::Cell> best;
  const auto rank = [&](const Grid::Cell& cell) {
    const int64_t value = grid.value(cell.row, cell.column);
    return value == 0 ? INT64_MAX : value;
  };
  for (const Grid::Cell& cell : grid.CellsOf(line)) {
    if (!grid.hidden(cell.row, cell.column) && (!best || rank(cell) < rank(*best))) {
      best = cell;
    }
  }
  if (best) {
    grid.Hide(best->row, best->column);
  }
  return best.has_value();
}

// A line whose hidden cells come to less than kSmallCell by its total, which is shown.
std::optional<size_t> FindThinLine(const Grid& grid) {
  for (size_t line = 0; line < grid.lines(); ++line) {
    const auto cells = grid.CellsOf(line);
    int64_t hidden_sum = 0;
    bool any = false;
    for (size_t i = 0; i + 1 < cells.size(); ++i) {
      if (grid.hidden(cells[i].row, cells[i].column)) {
        hidden_sum += grid.value(cells[i].row, cells[i].column);
        any = true;
      }
    }
    const bool total_shown = !grid.hidden(cells.back().row, cells.back().column);
    if (any && total_shown && hidden_sum < kSmallCell) {
      return line;
    }
  }
  return std::nullopt;
}

// Finds an edge that lies on no cycle, by a depth-first walk with low points, without recursion.
class BridgeFinder {
 public:
  explicit BridgeFinder(const Grid& grid) : grid_(grid), order_(grid.lines()), low_(grid.lines()) {}

  // The two lines of a bridge, the one with fewer hidden cells first.
  using Ends = std::pair<size_t, size_t>;
  std::optional<Ends> Find() {
    for (size_t line = 0; line < grid_.lines(); ++line) {
      if (order_[line] == 0) {
        if (const auto bridge = Walk(line)) {
          return bridge;
        }
      }
    }
    return std::nullopt;
  }

 private:
  struct Step {
    size_t line;
    size_t from;  // the line it was come to from; itself at the start
    size_t next = 0;
  };

  bool Joined(size_t a, size_t b) const {
    return a < grid_.rows() ? grid_.hidden(a, b - grid_.rows()) : grid_.hidden(b, a - grid_.rows());
  }
  size_t OtherSide(size_t line, size_t i) const {
    return line < grid_.rows() ? grid_.rows() + i : i;
  }
  size_t Degree(size_t line) const {
    const auto cells = grid_.CellsOf(line);
    return static_cast<size_t>(std::count_if(cells.begin(), cells.end(), [&](const auto& cell) {
      return grid_.hidden(cell.row, cell.column);
    }));
  }

  std::optional<Ends> Walk(size_t start) {
    std::vector<Step> path = {{start, start}};
    order_[start] = low_[start] = ++clock_;
    while (!path.empty()) {
      Step& step = path.back();
      const size_t others = step.line < grid_.rows() ? grid_.columns() : grid_.rows();
      if (step.next == others) {
        const Step done = step;
        path.pop_back();
        if (path.empty()) {
          return std::nullopt;
        }
        const size_t parent = path.back().line;
        if (low_[done.line] > order_[parent]) {
          return Degree(done.line) <= Degree(parent) ? Ends{done.line, parent}
                                                     : Ends{parent, done.line};
        }
        low_[parent] = std::min(low_[parent], low_[done.line]);
        continue;
      }
      const size_t line = step.line;
      const size_t other = OtherSide(line, step.next++);
      if (!Joined(line, other) || other == step.from) {
        continue;
      }
      if (order_[other] != 0) {
        low_[line] = std::min(low_[line], order_[other]);
        continue;
      }
      order_[other] = low_[other] = ++clock_;
      path.push_back({other, line});
    }
    return std::nullopt;
  }

  const Grid& grid_;
  std::vector<size_t> order_;  // 0: not come to yet
  std::vector<size_t> low_;
  size_t clock_ = 0;
};

// False: nothing has to be hidden any more, or nothing is left to hide.
bool HideOneMore(Grid& grid) {
  if (const auto line = FindThinLine(grid)) {
    return HideAnother(grid, *line);
  }
  const auto bridge = BridgeFinder(grid).Find();
  return bridge && (HideAnother(grid, bridge->first) || HideAnother(grid, bridge->second));
}

}  // namespace

PublishedCounts Suppress(const CountTable& table) {
  Grid grid(table);
  for (size_t r = 0; r < grid.rows(); ++r) {
    for (size_t c = 0; c < grid.columns(); ++c) {
      if (grid.value(r, c) > 0 && grid.value(r, c) < kSmallCell) {
        grid.Hide(r, c);
      }
    }
  }
  while (HideOneMore(grid)) {
  }
  PublishedCounts published(grid.rows());
  for (size_t r = 0; r < grid.rows(); ++r) {
    for (size_t c = 0; c < grid.columns(); ++c) {
      published[r].push_back(grid.hidden(r, c) ? std::nullopt : std::optional(grid.value(r, c)));
    }
  }
  return published;
}

}  // namespace rujukan::agency
