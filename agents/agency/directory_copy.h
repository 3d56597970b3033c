// The agency's verified copy of the directory, without its daemon: agent.db opened for reading
// only. What is in it was proven when it was written; how old it may be says `as_of`. Needs no key:
// the directory is not secret. Thread: one at a time.
#pragma once

#include <memory>
#include <string>

#include "agents/agency/database.h"
#include "ledger/view.h"

namespace rujukan::agency {

// One record and a range of them, in `database`'s directory table: as ledger::View.
Result<std::optional<std::string>> GetDirectoryRecord(Database& database,
                                                      ledger::Table table,
                                                      std::string_view key);
using DirectoryRecords = std::vector<std::pair<std::string, std::string>>;
Result<DirectoryRecords> ScanDirectoryRecords(Database& database,
                                              ledger::Table table,
                                              std::string_view prefix,
                                              std::string_view from);

class DirectoryCopy : public ledger::View {
 public:
  // kNotFound: there is none yet: run the daemon once. Else as Database::Open.
  static Result<std::unique_ptr<DirectoryCopy>> Open(const std::string& database_path);

  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override;
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;

 private:
  explicit DirectoryCopy(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  std::unique_ptr<Database> database_;
};

}  // namespace rujukan::agency
