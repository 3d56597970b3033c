// Statutory timers. What a timer is about says what became of the child, so all of it but the leg
// is sealed.
#include "agents/agency/tables.h"
#include "agents/agency/timers.h"

namespace rujukan::agency {
namespace {

std::string TimerPlace(std::string_view id) {
  return "timers/body/" + FormatUuid(id);
}

struct SealedTimer {
  std::string id;
  std::string leg;
  std::string body;
};

}  // namespace

Result<void> Tables::PutTimer(const TimerRow& timer) {
  return database_->Run("INSERT OR REPLACE INTO timers(id,leg,body) VALUES(?,?,?)",
                        {Blob{timer.id},
                         Blob{timer.leg.view()},
                         Blob{key_.Seal(TimerBody(timer), TimerPlace(timer.id))}});
}

Result<bool> Tables::DropTimer(const LegId& leg, std::string_view id) {
  RETURN_IF_ERROR(
      database_->Run("DELETE FROM timers WHERE leg=? AND id=?", {Blob{leg.view()}, Blob{id}}));
  return database_->Changes() > 0;
}

Result<void> Tables::DropTimersOf(const LegId& leg) {
  return database_->Run("DELETE FROM timers WHERE leg=?", {Blob{leg.view()}});
}

Result<std::vector<TimerRow>> Tables::TimersOf(const LegId& leg) {
  ASSIGN_OR_RETURN(auto all, AllTimers());
  std::erase_if(all, [&](const TimerRow& timer) { return timer.leg != leg; });
  return all;
}

Result<std::vector<TimerRow>> Tables::AllTimers() {
  std::vector<SealedTimer> rows;
  RETURN_IF_ERROR(
      database_->Query("SELECT id,leg,body FROM timers ORDER BY id", {}, [&](const Row& row) {
        rows.push_back({row.Bytes(0), row.Bytes(1), row.Bytes(2)});
        return true;
      }));
  std::vector<TimerRow> timers;
  for (const auto& row : rows) {
    TimerRow timer;
    timer.id = row.id;
    ASSIGN_OR_RETURN(timer.leg, LegId::FromBytes(row.leg));
    ASSIGN_OR_RETURN(const auto body, key_.Open(row.body, TimerPlace(row.id)));
    RETURN_IF_ERROR(ReadTimerBody(body, timer));
    timers.push_back(std::move(timer));
  }
  return timers;
}

}  // namespace rujukan::agency
