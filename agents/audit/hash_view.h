// The fold's state as hash tables. A replay reads about eight values an entry from a state of
// millions: an ordered map costs more there than everything else the auditor does beside ECDSA
// (measured: 10 us an entry against 6).
//
// Messages and legs are never forgotten, so they are what grows. Of these, only those touched last
// are kept in memory, at most `hot_max` rows; the others go to disk (cold_rows.h). Thread: one
// owner.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agents/audit/cold_rows.h"
#include "ledger/view.h"

namespace rujukan::audit {

class HashView : public ledger::View {
 public:
  explicit HashView(size_t hot_max) : hot_max_(hot_max) {}

  // kUnavailable: the temporary file cannot be read.
  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override;
  // Sorts what it finds; the fold scans small tables only.
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;

  // kUnavailable: no room for the temporary file; the view is of no use any more.
  Result<void> Apply(ledger::Overlay::Writes writes);

  size_t hot_rows() const;  // of messages and legs

 private:
  // Lets a string_view look up a string without a copy.
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  struct Row {
    std::string value;
    uint32_t generation = 0;  // when it was written
  };
  using Rows = std::unordered_map<std::string, Row, Hash, std::equal_to<>>;

  const Rows& In(ledger::Table table) const { return tables_[static_cast<size_t>(table)]; }
  Result<void> ApplyOne(ledger::Table table, std::string key, std::optional<std::string> value);
  Result<void> CoolDown();
  void TakeOld(ledger::Table table, std::vector<ColdRow>& old);

  const size_t hot_max_;
  std::array<Rows, ledger::kTableCount> tables_;
  std::unique_ptr<ColdRows> cold_;  // nullptr: nothing has gone to disk yet
  uint32_t generation_ = 0;         // one more with every hot_max / 2 rows written
  size_t written_ = 0;              // in this generation
};

}  // namespace rujukan::audit
