#include "agents/agency/csv_text.h"

#include <algorithm>

namespace rujukan::agency {
namespace {

bool IsNumber(std::string_view text) {
  return text.size() > 1 && (text[0] == '-' || text[0] == '+') &&
         text.find_first_not_of("0123456789.-", 1) == text.npos;
}

bool RunsAsFormula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
         !IsNumber(text);
}

}  // namespace

std::string CsvField(std::string_view text) {
  std::string field = RunsAsFormula(text) ? "'" : "";
  field += text;
  const bool blanks = !field.empty() && (field.front() == ' ' || field.back() == ' ');
  if (field.find_first_of(",;\"\r\n") == field.npos && !blanks) {
    return field;
  }
  std::string quoted = "\"";
  for (const char c : field) {
    quoted.append(c == '"' ? 2 : 1, c);
  }
  return quoted + "\"";
}

std::string CsvLine(const std::vector<std::string>& fields) {
  std::string line;
  for (size_t i = 0; i < fields.size(); ++i) {
    line += (i == 0 ? "" : ",") + CsvField(fields[i]);
  }
  return line + "\r\n";
}

}  // namespace rujukan::agency
