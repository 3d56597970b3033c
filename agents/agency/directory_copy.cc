#include "agents/agency/directory_copy.h"

#include <unistd.h>

namespace rujukan::agency {

Result<std::optional<std::string>> GetDirectoryRecord(Database& database,
                                                      ledger::Table table,
                                                      std::string_view key) {
  std::optional<std::string> value;
  RETURN_IF_ERROR(database.Query("SELECT value FROM directory WHERE tbl=? AND key=?",
                                 {static_cast<int64_t>(table), Blob{key}},
                                 [&](const Row& row) {
                                   value = row.Bytes(0);
                                   return false;
                                 }));
  return value;
}

Result<DirectoryRecords> ScanDirectoryRecords(Database& database,
                                              ledger::Table table,
                                              std::string_view prefix,
                                              std::string_view from) {
  DirectoryRecords records;
  const std::string_view start = from < prefix ? prefix : from;
  RETURN_IF_ERROR(
      database.Query("SELECT key,value FROM directory WHERE tbl=? AND key>=? ORDER BY key",
                     {static_cast<int64_t>(table), Blob{start}},
                     [&](const Row& row) {
                       std::string key = row.Bytes(0);
                       if (std::string_view(key).substr(0, prefix.size()) != prefix) {
                         return false;
                       }
                       records.emplace_back(std::move(key), row.Bytes(1));
                       return true;
                     }));
  return records;
}

Result<std::unique_ptr<DirectoryCopy>> DirectoryCopy::Open(const std::string& database_path) {
  if (access(database_path.c_str(), F_OK) != 0) {
    return Fail(Errc::kNotFound,
                "belum ada salinan direktori di sini; jalankan `rujukan-agent run` sekali / there "
                "is no copy of the directory yet: run the agent once");
  }
  ASSIGN_OR_RETURN(auto database, Database::OpenReadOnly(database_path));
  return std::unique_ptr<DirectoryCopy>(new DirectoryCopy(std::move(database)));
}

Result<std::optional<std::string>> DirectoryCopy::Get(ledger::Table table,
                                                      std::string_view key) const {
  return GetDirectoryRecord(*database_, table, key);
}

Result<void> DirectoryCopy::Scan(ledger::Table table,
                                 std::string_view prefix,
                                 std::string_view from,
                                 const Visitor& visit) const {
  ASSIGN_OR_RETURN(const auto records, ScanDirectoryRecords(*database_, table, prefix, from));
  for (const auto& [key, value] : records) {
    if (!visit(key, value)) {
      break;
    }
  }
  return {};
}

}  // namespace rujukan::agency
