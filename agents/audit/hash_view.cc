#include "agents/audit/hash_view.h"

#include <algorithm>
#include <map>
#include <vector>

namespace rujukan::audit {
namespace {

using ledger::Table;

constexpr Table kGrowing[] = {Table::kMessage, Table::kLeg};

bool Grows(Table table) {
  return table == Table::kMessage || table == Table::kLeg;
}

}  // namespace

Result<std::optional<std::string>> HashView::Get(Table table, std::string_view key) const {
  const Rows& rows = In(table);
  if (const auto found = rows.find(key); found != rows.end()) {
    return std::optional<std::string>(found->second.value);
  }
  if (cold_ == nullptr || !Grows(table)) {
    return std::optional<std::string>();
  }
  return cold_->Get(table, key);
}

Result<void> HashView::Scan(Table table,
                            std::string_view prefix,
                            std::string_view from,
                            const Visitor& visit) const {
  std::map<std::string, std::string, std::less<>> found;
  if (cold_ != nullptr && Grows(table)) {
    ASSIGN_OR_RETURN(std::vector<ColdRow> cold, cold_->Scan(table, prefix, from));
    for (ColdRow& row : cold) {
      found.emplace(std::move(row.key), std::move(row.value));
    }
  }
  for (const auto& [key, row] : In(table)) {
    if (key.starts_with(prefix) && key >= from) {
      found.insert_or_assign(key, row.value);
    }
  }
  for (const auto& [key, value] : found) {
    if (!visit(key, value)) {
      break;
    }
  }
  return {};
}

Result<void> HashView::Apply(ledger::Overlay::Writes writes) {
  while (!writes.empty()) {
    auto node = writes.extract(writes.begin());  // moves keys out instead of copying them
    auto& [table, key] = node.key();
    RETURN_IF_ERROR(ApplyOne(table, std::move(key), std::move(node.mapped())));
  }
  return written_ >= hot_max_ / 2 ? CoolDown() : Result<void>();
}

Result<void> HashView::ApplyOne(Table table, std::string key, std::optional<std::string> value) {
  Rows& rows = tables_[static_cast<size_t>(table)];
  if (value) {
    written_ += Grows(table) ? 1U : 0U;
    rows.insert_or_assign(std::move(key), Row{std::move(*value), generation_});
    return {};
  }
  if (cold_ != nullptr && Grows(table)) {
    RETURN_IF_ERROR(cold_->Delete(table, key));
  }
  rows.erase(key);
  return {};
}

// What was not written in this generation leaves memory: at most what was, hot_max / 2 rows, stays.
Result<void> HashView::CoolDown() {
  if (cold_ == nullptr) {
    ASSIGN_OR_RETURN(cold_, ColdRows::Open());
  }
  std::vector<ColdRow> old;
  for (const Table table : kGrowing) {
    TakeOld(table, old);
  }
  ++generation_;
  written_ = 0;
  return cold_->Put(old);
}

void HashView::TakeOld(Table table, std::vector<ColdRow>& old) {
  Rows& rows = tables_[static_cast<size_t>(table)];
  const size_t before = old.size();
  for (auto row = rows.begin(); row != rows.end();) {
    if (row->second.generation == generation_) {
      ++row;
      continue;
    }
    auto node = rows.extract(row++);
    old.push_back({table, std::move(node.key()), std::move(node.mapped().value)});
  }
  std::sort(old.begin() + static_cast<std::ptrdiff_t>(before),
            old.end(),
            [](const ColdRow& a, const ColdRow& b) { return a.key < b.key; });
}

size_t HashView::hot_rows() const {
  size_t rows = 0;
  for (const Table table : kGrowing) {
    rows += In(table).size();
  }
  return rows;
}

}  // namespace rujukan::audit
