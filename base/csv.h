// Tables that people make in a spreadsheet and save as CSV (RFC 4180), such as a list of agencies
// to invite. What is wrong with one row is an error of that row, so that a person corrects three
// rows of a thousand, all at once.
//
// Beyond the RFC, as spreadsheets write it: LF alone ends a row too; a UTF-8 byte order mark is
// skipped; `;` separates when the header has no comma (Indonesian spreadsheets); a row without any
// text is no row.
//
// Thread: any. Nothing is kept but by a CsvReader, which reads a table in parts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan {

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

// One row of a table that comes in parts: good, or with what is wrong with it.
struct CsvItem {
  size_t line = 0;
  std::vector<std::string> fields;  // empty when there is a problem
  std::string problem;              // "": none
};

// A table that is larger than memory should be: bytes in, rows out. Thread: one owner.
class CsvReader {
 public:
  // A row may have `row_bytes_max` bytes: what is kept of the file at most, beside the bytes fed.
  explicit CsvReader(size_t row_bytes_max) : row_bytes_max_(row_bytes_max) {}

  void Feed(std::string_view bytes);
  void End() { ended_ = true; }  // what was fed is the whole file

  // The next row; nullopt: feed more, or after End there is no more. Rows without text are left
  // out. kInvalid, kLimit: as ParseCsv, and a row over the limit; the rest cannot be read.
  Result<std::optional<CsvItem>> Next();
  // Known once Next has returned anything after the first line was fed.
  const std::vector<std::string>& header() const { return header_; }

 private:
  enum class Place { kFieldStart, kQuoted, kQuoteInQuoted, kPlain };

  Result<std::optional<std::string_view>> TakeRecord();
  Result<bool> TakeHeader();
  Place After(char c) const;
  bool Separates(char c) const;

  const size_t row_bytes_max_;
  std::string buffer_;
  size_t begin_ = 0;  // of the record that is being looked for
  size_t scan_ = 0;   // what lies before it was looked at
  Place place_ = Place::kFieldStart;
  size_t line_ = 1;   // of the record that was taken last, then of the next
  size_t taken_ = 1;  // where the record that was taken last began
  bool ended_ = false;
  bool begun_ = false;  // the byte order mark, if any, is behind
  char separator_ = 0;  // 0: not known yet
  std::vector<std::string> header_;
};

// kLimit: over limits::kCsvBytesMax, kCsvRowsMax (rows and errors together) or kCsvColumnsMax.
// kInvalid: no header, a header that names no column or two alike, a quote that is never closed.
// The text says which, and in which line.
Result<CsvTable> ParseCsv(std::string_view text);

}  // namespace rujukan
