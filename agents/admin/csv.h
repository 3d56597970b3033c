// Tables that people make in a spreadsheet and save as CSV (RFC 4180), such as a list of agencies
// to invite. What is wrong with one row is an error of that row, so that a person corrects three
// rows of a thousand, all at once.
//
// Beyond the RFC, as spreadsheets write it: LF alone ends a row too; a UTF-8 byte order mark is
// skipped; `;` separates when the header has no comma (Indonesian spreadsheets); a row without any
// text is no row.
//
// Thread: any. Nothing is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan::admin {

struct CsvRow {
  size_t line = 0;                  // where it begins in the file; the header is line 1
  std::vector<std::string> fields;  // as many as the header has; UTF-8
};

// A row that is not in `rows`. The problem says what to do and repeats nothing of the row.
struct CsvRowError {
  size_t line = 0;
  std::string problem;
};

struct CsvTable {
  std::vector<std::string> header;  // no two the same, none empty
  std::vector<CsvRow> rows;         // ascending by line, as are the errors
  std::vector<CsvRowError> errors;

  // The place of a column in every row; nullopt: the table has none of this name.
  std::optional<size_t> Column(std::string_view name) const;
};

// kLimit: over limits::kCsvBytesMax, kCsvRowsMax (rows and errors together) or kCsvColumnsMax.
// kInvalid: no header, a header that names no column or two alike, a quote that is never closed.
// The text says which, and in which line.
Result<CsvTable> ParseCsv(std::string_view text);

}  // namespace rujukan::admin
