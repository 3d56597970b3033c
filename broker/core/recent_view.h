// The view as the sequencer sees it: the store, records that are read by almost every message kept
// in memory, and on top the writes of the batch that is on its way to the disk. The sequencer is
// the only writer, so what it remembers is never stale. One owner thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ledger/view.h"

namespace rujukan::broker {

class RecentView : public ledger::View {
 public:
  explicit RecentView(const ledger::View& store) : store_(store) {}

  Result<std::optional<std::string>> Get(ledger::Table table, std::string_view key) const override;
  Result<void> Scan(ledger::Table table,
                    std::string_view prefix,
                    std::string_view from,
                    const Visitor& visit) const override;

  // `writes` are on their way to the store and visible here until Settle. They must stay alive.
  void Cover(const ledger::Overlay::Writes* writes);
  // They are in the store now.
  void Settle();
  // They are not, and never will be.
  void Drop();

 private:
  const ledger::View& store_;
  const ledger::Overlay::Writes* covering_ = nullptr;
  mutable std::unordered_map<std::string, std::string> hot_;  // table byte || key -> value
  // The last key the store did not have: a new message's id is asked for twice, by the sequencer
  // for a retry and by the fold. Stays true until the covering writes reach the store.
  mutable std::string missed_;
};

}  // namespace rujukan::broker
