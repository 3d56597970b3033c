// The directory seen from inside a transaction, where Store::directory() would wait for its own
// lock. Valid as long as the transaction. Thread: the transaction's.
#pragma once

#include "agents/agency/tables.h"
#include "ledger/view.h"

namespace rujukan::agency {

class TablesView : public ledger::View {
 public:
  explicit TablesView(Tables& tables) : tables_(tables) {}

  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override {
    return tables_.GetRecord(table, key);
  }
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override {
    ASSIGN_OR_RETURN(const auto records, tables_.ScanRecords(table, prefix, from));
    for (const auto& [key, value] : records) {
      if (!visit(key, value)) {
        break;
      }
    }
    return {};
  }

 private:
  Tables& tables_;
};

}  // namespace rujukan::agency
