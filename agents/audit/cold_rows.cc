#include "agents/audit/cold_rows.h"

#include <sqlite3.h>

#include <algorithm>

namespace rujukan::audit {
namespace {

// The file is nobody's but ours and is gone with us: no journal, no sync. 8 MiB of it in memory.
constexpr const char* kSetUp =
    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
    "PRAGMA temp_store=FILE; PRAGMA cache_size=-8192;"
    "CREATE TABLE row (t INTEGER, k BLOB, v BLOB, PRIMARY KEY (t, k)) WITHOUT ROWID;";

void Bind(sqlite3_stmt* statement, int place, std::string_view bytes) {
  // A null pointer would bind NULL: an empty blob needs an address.
  const char* at = bytes.empty() ? "" : bytes.data();
  sqlite3_bind_blob64(statement, place, at, bytes.size(), SQLITE_STATIC);
}

std::string Column(sqlite3_stmt* statement, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

// One run of a prepared statement: reset when it ends, however it ends.
class Run {
 public:
  Run(sqlite3_stmt* statement, ledger::Table table, std::string_view key) : statement_(statement) {
    sqlite3_bind_int(statement_, 1, static_cast<int>(table));
    Bind(statement_, 2, key);
  }
  ~Run() { sqlite3_reset(statement_); }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  int Step() { return sqlite3_step(statement_); }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

Result<std::unique_ptr<ColdRows>> ColdRows::Open() {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2("", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<ColdRows> rows(new ColdRows(handle));
  if (opened != SQLITE_OK) {
    return Fail(rows->Problem());
  }
  RETURN_IF_ERROR(rows->Prepare());
  return rows;
}

ColdRows::~ColdRows() {
  for (sqlite3_stmt* statement : {put_, get_, delete_, scan_}) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(handle_);
}

Result<sqlite3_stmt*> ColdRows::MakeStatement(const char* sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    return Fail(Problem());
  }
  return statement;
}

Result<void> ColdRows::Prepare() {
  if (sqlite3_exec(handle_, kSetUp, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Fail(Problem());
  }
  ASSIGN_OR_RETURN(put_, MakeStatement("INSERT OR REPLACE INTO row VALUES (?, ?, ?)"));
  ASSIGN_OR_RETURN(get_, MakeStatement("SELECT v FROM row WHERE t = ? AND k = ?"));
  ASSIGN_OR_RETURN(delete_, MakeStatement("DELETE FROM row WHERE t = ? AND k = ?"));
  ASSIGN_OR_RETURN(scan_, MakeStatement("SELECT k, v FROM row WHERE t = ? AND k >= ? ORDER BY k"));
  return {};
}

Error ColdRows::Problem() const {
  return Error{Errc::kUnavailable,
               std::string("the replay's temporary file: ") + sqlite3_errmsg(handle_) +
                   "; free some space, or set TMPDIR to a folder with room",
               0};
}

Result<void> ColdRows::Put(const std::vector<ColdRow>& rows) {
  if (sqlite3_exec(handle_, "BEGIN", nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Fail(Problem());
  }
  for (const ColdRow& row : rows) {
    Run run(put_, row.table, row.key);
    Bind(put_, 3, row.value);
    if (run.Step() != SQLITE_DONE) {
      return Fail(Problem());
    }
    std::optional<Range>& range = ranges_[static_cast<size_t>(row.table)];
    if (!range) {
      range = Range{row.key, row.key};
    }
    range->first = std::min(range->first, row.key);
    range->last = std::max(range->last, row.key);
  }
  if (sqlite3_exec(handle_, "COMMIT", nullptr, nullptr, nullptr) != SQLITE_OK) {
    return Fail(Problem());
  }
  return {};
}

bool ColdRows::MayHold(ledger::Table table, std::string_view key) const {
  const std::optional<Range>& range = ranges_[static_cast<size_t>(table)];
  return range && key >= range->first && key <= range->last;
}

Result<void> ColdRows::Delete(ledger::Table table, std::string_view key) {
  if (!MayHold(table, key)) {
    return {};
  }
  if (Run run(delete_, table, key); run.Step() != SQLITE_DONE) {
    return Fail(Problem());
  }
  return {};
}

Result<std::optional<std::string>> ColdRows::Get(ledger::Table table, std::string_view key) const {
  if (!MayHold(table, key)) {
    return std::optional<std::string>();
  }
  Run run(get_, table, key);
  const int code = run.Step();
  if (code == SQLITE_ROW) {
    return std::optional<std::string>(Column(get_, 0));
  }
  if (code != SQLITE_DONE) {
    return Fail(Problem());
  }
  return std::optional<std::string>();
}

Result<std::vector<ColdRow>> ColdRows::Scan(ledger::Table table,
                                            std::string_view prefix,
                                            std::string_view from) const {
  std::vector<ColdRow> rows;
  Run run(scan_, table, std::max(prefix, from));
  int code = run.Step();
  while (code == SQLITE_ROW) {
    ColdRow row{table, Column(scan_, 0), Column(scan_, 1)};
    if (!std::string_view(row.key).starts_with(prefix)) {
      return rows;
    }
    rows.push_back(std::move(row));
    code = run.Step();
  }
  if (code != SQLITE_DONE) {
    return Fail(Problem());
  }
  return rows;
}

}  // namespace rujukan::audit
