#include "broker/core/recent_view.h"

#include <algorithm>

#include "base/check.h"

namespace rujukan::broker {
namespace {

using ledger::Table;
using Writes = ledger::Overlay::Writes;

// About 200 bytes each; forgotten all at once when there are more, which is rare and cheap.
constexpr size_t kHotRecordsMax = 50'000;

bool IsHot(Table table) {
  return table == Table::kHead || table == Table::kAgency || table == Table::kKey ||
         table == Table::kCounter;
}

std::string HotKey(Table table, std::string_view key) {
  std::string hot;
  hot.reserve(key.size() + 1);
  hot.push_back(static_cast<char>(table));
  hot.append(key);
  return hot;
}

}  // namespace

Result<std::optional<std::string>> RecentView::Get(Table table, std::string_view key) const {
  if (covering_ != nullptr) {
    const auto it = covering_->find(Writes::key_type(table, key));
    if (it != covering_->end()) {
      return it->second;
    }
  }
  std::string hot_key = HotKey(table, key);
  if (hot_key == missed_) {
    return std::optional<std::string>();
  }
  if (!IsHot(table)) {
    ASSIGN_OR_RETURN(std::optional<std::string> cold, store_.Get(table, key));
    if (!cold.has_value()) {
      missed_ = std::move(hot_key);
    }
    return cold;
  }
  if (const auto it = hot_.find(hot_key); it != hot_.end()) {
    return std::optional<std::string>(it->second);
  }
  ASSIGN_OR_RETURN(std::optional<std::string> value, store_.Get(table, key));
  if (value.has_value()) {
    if (hot_.size() >= kHotRecordsMax) {
      hot_.clear();
    }
    hot_.emplace(std::move(hot_key), *value);
  }
  return value;
}

Result<void> RecentView::Scan(Table table,
                              std::string_view prefix,
                              std::string_view from,
                              const Visitor& visit) const {
  if (covering_ == nullptr) {
    return store_.Scan(table, prefix, from, visit);
  }
  // Scans are rare (acts), so the covering writes of this range are laid over the store anew.
  ledger::Overlay overlay(store_);
  const auto first = Writes::key_type(table, std::max(prefix, from));
  for (auto it = covering_->lower_bound(first); it != covering_->end(); ++it) {
    const auto& [place, value] = *it;
    if (place.first != table || place.second.compare(0, prefix.size(), prefix) != 0) {
      break;
    }
    if (value.has_value()) {
      overlay.Put(table, place.second, *value);
    } else {
      overlay.Delete(table, place.second);
    }
  }
  return overlay.Scan(table, prefix, from, visit);
}

void RecentView::Cover(const Writes* writes) {
  CHECK(covering_ == nullptr);
  covering_ = writes;
}

void RecentView::Settle() {
  CHECK(covering_ != nullptr);
  missed_.clear();
  for (const auto& [place, value] : *covering_) {
    if (!IsHot(place.first)) {
      continue;
    }
    if (value.has_value()) {
      hot_[HotKey(place.first, place.second)] = *value;
    } else {
      hot_.erase(HotKey(place.first, place.second));
    }
  }
  covering_ = nullptr;
}

void RecentView::Drop() {
  covering_ = nullptr;
}

}  // namespace rujukan::broker
