#include "ledger/view.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace rujukan::ledger {
namespace {

using Place = std::pair<Table, std::string>;

Place PlaceOf(Table table, std::string_view key) {
  return {table, std::string(key)};
}

// Where a scan begins: keys with the prefix are never below it.
Place StartOf(Table table, std::string_view prefix, std::string_view from) {
  return PlaceOf(table, std::max(prefix, from));
}

bool InScan(const Place& place, Table table, std::string_view prefix) {
  return place.first == table && std::string_view(place.second).substr(0, prefix.size()) == prefix;
}

// The part of an overlay's writes that a scan covers, taken in step with the keys of the base.
class WritesCursor {
 public:
  WritesCursor(const Overlay::Writes& writes,
               Table table,
               std::string_view prefix,
               std::string_view from)
      : writes_(writes),
        table_(table),
        prefix_(prefix),
        next_(writes.lower_bound(StartOf(table, prefix, from))) {}

  bool Done() const { return next_ == writes_.end() || !InScan(next_->first, table_, prefix_); }
  bool IsBefore(std::string_view key) const { return !Done() && next_->first.second < key; }
  bool IsAt(std::string_view key) const { return !Done() && next_->first.second == key; }

  // Visits the present write unless it is a deletion, and steps on. False: the visitor stopped.
  bool VisitAndStep(const View::Visitor& visit) {
    const auto at = next_++;
    return !at->second.has_value() || visit(at->first.second, *at->second);
  }

 private:
  const Overlay::Writes& writes_;
  Table table_;
  std::string_view prefix_;
  Overlay::Writes::const_iterator next_;
};

}  // namespace

std::string_view TableName(Table table) {
  static constexpr std::array<std::string_view, kTableCount> kNames = {
      "head",       "agency",     "key",  "transport", "invitation", "enrolment", "act",
      "directory",  "message",    "leg",  "mailbox",   "counter",    "profile",   "rotation",
      "proposal",   "anchor",     "crl",  "serial",    "permit",     "history",   "share",
      "read-trail", "audit-read", "hold", "erasure",   "clock",      "leg-notice"};
  const auto place = static_cast<size_t>(table);
  CHECK(place < kNames.size());
  return kNames[place];
}

Result<std::optional<std::string>> Overlay::Get(Table table, std::string_view key) const {
  const auto found = writes_.find(PlaceOf(table, key));
  if (found != writes_.end()) {
    return found->second;
  }
  return base_.Get(table, key);
}

Result<void> Overlay::Scan(Table table,
                           std::string_view prefix,
                           std::string_view from,
                           const Visitor& visit) const {
  WritesCursor cursor(writes_, table, prefix, from);
  bool going = true;
  const auto visit_base = [&](std::string_view key, std::string_view value) {
    while (going && cursor.IsBefore(key)) {
      going = cursor.VisitAndStep(visit);
    }
    if (going) {
      // A write hides the base's value of the same key, a deletion hides it altogether.
      going = cursor.IsAt(key) ? cursor.VisitAndStep(visit) : visit(key, value);
    }
    return going;
  };
  RETURN_IF_ERROR(base_.Scan(table, prefix, from, visit_base));
  while (going && !cursor.Done()) {
    going = cursor.VisitAndStep(visit);
  }
  return {};
}

void Overlay::Put(Table table, std::string_view key, std::string value) {
  Set(PlaceOf(table, key), std::move(value));
}

void Overlay::Delete(Table table, std::string_view key) {
  Set(PlaceOf(table, key), std::nullopt);
}

void Overlay::Merge(Writes writes) {
  for (auto& [place, value] : writes) {
    Set(place, std::move(value));
  }
}

void Overlay::Set(std::pair<Table, std::string> place, std::optional<std::string> value) {
  const auto written = writes_.insert_or_assign(std::move(place), std::move(value)).first;
  touched_.push_back(&*written);  // a map's elements stay where they are
}

Overlay::Touched Overlay::TakeTouched() {
  Touched touched = std::exchange(touched_, {});
  std::sort(touched.begin(), touched.end(), [](const auto* a, const auto* b) {
    return a->first < b->first;
  });
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  return touched;
}

Result<std::optional<std::string>> MemoryView::Get(Table table, std::string_view key) const {
  const auto found = values_.find(PlaceOf(table, key));
  return found == values_.end() ? std::nullopt : std::optional<std::string>(found->second);
}

Result<void> MemoryView::Scan(Table table,
                              std::string_view prefix,
                              std::string_view from,
                              const Visitor& visit) const {
  for (auto at = values_.lower_bound(StartOf(table, prefix, from));
       at != values_.end() && InScan(at->first, table, prefix);
       ++at) {
    if (!visit(at->first.second, at->second)) {
      break;
    }
  }
  return {};
}

void MemoryView::Apply(const Overlay::Writes& writes) {
  for (const auto& [place, value] : writes) {
    if (value.has_value()) {
      values_.insert_or_assign(place, *value);
    } else {
      values_.erase(place);
    }
  }
}

}  // namespace rujukan::ledger
