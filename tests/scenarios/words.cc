#include "tests/scenarios/words.h"

#include "base/bytes.h"

namespace rujukan::scenarios {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// Without its comment; `open` tells whether a quotation mark was not closed.
std::string_view WithoutComment(std::string_view line, bool& open) {
  open = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      open = !open;
    } else if (line[i] == '#' && !open) {
      return line.substr(0, i);
    }
  }
  return line;
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool there = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      there = true;
    } else if (!quoted && (kBlanks.find(c) != std::string_view::npos || c == ',')) {
      if (there) {
        words.push_back(std::move(word));
      }
      word.clear();
      there = false;
    } else {
      word += c;
      there = true;
    }
  }
  if (there) {
    words.push_back(std::move(word));
  }
  return words;
}

Json ParseScalar(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return std::string(text.substr(1, text.size() - 2));
  }
  if (text == "ya" || text == "tidak") {
    return text == "ya";
  }
  constexpr size_t kNumberDigitsMax = 9;  // longer ones are identity numbers: texts
  if (const auto number = ParseDecimal(text); number && text.size() <= kNumberDigitsMax) {
    return *number;
  }
  return std::string(text);
}

}  // namespace

Result<std::vector<Line>> SplitLines(const std::string& file, std::string_view text) {
  std::vector<Line> lines;
  int number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    bool open = false;
    const std::string_view whole = WithoutComment(text.substr(at, end - at), open);
    at = end + 1;
    ++number;
    if (open) {
      return Fail(Errc::kInvalid,
                  file + ":" + std::to_string(number) +
                      ": tanda kutip tidak ditutup / a quotation mark is not closed");
    }
    const std::string_view trimmed = Trim(whole);
    if (!trimmed.empty()) {
      const bool indented = kBlanks.find(whole.front()) != std::string_view::npos;
      lines.push_back({number, indented, std::string(trimmed), SplitWords(trimmed)});
    }
  }
  return lines;
}

Result<Field> ParseField(const Line& line) {
  const size_t equals = line.text.find('=');
  const std::string_view path = Trim(std::string_view(line.text).substr(0, equals));
  if (equals == std::string::npos || path.empty() ||
      path.find_first_of(" \t\"") != std::string_view::npos) {
    return Fail(Errc::kInvalid,
                "bidang ditulis \"nama = isi\" / a field is written \"name = value\"");
  }
  Field field;
  field.line = line.number;
  field.path = path;
  std::string_view value = Trim(std::string_view(line.text).substr(equals + 1));
  constexpr std::string_view kSecret = "rahasia ";
  if (value.starts_with(kSecret)) {
    field.secret = true;
    value = Trim(value.substr(kSecret.size()));
  }
  if (value.empty()) {
    return Fail(Errc::kInvalid, "isinya kosong / there is no value");
  }
  if (value.front() != '[') {
    field.value = ParseScalar(value);
    return field;
  }
  if (value.back() != ']') {
    return Fail(Errc::kInvalid, "daftar ditutup dengan ] / a list ends with ]");
  }
  field.value = Json::array();
  for (std::string& word : SplitWords(value.substr(1, value.size() - 2))) {
    field.value.push_back(std::move(word));
  }
  return field;
}

}  // namespace rujukan::scenarios
