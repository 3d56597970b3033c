// Writing CSV (RFC 4180), for tables that people open in a spreadsheet. Pure; thread: any.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rujukan::agency {

// A field in quotes where it needs them. One that a spreadsheet would run as a formula (=, +, -, @
// first, and no number) gets an apostrophe in front: what others wrote is text here.
std::string CsvField(std::string_view text);

// Fields, separated by commas, and CRLF.
std::string CsvLine(const std::vector<std::string>& fields);

}  // namespace rujukan::agency
