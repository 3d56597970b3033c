// A thin cover over SQLite: prepared statements are kept, values are bound by type, errors are
// Results.
//
// Thread: one at a time (Store locks). Durability: WAL with synchronous=FULL, so a committed
// transaction survives kill -9 and loss of power.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace rujukan::agency {

struct Blob {
  std::string_view bytes;
};
struct Text {
  std::string_view text;
};
using Value = std::variant<std::nullptr_t, int64_t, Blob, Text>;

// One row of an answer; valid only inside the visitor.
class Row {
 public:
  explicit Row(sqlite3_stmt* statement) : statement_(statement) {}
  int64_t Int(int column) const;
  std::string Bytes(int column) const;  // blob or text; "" for NULL
  bool IsNull(int column) const;

 private:
  sqlite3_stmt* statement_;
};

class Database {
 public:
  // Opens or creates. kUnavailable: cannot be opened or is locked by another process; kCorrupt: not
  // a database.
  static Result<std::unique_ptr<Database>> Open(const std::string& path);
  // For reading, beside or without another process. kUnavailable: not there, or not readable.
  static Result<std::unique_ptr<Database>> OpenReadOnly(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // `sql` is a literal of this program: statements are cached under it. kUnavailable: disk full;
  // kCorrupt; kConflict: a constraint; kFatal: anything else, durable state unknown.
  Result<void> Run(const char* sql, std::initializer_list<Value> values = {});
  using Visitor = std::function<bool(const Row&)>;  // false stops
  Result<void> Query(const char* sql, std::initializer_list<Value> values, const Visitor& visit);
  int Changes() const;  // rows the last Run changed
  int64_t LastRowId() const;
  // Several statements at once: the schema.
  Result<void> Script(const std::string& sql);

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  Result<sqlite3_stmt*> Prepare(const char* sql, std::initializer_list<Value> values);

  sqlite3* handle_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

}  // namespace rujukan::agency
