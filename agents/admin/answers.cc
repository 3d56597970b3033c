#include "agents/admin/answers.h"

#include <algorithm>

#include "base/printable.h"

namespace rujukan::admin {
namespace {

constexpr size_t kDateLength = 10;  // YYYY-MM-DD
constexpr size_t kGap = 2;

// Characters, not bytes: a continuation byte takes no room of its own.
size_t WidthOf(const std::string& cell) {
  return static_cast<size_t>(
      std::count_if(cell.begin(), cell.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string ToText(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

std::string Columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  std::vector<std::vector<std::string>> shown = rows;
  for (auto& row : shown) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      row[i] = Printable(row[i]);
      widths[i] = std::max(widths[i], WidthOf(row[i]));
    }
  }
  std::string text;
  for (const auto& row : shown) {
    for (size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      text += row[i] + (last ? "" : std::string(widths[i] - WidthOf(row[i]) + kGap, ' '));
    }
    text += "\n";
  }
  return text;
}

std::string DateOf(UnixMillis time) {
  return FormatTime(time).substr(0, kDateLength);
}

std::string MinuteOf(UnixMillis time) {
  const std::string text = FormatTime(time);
  return text.substr(0, kDateLength) + " " + text.substr(kDateLength + 1, 5) + " UTC";
}

}  // namespace rujukan::admin
