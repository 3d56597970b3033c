// Statutory timers of a leg.
#include "agents/agency/api.h"
#include "agents/agency/render.h"
#include "agents/agency/time_text.h"
#include "agents/agency/timers.h"
#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

Result<LegId> LegNamed(const std::string& text) {
  ASSIGN_OR_RETURN(const auto bytes, ParseUuid(text));
  return LegId::FromBytes(bytes);
}

TimerRow ReadTimerRequest(const Json& body, UnixMillis now, Findings& findings) {
  TimerRow timer;
  const auto code = StringMember(body, "timer");
  if (!code || !v1::StatutoryTimer::Code_Parse(*code, &timer.code) || timer.code == 0) {
    findings.push_back(
        Finding{"timer", "kode batas waktu, contoh PENANGKAPAN / a code, such as PENANGKAPAN"});
  }
  const auto started = StringMember(body, "mulai");
  const auto moment = started ? ParseMoment(*started) : Result<UnixMillis>(Fail(started.error()));
  if (!moment || *moment > now) {
    findings.push_back(Finding{
        "mulai",
        moment ? "tidak boleh di masa depan / must not be in the future" : moment.error().context});
  }
  timer.started = moment.value_or(0);
  const auto note = StringMember(body, "catatan");
  if (!note || note->size() > kTimerNoteBytesMax) {
    findings.push_back(
        Finding{"catatan", "teks, paling banyak 500 bita / a text, at most 500 bytes"});
  }
  timer.note = note.value_or("");
  const auto extended = body.find("diperpanjang");
  if (extended != body.end() && !extended->is_boolean()) {
    findings.push_back(Finding{"diperpanjang", "true atau false / one of these"});
  } else {
    timer.extended = extended != body.end() && extended->get<bool>();
  }
  return timer;
}

// The same limit from the same moment is the same timer: told again, it is changed.
Result<void> PutOnLeg(Tables& tables, TimerRow& timer, UnixMillis now) {
  ASSIGN_OR_RETURN(const auto leg, tables.FindLeg(timer.leg));
  if (!leg) {
    return Fail(Errc::kNotFound, "tidak ada rujukan dengan id ini / no such leg here");
  }
  ASSIGN_OR_RETURN(const auto known, tables.TimersOf(timer.leg));
  for (const auto& one : known) {
    if (one.code == timer.code && one.started == timer.started) {
      timer.id = one.id;
    }
  }
  if (timer.id.empty()) {
    if (known.size() >= limits::kStatutoryTimersPerLegMax) {
      return Fail(
          Errc::kLimit,
          "paling banyak 16 batas waktu per rujukan; hentikan yang selesai / at most 16 a leg: "
          "stop those that are over");
    }
    timer.id = certs::NewMessageId(now).str();
  }
  return tables.PutTimer(timer);
}

}  // namespace

ApiReply Api::GetTimers(const std::string& leg_text) {
  const auto leg = LegNamed(leg_text);
  const auto calendar = CalendarHere();
  if (!leg || !calendar) {
    return ProblemOf(leg ? calendar.error() : leg.error());
  }
  const auto timers = context_.store.Read([&](Tables& tables) { return tables.TimersOf(*leg); });
  if (!timers) {
    return ProblemOf(timers.error());
  }
  Json list = Json::array();
  for (const auto& timer : *timers) {
    const auto reading = ReadTimer(timer, calendar->clocks, calendar->zone, context_.clock.Now());
    if (!reading) {
      return ProblemOf(reading.error());
    }
    list.push_back(TimerJson(timer, *reading));
  }
  return ReplyOf(200, {{"leg_id", leg_text}, {"timers", std::move(list)}});
}

ApiReply Api::PostTimer(const ApiRequest& request, const std::string& leg_text) {
  const auto leg = LegNamed(leg_text);
  const auto body = ParseJson(request.body);
  if (!leg || !body || !body->is_object()) {
    return leg ? ProblemOf(400, "bukan JSON / not JSON", body ? "" : body.error().context)
               : ProblemOf(leg.error());
  }
  const auto calendar = CalendarHere();
  if (!calendar) {
    return ProblemOf(calendar.error());
  }
  const UnixMillis now = context_.clock.Now();
  Findings findings;
  TimerRow timer = ReadTimerRequest(*body, now, findings);
  timer.leg = *leg;
  timer.by = request.reader;
  const auto reading = ReadTimer(timer, calendar->clocks, calendar->zone, now);
  if (findings.empty() && !reading) {
    findings.push_back(Finding{"timer", reading.error().context});
  }
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const auto kept = context_.store.Write(
      [&](Tables& tables) -> Result<void> { return PutOnLeg(tables, timer, now); });
  return kept ? ReplyOf(201, TimerJson(timer, *reading)) : ProblemOf(kept.error());
}

ApiReply Api::DeleteTimer(const ApiRequest& request, const std::string& leg_text) {
  const auto leg = LegNamed(leg_text);
  const auto named = request.query.find("timer");
  const std::string id = named == request.query.end() ? "" : named->second;
  const auto bytes = ParseUuid(id);
  if (!leg || !bytes) {
    return ProblemOf(leg ? bytes.error() : leg.error());
  }
  const auto dropped = context_.store.Write(
      [&](Tables& tables) -> Result<bool> { return tables.DropTimer(*leg, *bytes); });
  if (!dropped) {
    return ProblemOf(dropped.error());
  }
  return *dropped
             ? ReplyOf(200, {{"timer_id", id}, {"stopped", true}})
             : ProblemOf(404, "not found", "tidak ada batas waktu ini / no such timer in this leg");
}

}  // namespace rujukan::agency
