// The rows of an import file, one at a time: bytes of a CSV table or of NDJSON in, requests out.
// What is wrong with a row is in its `problems`, by line and column, and costs that row alone.
// Errors never repeat what is in the file. Thread: one owner.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agents/agency/import_table.h"
#include "base/csv.h"
#include "base/limits.h"

namespace rujukan::agency {

enum class ImportFormat { kCsv, kNdjson };

class ImportReader {
 public:
  ImportReader(ImportKind kind, ImportFormat format)
      : kind_(kind), format_(format), csv_(limits::kImportRowBytesMax) {}

  void Feed(std::string_view bytes);
  void End();  // what was fed is the whole file

  // nullopt: feed more, or after End there is no more. kInvalid, kLimit: the file cannot be read
  // on, as CsvReader; a column that is no field.
  Result<std::optional<ImportRow>> Next();

  // The column that a finding about a row's request is about.
  std::string ColumnOf(std::string_view field) const;

 private:
  Result<std::optional<ImportRow>> NextOfCsv();
  Result<std::optional<ImportRow>> NextOfLines();

  const ImportKind kind_;
  const ImportFormat format_;
  CsvReader csv_;
  std::optional<ImportColumns> columns_;
  std::string lines_;  // NDJSON not taken yet
  size_t begin_ = 0;
  size_t line_ = 0;
  bool ended_ = false;
};

}  // namespace rujukan::agency
