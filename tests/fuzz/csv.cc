// Tables from other people's spreadsheets: no crash, rows as wide as the header and in order, and
// what is accepted reads the same when it is written again with every field in quotes.
#include "base/csv.h"

#include "base/check.h"
#include "base/limits.h"
#include "base/printable.h"
#include "tests/fuzz/input.h"

namespace rujukan {
namespace {

std::string Write(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    line += line.empty() ? "\"" : ",\"";
    for (const char c : field) {
      line.append(c == '"' ? 2 : 1, c);
    }
    line += '"';
  }
  return line + "\r\n";
}

void Check(const CsvTable& table) {
  CHECK(!table.header.empty() && table.header.size() <= limits::kCsvColumnsMax);
  CHECK(table.rows.size() + table.errors.size() <= limits::kCsvRowsMax);
  std::string written = Write(table.header);
  size_t line = 1;
  for (const CsvRow& row : table.rows) {
    CHECK(row.line > line && row.fields.size() == table.header.size());
    line = row.line;
    written += Write(row.fields);
  }
  CHECK(IsUtf8(written));
  if (written.size() > limits::kCsvBytesMax) {
    return;
  }
  const auto again = ParseCsv(written);
  CHECK(again && again->header == table.header && again->errors.empty());
  CHECK(again->rows.size() == table.rows.size());
  for (size_t i = 0; i < table.rows.size(); ++i) {
    CHECK(again->rows[i].fields == table.rows[i].fields);
  }
}

}  // namespace
}  // namespace rujukan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  if (const auto table = ParseCsv(fuzz::Bytes(data, size))) {
    Check(*table);
  }
  return 0;
}
