#include "base/csv.h"

#include <algorithm>
#include <unordered_set>

#include "base/limits.h"
#include "base/printable.h"

namespace rujukan {
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

// Reads the fields of one record. Fields past `fields_kept` are counted and dropped, so
// that a line of commas costs no memory.
class RecordReader {
 public:
  RecordReader(std::string_view text, char separator, size_t line)
      : rest_(text), separator_(separator), line_(line) {}

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
  size_t line_;
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

Result<std::vector<std::string>> HeaderOf(Record record) {
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

CsvItem ItemOf(Record record, size_t columns) {
  if (record.count != columns) {
    record.Complain(std::to_string(record.count) + " fields; the header has " +
                    std::to_string(columns) + "; a field with a separator in it needs quotes");
  }
  if (!record.problem.empty()) {
    return {record.line, {}, std::move(record.problem)};
  }
  return {record.line, std::move(record.fields), {}};
}

}  // namespace

std::optional<size_t> CsvTable::Column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? std::nullopt
                               : std::optional(static_cast<size_t>(found - header.begin()));
}

void CsvReader::Feed(std::string_view bytes) {
  buffer_.erase(0, begin_);
  scan_ -= begin_;
  begin_ = 0;
  buffer_.append(bytes);
}

bool CsvReader::Separates(char c) const {
  return separator_ == 0 ? c == ',' || c == ';' : c == separator_;
}

CsvReader::Place CsvReader::After(char c) const {
  switch (place_) {
    case Place::kQuoted:
      return c == '"' ? Place::kQuoteInQuoted : Place::kQuoted;
    case Place::kFieldStart:
    case Place::kQuoteInQuoted:
      if (c == '"') {
        return Place::kQuoted;
      }
      break;
    case Place::kPlain:
      break;
  }
  return c == '\n' || Separates(c) ? Place::kFieldStart : Place::kPlain;
}

Result<std::optional<std::string_view>> CsvReader::TakeRecord() {
  if (!begun_) {
    if (buffer_.size() < kByteOrderMark.size() && !ended_) {
      return std::optional<std::string_view>();
    }
    begun_ = true;
    begin_ = scan_ = buffer_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  }
  bool whole = false;
  while (scan_ < buffer_.size() && !whole) {
    const char c = buffer_[scan_++];
    place_ = After(c);
    whole = c == '\n' && place_ == Place::kFieldStart;
  }
  const std::string_view record = std::string_view(buffer_).substr(begin_, scan_ - begin_);
  if (record.size() > row_bytes_max_) {
    return Fail(Errc::kLimit,
                "the row that begins in " + LineName(line_) + " is over " +
                    std::to_string(row_bytes_max_) + " bytes; is a quote never closed there?");
  }
  if (!whole && (!ended_ || record.empty())) {
    return std::optional<std::string_view>();
  }
  taken_ = line_;
  line_ += static_cast<size_t>(std::count(record.begin(), record.end(), '\n'));
  begin_ = scan_;
  return std::optional(record);
}

// False: the first line is not whole yet.
Result<bool> CsvReader::TakeHeader() {
  ASSIGN_OR_RETURN(const auto text, TakeRecord());
  if (!text && !ended_) {
    return false;
  }
  separator_ = SeparatorOf(text.value_or(""));
  RecordReader reader(text.value_or(""), separator_, taken_);
  ASSIGN_OR_RETURN(Record record, reader.Next(limits::kCsvColumnsMax));
  ASSIGN_OR_RETURN(header_, HeaderOf(std::move(record)));
  return true;
}

Result<std::optional<CsvItem>> CsvReader::Next() {
  if (header_.empty()) {
    ASSIGN_OR_RETURN(const bool known, TakeHeader());
    if (!known) {
      return std::optional<CsvItem>();
    }
  }
  while (true) {
    ASSIGN_OR_RETURN(const auto text, TakeRecord());
    if (!text) {
      return std::optional<CsvItem>();
    }
    RecordReader reader(*text, separator_, taken_);
    ASSIGN_OR_RETURN(Record record, reader.Next(header_.size()));
    if (!record.empty) {
      return std::optional(ItemOf(std::move(record), header_.size()));
    }
  }
}

Result<CsvTable> ParseCsv(std::string_view text) {
  if (text.size() > limits::kCsvBytesMax) {
    return Fail(Errc::kLimit,
                "the table is " + std::to_string(text.size()) + " bytes; the limit is " +
                    std::to_string(limits::kCsvBytesMax) + "; make several files of it");
  }
  CsvReader reader(limits::kCsvBytesMax);
  reader.Feed(text);
  reader.End();
  CsvTable table;
  ASSIGN_OR_RETURN(auto item, reader.Next());
  table.header = reader.header();
  while (item) {
    if (table.rows.size() + table.errors.size() == limits::kCsvRowsMax) {
      return Fail(Errc::kLimit,
                  LineName(item->line) + " is one row more than the limit of " +
                      std::to_string(limits::kCsvRowsMax) + "; make several files of the table");
    }
    if (item->problem.empty()) {
      table.rows.push_back({item->line, std::move(item->fields)});
    } else {
      table.errors.push_back({item->line, std::move(item->problem)});
    }
    ASSIGN_OR_RETURN(item, reader.Next());
  }
  return table;
}

}  // namespace rujukan
