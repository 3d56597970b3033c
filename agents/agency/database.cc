#include "agents/agency/database.h"

#include <sqlite3.h>

namespace rujukan::agency {
namespace {

// Errors name the statement's failure, never the values bound to it.
Error ErrorFrom(sqlite3* handle, int code) {
  const std::string text = std::string("the agent's database: ") + sqlite3_errmsg(handle);
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Error{Errc::kUnavailable, text + "; free some disk space"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CANTOPEN:
      return Error{Errc::kUnavailable, text + "; is another agent using this home?"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error{Errc::kCorrupt, text + "; restore the home directory from its backup"};
    case SQLITE_CONSTRAINT:
      return Error{Errc::kConflict, text};
    default:
      return Error{Errc::kFatal, text};
  }
}

int BindOne(sqlite3_stmt* statement, int place, const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) {
    return sqlite3_bind_int64(statement, place, *number);
  }
  if (const auto* blob = std::get_if<Blob>(&value)) {
    // A null pointer would bind NULL: an empty blob needs an address.
    const char* bytes = blob->bytes.empty() ? "" : blob->bytes.data();
    return sqlite3_bind_blob64(statement, place, bytes, blob->bytes.size(), SQLITE_STATIC);
  }
  if (const auto* text = std::get_if<Text>(&value)) {
    const char* bytes = text->text.empty() ? "" : text->text.data();
    return sqlite3_bind_text64(
        statement, place, bytes, text->text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, place);
}

constexpr const char* kPragmas =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA secure_delete=ON; PRAGMA busy_timeout=5000; PRAGMA cache_size=-1024;";

}  // namespace

int64_t Row::Int(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string Row::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

bool Row::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<Database>> Database::Open(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Database> database(new Database(handle));
  if (code != SQLITE_OK) {
    return Fail(ErrorFrom(handle, code));
  }
  RETURN_IF_ERROR(database->Script(kPragmas));
  return database;
}

Result<std::unique_ptr<Database>> Database::OpenReadOnly(const std::string& path) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Database> database(new Database(handle));
  if (code != SQLITE_OK) {
    return Fail(ErrorFrom(handle, code));
  }
  RETURN_IF_ERROR(database->Script("PRAGMA query_only=ON; PRAGMA busy_timeout=5000;"));
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_) {
    sqlite3_finalize(statement);
  }
  sqlite3_close(handle_);
}

Result<void> Database::Script(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return Fail(ErrorFrom(handle_, code));
  }
  return {};
}

Result<sqlite3_stmt*> Database::Prepare(const char* sql, std::initializer_list<Value> values) {
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr) {
    const int code =
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      return Fail(ErrorFrom(handle_, code));
    }
  }
  int place = 0;
  for (const Value& value : values) {
    const int code = BindOne(statement, ++place, value);
    if (code != SQLITE_OK) {
      return Fail(ErrorFrom(handle_, code));
    }
  }
  return statement;
}

Result<void> Database::Run(const char* sql, std::initializer_list<Value> values) {
  return Query(sql, values, [](const Row&) { return false; });
}

Result<void> Database::Query(const char* sql,
                             std::initializer_list<Value> values,
                             const Visitor& visit) {
  ASSIGN_OR_RETURN(sqlite3_stmt * statement, Prepare(sql, values));
  const Row row(statement);
  int code = sqlite3_step(statement);
  while (code == SQLITE_ROW && visit(row)) {
    code = sqlite3_step(statement);
  }
  Result<void> result;
  if (code != SQLITE_DONE && code != SQLITE_ROW) {
    result = Fail(ErrorFrom(handle_, code));
  }
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
  return result;
}

int Database::Changes() const {
  return sqlite3_changes(handle_);
}

int64_t Database::LastRowId() const {
  return sqlite3_last_insert_rowid(handle_);
}

}  // namespace rujukan::agency
