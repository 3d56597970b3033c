#include "agents/audit/brought.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace rujukan::audit {

void BroughtCheckpoints::Add(BroughtCheckpoint brought) {
  const ledger::Checkpoint& next = brought.seen.checkpoint;
  const bool known = std::any_of(waiting_.begin(), waiting_.end(), [&](const auto& one) {
    return one.seen.checkpoint.size == next.size && one.seen.checkpoint.root == next.root;
  });
  if (known) {
    return;
  }
  if (waiting_.size() < limits::kNoteSignaturesMax) {
    waiting_.push_back(std::move(brought));
    return;
  }
  const auto largest =
      std::max_element(waiting_.begin(), waiting_.end(), [](const auto& a, const auto& b) {
        return a.seen.checkpoint.size < b.seen.checkpoint.size;
      });
  if (!brought.contradicts.empty() || next.size < largest->seen.checkpoint.size) {
    *largest = std::move(brought);
  }
}

std::vector<BroughtCheckpoint> BroughtCheckpoints::Take() {
  return std::exchange(waiting_, {});
}

}  // namespace rujukan::audit
