#include "ledger/due_entries.h"

#include "base/bytes.h"
#include "ledger/clocks_in_force.h"
#include "ledger/records.h"

namespace rujukan::ledger {
namespace {

// Legs that have something due, from the index.
Result<std::vector<std::string>> LegsDue(const View& view, UnixMillis now, size_t most) {
  std::vector<std::string> legs;
  constexpr size_t kTimeBytes = sizeof(uint64_t);
  RETURN_IF_ERROR(view.Scan(Table::kClock, "", "", [&](std::string_view key, std::string_view) {
    if (static_cast<UnixMillis>(ReadBigEndian64(key)) > now) {
      return false;
    }
    legs.emplace_back(key.substr(kTimeBytes));
    return legs.size() < most;
  }));
  return legs;
}

Result<v1::Entry> MissedEntry(const std::string& leg_id,
                              const v1::LegRecord& leg,
                              const v1::RunningDeadline& due,
                              Consequence miss,
                              const View& view) {
  v1::Entry entry;
  v1::DeadlineMissed& missed = *entry.mutable_deadline_missed();
  missed.set_leg_id(leg_id);
  missed.set_deadline(due.deadline());
  missed.set_due_ms(due.due_ms());
  missed.set_level(LevelOf(leg, due, miss));
  ASSIGN_OR_RETURN(const auto told, WhomToTell(leg, due, miss, view));
  for (const std::string& address : told) {
    missed.add_told(address);
  }
  return entry;
}

}  // namespace

Result<std::vector<v1::Entry>> DueEntries(const View& view,
                                          UnixMillis now,
                                          size_t most,
                                          Memo& memo) {
  ASSIGN_OR_RETURN(const std::vector<std::string> legs, LegsDue(view, now, most));
  std::vector<v1::Entry> entries;
  for (const std::string& leg_id : legs) {
    ASSIGN_OR_RETURN(auto leg, ReadLeg(view, leg_id));
    if (!leg) {
      return Fail(Errc::kCorrupt, "a clock runs for a leg that is not in the ledger");
    }
    ASSIGN_OR_RETURN(const ClockSetting setting, SettingFor(leg->receiver(), view, memo));
    while (entries.size() < most) {
      const v1::RunningDeadline* due = FindDue(*leg, now);
      if (due == nullptr) {
        break;
      }
      const Consequence miss = ConsequenceOf(*leg, *due, setting);
      if (miss == Consequence::kCloses) {
        entries.emplace_back().mutable_leg_closed()->set_leg_id(leg_id);
        break;  // nothing of it is due any more
      }
      ASSIGN_OR_RETURN(v1::Entry entry, MissedEntry(leg_id, *leg, *due, miss, view));
      entries.push_back(std::move(entry));
      RecordMiss(due->deadline(), now, setting, *leg);
    }
  }
  return entries;
}

}  // namespace rujukan::ledger
