#include "agents/admin/csv.h"

#include <algorithm>
#include <unordered_set>

#include "base/limits.h"
#include "base/printable.h"

namespace rujukan::admin {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct Record {
  size_t line = 0;
  std::vector<std::string> fields;  // the first `fields_kept` of them
  size_t count = 0;                 // of all
  std::string problem;              // the first found; "": none
  bool empty = true;                // no field has any text

  void Complain(std::string_view what) {
    if (problem.empty()) {
      problem = what;
    }
  }
};

std::string LineName(size_t line) {
  return "line " + std::to_string(line);
}

// `,` or `;`: what the first line has outside quotes, the comma before the semicolon.
char SeparatorOf(std::string_view text) {
  bool quoted = false;
  char separator = ',';
  for (const char c : text) {
    quoted ^= c == '"';
    if (quoted) {
      continue;
    }
    if (c == ',' || c == '\n') {
      return c == ',' ? ',' : separator;
    }
    separator = c == ';' ? ';' : separator;
  }
  return separator;
}

// Takes records off the front of the text. Fields past `fields_kept` are counted and dropped, so
// that a line of commas costs no memory.
class RecordReader {
 public:
  explicit RecordReader(std::string_view text) : rest_(text), separator_(SeparatorOf(text)) {}

  bool Done() const { return rest_.empty(); }
  // kInvalid: a quote that is never closed; where the row would end is anybody's guess.
  Result<Record> Next(size_t fields_kept);

 private:
  Result<std::string> NextField(Record& record);
  Result<std::string> Quoted();
  // Up to the separator or the end of the row.
  std::string Unquoted(Record& record);
  // True and taken: the end of the row, LF or CRLF, or of the text.
  bool TakeEndOfRow();
  bool AtEndOfRow() const {
    return rest_.empty() || rest_.front() == '\n' || rest_.starts_with("\r\n");
  }

  std::string_view rest_;
  const char separator_;
  size_t line_ = 1;
};

bool RecordReader::TakeEndOfRow() {
  if (!AtEndOfRow()) {
    return false;
  }
  if (!rest_.empty()) {
    rest_.remove_prefix(rest_.front() == '\n' ? 1 : 2);
    ++line_;
  }
  return true;
}

Result<std::string> RecordReader::Quoted() {
  const size_t opened = line_;
  std::string field;
  rest_.remove_prefix(1);
  while (true) {
    const size_t quote = rest_.find('"');
    if (quote == rest_.npos) {
      return Fail(Errc::kInvalid,
                  "the quote opened in " + LineName(opened) +
                      " is never closed; close it, or write \"\" for a quote inside a field");
    }
    field.append(rest_, 0, quote);
    line_ += static_cast<size_t>(std::count(rest_.begin(), rest_.begin() + quote, '\n'));
    rest_.remove_prefix(quote + 1);
    if (!rest_.starts_with('"')) {
      return field;
    }
    field.push_back('"');
    rest_.remove_prefix(1);
  }
}

std::string RecordReader::Unquoted(Record& record) {
  size_t end = 0;
  for (; end < rest_.size() && rest_[end] != separator_ && rest_[end] != '\n'; ++end) {
    if (rest_[end] == '"') {
      record.Complain("a quote inside a field; put the whole field in quotes and write \"\" there");
    }
    if (rest_[end] == '\r') {
      if (rest_.substr(end).starts_with("\r\n")) {
        break;
      }
      record.Complain("a carriage return inside a row; end rows with LF or CRLF");
    }
  }
  std::string field(rest_.substr(0, end));
  rest_.remove_prefix(end);
  return field;
}

Result<std::string> RecordReader::NextField(Record& record) {
  std::string field;
  if (rest_.starts_with('"')) {
    ASSIGN_OR_RETURN(field, Quoted());
    if (!AtEndOfRow() && rest_.front() != separator_) {
      record.Complain("text behind a closing quote; put the whole field in quotes");
    }
  }
  field += Unquoted(record);
  if (!IsUtf8(field)) {
    record.Complain("not UTF-8; save the table as \"CSV UTF-8\"");
  }
  return field;
}

Result<Record> RecordReader::Next(size_t fields_kept) {
  Record record;
  record.line = line_;
  while (true) {
    ASSIGN_OR_RETURN(std::string field, NextField(record));
    record.empty = record.empty && field.empty();
    if (++record.count <= fields_kept) {
      record.fields.push_back(std::move(field));
    }
    if (TakeEndOfRow()) {
      return record;
    }
    rest_.remove_prefix(1);  // the separator
  }
}

Result<std::vector<std::string>> ReadHeader(RecordReader& reader) {
  ASSIGN_OR_RETURN(Record record, reader.Next(limits::kCsvColumnsMax));
  if (record.empty) {
    return Fail(Errc::kInvalid, "line 1 is empty; it must name the columns");
  }
  if (!record.problem.empty()) {
    return Fail(Errc::kInvalid, "line 1: " + record.problem);
  }
  if (record.count > limits::kCsvColumnsMax) {
    return Fail(Errc::kLimit,
                "line 1 names " + std::to_string(record.count) + " columns; the limit is " +
                    std::to_string(limits::kCsvColumnsMax) + "; remove some");
  }
  std::unordered_set<std::string_view> seen;
  for (size_t i = 0; i < record.fields.size(); ++i) {
    if (record.fields[i].empty() || !seen.insert(record.fields[i]).second) {
      return Fail(Errc::kInvalid,
                  "line 1: column " + std::to_string(i + 1) +
                      (record.fields[i].empty() ? " has no name; name it, or remove it"
                                                : " has the name of another; rename one"));
    }
  }
  return std::move(record.fields);
}

void AddRow(Record record, CsvTable& table) {
  if (record.count != table.header.size()) {
    record.Complain(std::to_string(record.count) + " fields; the header has " +
                    std::to_string(table.header.size()) +
                    "; a field with a separator in it needs quotes");
  }
  if (record.problem.empty()) {
    table.rows.push_back({record.line, std::move(record.fields)});
  } else {
    table.errors.push_back({record.line, std::move(record.problem)});
  }
}

}  // namespace

std::optional<size_t> CsvTable::Column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? std::nullopt
                               : std::optional(static_cast<size_t>(found - header.begin()));
}

Result<CsvTable> ParseCsv(std::string_view text) {
  if (text.size() > limits::kCsvBytesMax) {
    return Fail(Errc::kLimit,
                "the table is " + std::to_string(text.size()) + " bytes; the limit is " +
                    std::to_string(limits::kCsvBytesMax) + "; make several files of it");
  }
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  RecordReader reader(text);
  CsvTable table;
  ASSIGN_OR_RETURN(table.header, ReadHeader(reader));
  while (!reader.Done()) {
    ASSIGN_OR_RETURN(Record record, reader.Next(table.header.size()));
    if (record.empty) {
      continue;
    }
    if (table.rows.size() + table.errors.size() == limits::kCsvRowsMax) {
      return Fail(Errc::kLimit,
                  LineName(record.line) + " is one row more than the limit of " +
                      std::to_string(limits::kCsvRowsMax) + "; make several files of the table");
    }
    AddRow(std::move(record), table);
  }
  return table;
}

}  // namespace rujukan::admin
