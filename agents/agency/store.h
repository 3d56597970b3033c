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

#include <functional>
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
    return Run(work, /*keep=*/true);
  }

  // As Write, and undone: what it would have come to.
  template <class Work>
  auto Try(const Work& work) -> decltype(work(std::declval<Tables&>())) {
    return Run(work, /*keep=*/false);
  }

  // Runs `work`, whose Writes become durable together when it succeeds, and are all undone when it
  // does not. A Write that fails inside is undone alone, as ever. Others wait meanwhile: keep it
  // short.
  Result<void> Group(const std::function<Result<void>()>& work) {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    return Run(
        [&](Tables&) {
          grouped_ = true;
          auto result = work();
          grouped_ = false;
          return result;
        },
        /*keep=*/true);
  }

  // Runs `work(Tables&)` for reading.
  template <class Work>
  auto Read(const Work& work) -> decltype(work(std::declval<Tables&>())) {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
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

  // One transaction; inside of Group a part of its.
  template <class Work>
  auto Run(const Work& work, bool keep) -> decltype(work(std::declval<Tables&>())) {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const bool part = grouped_;
    RETURN_IF_ERROR(part ? tables_.BeginPart() : tables_.Begin());
    auto result = work(tables_);
    if (result && keep) {
      RETURN_IF_ERROR(part ? tables_.KeepPart() : tables_.Commit());
    } else {
      RETURN_IF_ERROR(part ? tables_.UndoPart() : tables_.Rollback());
    }
    return result;
  }

  std::recursive_mutex mutex_;  // entered again only by the work of Group
  Tables tables_;               // guarded by mutex_
  bool grouped_ = false;        // guarded by mutex_
  DirectoryView directory_;
};

}  // namespace rujukan::agency
