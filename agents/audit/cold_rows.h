// Rows of the replay that have not been touched for long, on disk: what the replay remembers of a
// ledger of years then does not grow in memory. A private SQLite database in the temporary folder,
// without a name and gone with the process; nothing of it is durable, nor needs to be.
//
// Ids of messages and legs are UUIDv7, so a new one lies behind every cold one: each table knows
// its first and last cold key, and a look for a new id costs a comparison. Thread: one owner.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/view.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rujukan::audit {

struct ColdRow {
  ledger::Table table = ledger::Table::kHead;
  std::string key;
  std::string value;
};

class ColdRows {
 public:
  // kUnavailable: no room, or no temporary folder (TMPDIR).
  static Result<std::unique_ptr<ColdRows>> Open();
  ~ColdRows();
  ColdRows(const ColdRows&) = delete;
  ColdRows& operator=(const ColdRows&) = delete;

  // All of them, replacing rows of the same key. Sorted rows are stored fastest. kUnavailable: no
  // room.
  Result<void> Put(const std::vector<ColdRow>& rows);
  Result<void> Delete(ledger::Table table, std::string_view key);
  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const;
  // Keys that start with `prefix`, from `from` on, in order.
  Result<std::vector<ColdRow>> Scan(ledger::Table table,
                                    std::string_view prefix,
                                    std::string_view from) const;

 private:
  struct Range {
    std::string first;
    std::string last;
  };
  explicit ColdRows(sqlite3* handle) : handle_(handle) {}
  Result<void> Prepare();
  Result<sqlite3_stmt*> MakeStatement(const char* sql);
  bool MayHold(ledger::Table table, std::string_view key) const;
  Error Problem() const;

  sqlite3* handle_;
  sqlite3_stmt* put_ = nullptr;
  sqlite3_stmt* get_ = nullptr;
  sqlite3_stmt* delete_ = nullptr;
  sqlite3_stmt* scan_ = nullptr;
  std::array<std::optional<Range>, ledger::kTableCount> ranges_;
};

}  // namespace rujukan::audit
