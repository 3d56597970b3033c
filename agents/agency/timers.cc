#include "agents/agency/timers.h"

#include <algorithm>

#include "agents/agency/render.h"

namespace rujukan::agency {
namespace {

ledger::StatutoryDue DueOf(const TimerRow& timer,
                           const ledger::StatutoryLimit& limit,
                           const ledger::Clocks& clocks,
                           ledger::Zone zone) {
  auto due = clocks.DueOf(limit.within, timer.started, zone);
  if (timer.extended && limit.extend) {
    // The extension runs on from where each reading ended.
    due = {clocks.DueOf(*limit.extend, due.legal, zone).legal,
           clocks.DueOf(*limit.extend, due.calendar, zone).calendar};
  }
  return due;
}

}  // namespace

const char* TimerStateName(TimerState state) {
  switch (state) {
    case TimerState::kRunning:
      return "BERJALAN";
    case TimerState::kAlert:
      return "PERINGATAN";
    case TimerState::kBreached:
      return "TERLAMPAUI";
  }
  return "?";
}

Result<TimerReading> ReadTimer(const TimerRow& timer,
                               const ledger::Clocks& clocks,
                               ledger::Zone zone,
                               UnixMillis now) {
  const auto* limit = clocks.TimerFor(timer.code, timer.started, zone);
  if (limit == nullptr) {
    return Fail(
        Errc::kNotFound,
        "batas ini tidak ada dalam dokumen tenggat, atau belum berlaku waktu itu / the clocks "
        "have no such limit, or it was not in force then");
  }
  const auto due = DueOf(timer, *limit, clocks, zone);
  TimerReading reading;
  reading.legal = due.legal;
  reading.calendar = due.calendar;
  reading.alert_by = std::min(due.legal, due.calendar);
  reading.law = limit->law;
  reading.state = now > reading.legal      ? TimerState::kBreached
                  : now > reading.alert_by ? TimerState::kAlert
                                           : TimerState::kRunning;
  return reading;
}

std::vector<WorkTimer> WorkTimersOf(const std::vector<TimerRow>& timers,
                                    const ledger::Clocks& clocks,
                                    ledger::Zone zone) {
  std::vector<WorkTimer> work;
  for (const auto& timer : timers) {
    if (const auto reading = ReadTimer(timer, clocks, zone, timer.started); reading) {
      work.push_back({timer.code, reading->alert_by, reading->legal});
    }
  }
  return work;
}

Json TimerJson(const TimerRow& timer, const TimerReading& reading) {
  return {{"timer_id", FormatUuid(timer.id)},
          {"leg_id", FormatUuid(timer.leg.view())},
          {"timer", v1::StatutoryTimer::Code_Name(timer.code)},
          {"mulai", TimeOf(timer.started)},
          {"diperpanjang", timer.extended},
          {"catatan", timer.note},
          {"oleh", timer.by},
          {"hukum", reading.law},
          {"batas_hukum", TimeOf(reading.legal)},
          {"batas_kalender", TimeOf(reading.calendar)},
          {"peringatan_pada", TimeOf(reading.alert_by)},
          {"keadaan", TimerStateName(reading.state)}};
}

std::string TimerBody(const TimerRow& timer) {
  return Json({{"timer", int{timer.code}},
               {"mulai", timer.started},
               {"diperpanjang", timer.extended},
               {"catatan", timer.note},
               {"oleh", timer.by}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> ReadTimerBody(std::string_view body, TimerRow& timer) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  const bool whole = json.is_object() && json.value("timer", Json()).is_number_integer() &&
                     json.value("mulai", Json()).is_number_integer() &&
                     json.value("diperpanjang", Json()).is_boolean() &&
                     json.value("catatan", Json()).is_string() &&
                     json.value("oleh", Json()).is_string();
  if (!whole) {
    return Fail(Errc::kCorrupt, "a stored timer does not parse");
  }
  timer.code = static_cast<v1::StatutoryTimer::Code>(json["timer"].get<int>());
  timer.started = json["mulai"].get<UnixMillis>();
  timer.extended = json["diperpanjang"].get<bool>();
  timer.note = json["catatan"].get<std::string>();
  timer.by = json["oleh"].get<std::string>();
  return {};
}

}  // namespace rujukan::agency
