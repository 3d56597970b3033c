// The agency's own database: what it sent and received, the proofs, its legs, and the directory as
// far as it has verified it. One SQLite file, HOME/agent.db.
//
// Content (plaintext of messages, held second stages) is sealed with the store key before SQLite
// sees it; associated data names table, column and row, so a value moved elsewhere does not open.
//
// Thread: any; a mutex lets one transaction run at a time. Durability: Write returns only after its
// transaction is synced. A crash leaves whole transactions: nothing acknowledged is lost, and a
// message is in the inbox once, however often the broker delivers it (its id is the key).
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "agents/agency/tables.h"
#include "base/result.h"
#include "ledger/view.h"

namespace rujukan::agency {

class Store {
 public:
  // kDenied: another store key than the one the file was made with. Else as Database::Open.
  static Result<std::unique_ptr<Store>> Open(const std::string& path, certs::ColumnKey key);

  // Runs `work(Tables&)`, which returns a Result, in one transaction: committed and synced when it
  // succeeds, rolled back when it does not.
  template <class Work>
  auto Write(const Work& work) -> decltype(work(std::declval<Tables&>())) {
    const std::lock_guard<std::mutex> lock(mutex_);
    RETURN_IF_ERROR(tables_.Begin());
    auto result = work(tables_);
    if (!result) {
      RETURN_IF_ERROR(tables_.Rollback());
      return result;
    }
    RETURN_IF_ERROR(tables_.Commit());
    return result;
  }

  // Runs `work(Tables&)` for reading.
  template <class Work>
  auto Read(const Work& work) -> decltype(work(std::declval<Tables&>())) {
    const std::lock_guard<std::mutex> lock(mutex_);
    return work(tables_);
  }

  // The directory, readable from any thread but never inside Read or Write (it locks by itself).
  const ledger::View& directory() const { return directory_; }

 private:
  class DirectoryView : public ledger::View {
   public:
    explicit DirectoryView(Store& store) : store_(store) {}
    Result<std::optional<std::string>> Get(ledger::Table table,
                                           std::string_view key) const override;
    Result<void> Scan(ledger::Table table,
                      std::string_view prefix,
                      std::string_view from,
                      const Visitor& visit) const override;

   private:
    Store& store_;
  };

  Store(std::unique_ptr<Database> database, certs::ColumnKey key)
      : tables_(std::move(database), std::move(key)), directory_(*this) {}

  std::mutex mutex_;
  Tables tables_;  // guarded by mutex_
  DirectoryView directory_;
};

}  // namespace rujukan::agency
