#include "agents/audit/hash_view.h"

#include <algorithm>
#include <vector>

namespace rujukan::audit {

Result<std::optional<std::string>> HashView::Get(ledger::Table table, std::string_view key) const {
  const Values& values = In(table);
  const auto found = values.find(key);
  return found == values.end() ? std::optional<std::string>()
                               : std::optional<std::string>(found->second);
}

Result<void> HashView::Scan(ledger::Table table,
                            std::string_view prefix,
                            std::string_view from,
                            const Visitor& visit) const {
  std::vector<const Values::value_type*> found;
  for (const auto& value : In(table)) {
    if (value.first.starts_with(prefix) && value.first >= from) {
      found.push_back(&value);
    }
  }
  std::sort(
      found.begin(), found.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* value : found) {
    if (!visit(value->first, value->second)) {
      return {};
    }
  }
  return {};
}

void HashView::Apply(ledger::Overlay::Writes writes) {
  while (!writes.empty()) {
    auto node = writes.extract(writes.begin());  // moves keys out instead of copying them
    auto& [table, key] = node.key();
    Values& values = tables_[static_cast<size_t>(table)];
    if (node.mapped()) {
      values.insert_or_assign(std::move(key), std::move(*node.mapped()));
    } else {
      values.erase(key);
    }
  }
}

}  // namespace rujukan::audit
