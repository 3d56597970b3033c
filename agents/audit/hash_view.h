// The fold's state as hash tables. A replay reads about eight values an entry from a state of
// millions: an ordered map costs more there than everything else the auditor does beside ECDSA
// (measured: 10 us an entry against 6). Thread: one owner.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/view.h"

namespace rujukan::audit {

class HashView : public ledger::View {
 public:
  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override;
  // Sorts what it finds; the fold never scans, only tools do.
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;

  void Apply(ledger::Overlay::Writes writes);

 private:
  // Lets a string_view look up a string without a copy.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Values = std::unordered_map<std::string, std::string, Hash, std::equal_to<>>;

  const Values& In(ledger::Table table) const { return tables_[static_cast<size_t>(table)]; }

  std::array<Values, ledger::kTableCount> tables_;
};

}  // namespace rujukan::audit
