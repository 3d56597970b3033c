#include "agents/agency/store.h"

namespace rujukan::agency {

Result<std::unique_ptr<Store>> Store::Open(const std::string& path, certs::ColumnKey key) {
  ASSIGN_OR_RETURN(auto database, Database::Open(path));
  std::unique_ptr<Store> store(new Store(std::move(database), std::move(key)));
  RETURN_IF_ERROR(store->tables_.Prepare());
  return store;
}

Result<std::optional<std::string>> Store::DirectoryView::Get(ledger::Table table,
                                                             std::string_view key) const {
  return store_.Read([&](Tables& tables) { return tables.GetRecord(table, key); });
}

// The visitor may read the view again, so it runs after the lock is gone.
Result<void> Store::DirectoryView::Scan(ledger::Table table,
                                        std::string_view prefix,
                                        std::string_view from,
                                        const Visitor& visit) const {
  ASSIGN_OR_RETURN(const auto records, store_.Read([&](Tables& tables) {
    return tables.ScanRecords(table, prefix, from);
  }));
  for (const auto& [key, value] : records) {
    if (!visit(key, value)) {
      break;
    }
  }
  return {};
}

}  // namespace rujukan::agency
