#include "broker/engine/clocks_chore.h"

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "ledger/due_entries.h"
#include "ledger/records.h"

namespace rujukan::broker {
namespace {

// An entry that is not in the ledger after this was lost (a stop, a full disk).
constexpr int64_t kRecordLostMs = 60'000;

class ClocksChore : public Chore {
 public:
  ClocksChore(const Store& store, Recorder recorder)
      : store_(store), recorder_(std::move(recorder)) {}

  std::string_view name() const override { return "clocks"; }

  Result<UnixMillis> Run(UnixMillis now, const std::atomic<bool>& stopping) override {
    ASSIGN_OR_RETURN(const v1::FoldHead head, ledger::ReadHead(store_));
    // An entry is never dated before the one ahead of it, so this is the time it would have.
    const UnixMillis time = std::max(now, head.time_ms());
    ASSIGN_OR_RETURN(const std::vector<v1::Entry> due,
                     ledger::DueEntries(store_, time, limits::kDeadlinesPerTurnMax, memo_));
    std::set<std::string> round;
    for (const v1::Entry& entry : due) {
      round.insert(entry.SerializeAsString());
    }
    if (!stopping && !IsUnderWay(round, now)) {
      for (const v1::Entry& entry : due) {
        recorder_(entry);
      }
      asked_ = std::move(round);
      asked_ms_ = now;
    }
    return now + limits::kDeadlinesEveryMs;
  }

 private:
  // The round before has not all been taken in: one at a time, so that they do not pile up.
  bool IsUnderWay(const std::set<std::string>& round, UnixMillis now) const {
    if (now >= asked_ms_ + kRecordLostMs || now < asked_ms_) {
      return false;
    }
    return std::any_of(round.begin(), round.end(), [this](const std::string& entry) {
      return asked_.contains(entry);
    });
  }

  const Store& store_;
  const Recorder recorder_;
  ledger::Memo memo_;
  std::set<std::string> asked_;  // the last round
  UnixMillis asked_ms_ = 0;
};

}  // namespace

std::unique_ptr<Chore> MakeClocksChore(const Store& store, Recorder recorder) {
  return std::make_unique<ClocksChore>(store, std::move(recorder));
}

}  // namespace rujukan::broker
