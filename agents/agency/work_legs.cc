#include "agents/agency/work_legs.h"

#include <algorithm>
#include <map>

#include "agents/agency/timers.h"
#include "base/limits.h"
#include "ledger/transition.h"

namespace rujukan::agency {
namespace {

// Whom the broker has told of what was missed in a leg.
Result<std::map<LegId, std::vector<std::string>>> ReadTold(Tables& tables) {
  std::map<LegId, std::vector<std::string>> told;
  ASSIGN_OR_RETURN(const auto notices, tables.ListNotices(0, limits::kWorkLegsMax));
  for (const auto& notice : notices) {
    auto& known = told[notice.leg];
    for (const auto& address : notice.entry.deadline_missed().told()) {
      if (std::find(known.begin(), known.end(), address) == known.end()) {
        known.push_back(address);
      }
    }
  }
  return told;
}

Result<std::map<LegId, std::vector<TimerRow>>> ReadTimers(Tables& tables) {
  std::map<LegId, std::vector<TimerRow>> timers_of;
  ASSIGN_OR_RETURN(const auto timers, tables.AllTimers());
  for (const auto& timer : timers) {
    timers_of[timer.leg].push_back(timer);
  }
  return timers_of;
}

template <class Map>
typename Map::mapped_type ValueOf(const Map& map, const LegId& leg) {
  const auto found = map.find(leg);
  return found == map.end() ? typename Map::mapped_type() : found->second;
}

// What is queued counts as said; when it began counts from what is proven.
WorkLeg WorkLegOf(const LegRow& row) {
  WorkLeg leg{row.id, row.side, row.peer, row.planned, row.plan};
  leg.record.set_opened_at_ms(row.opened_at);
  if (leg.record.changed_at_ms() == 0) {
    leg.record.set_changed_at_ms(row.changed_at);
  }
  return leg;
}

// When a referral that has not left should have been at the receiver's machine.
UnixMillis SendBy(const LegRow& row, const ledger::Clocks& clocks, ledger::Zone zone) {
  const bool waits = row.side == ledger::Side::kSender && row.state == v1::LegState::UNSPECIFIED &&
                     row.planned != v1::LegState::UNSPECIFIED && ledger::IsOpen(row.planned);
  const auto* limit =
      waits ? clocks.LimitFor(row.plan.clock_class(), v1::Deadline::PENERIMAAN, row.opened_at, zone)
            : nullptr;
  return limit == nullptr ? 0 : clocks.After(row.opened_at, limit->within, zone);
}

}  // namespace

Result<std::vector<WorkLeg>> ReadWorkLegs(Tables& tables,
                                          const ledger::Clocks& clocks,
                                          ledger::Zone zone) {
  ASSIGN_OR_RETURN(const auto rows, tables.ScanLegs(limits::kWorkLegsMax));
  ASSIGN_OR_RETURN(const auto timers, ReadTimers(tables));
  ASSIGN_OR_RETURN(const auto told, ReadTold(tables));
  std::vector<WorkLeg> legs;
  for (const auto& row : rows) {
    WorkLeg leg = WorkLegOf(row);
    leg.timers = WorkTimersOf(ValueOf(timers, row.id), clocks, zone);
    leg.told = ValueOf(told, row.id);
    leg.send_by = SendBy(row, clocks, zone);
    legs.push_back(std::move(leg));
  }
  return legs;
}

}  // namespace rujukan::agency
