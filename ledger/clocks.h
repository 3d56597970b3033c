// The clocks of a domain: how long each step of a leg may take, by class of urgency, in calendar or
// working time; when a missed deadline goes a tier up; working hours, zones and holidays; and the
// limits that a statute sets. One document for the broker's fold, the agents and the administrator
// (ledger/clocks_text.h, docs/formats/clocks.md). Pure, immutable after construction, any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "ledger/area.h"
#include "ledger/working_time.h"
#include "rujukan/v1/codes.pb.h"

namespace rujukan::ledger {

enum class Unit : uint8_t { kTime, kWorkingTime, kWorkingDays };

struct Span {
  Unit unit = Unit::kTime;
  int64_t amount = 0;    // ms, ms of working time, or working days
  bool to_work = false;  // what would end outside working time ends when work begins again

  bool operator==(const Span&) const = default;
};
std::string SpanText(const Span& span);  // "30 min", "4 working-h", "14 d next-work"
// As for an office of type C, which is covered earlier: half of it, a working day rounded up.
Span Halved(const Span& span);
Span Difference(const Span& longer, const Span& shorter);  // of the same unit

struct Limit {
  Span within;                 // missed after this
  std::optional<Span> target;  // aimed at; for people, no clock runs on it
  std::optional<Span> then;    // KEMAJUAN: from one report to the next
  std::optional<Span> closes;  // PENUTUPAN: after the notice the leg is closed

  bool operator==(const Limit&) const = default;
};

// When those of the second and the third level are told, after it was on record that a deadline was
// missed. The first level is told at once.
struct Escalation {
  Span second;
  Span third;
  bool operator==(const Escalation&) const = default;
};

// Counted by the agency that has the duty. No broker sees one run.
struct StatutoryLimit {
  Span within;
  std::optional<Span> extend;  // once more, by decision of who may
  std::optional<Span> lasts;   // what was done within it holds so long
  std::string law;             // "UU 11/2012 ps. 30(1)"
};
struct StatutoryDue {
  UnixMillis legal = 0;     // as the statute counts
  UnixMillis calendar = 0;  // by the calendar, the stricter reading: when to warn
};

struct Holiday {
  Day day = 0;
  bool leave = false;  // cuti bersama
  std::string name;
};

class Clocks {
 public:
  using ByClass = std::pair<v1::ClockClass::Code, v1::Deadline::Code>;
  struct Parts {
    std::string name;
    std::map<uint16_t, Zone> zones;  // by province
    Calendar::Parts calendar;
    std::vector<Holiday> holidays;  // those of the calendar, with their names
    std::map<ByClass, Dated<Limit>> limits;
    std::map<v1::ClockClass::Code, Dated<Escalation>> escalations;
    std::map<v1::StatutoryTimer::Code, Dated<StatutoryLimit>> timers;
  };

  // From ParseClocks (clocks_text.h), which leaves no class without its limits.
  explicit Clocks(Parts parts)
      : parts_(std::move(parts)), calendar_(std::exchange(parts_.calendar, {})) {}

  // Of an agency: what its profile says (zona_waktu), else by its province, else WIB.
  Zone ZoneOf(std::string_view said, const Area& area) const;
  UnixMillis After(UnixMillis from, const Span& span, Zone zone) const;
  // The limits in force for what begins at `at`. nullptr: none, for TINJAUAN and LAYANAN, whose
  // dates people set, and for PENGESAHAN outside DARURAT.
  const Limit* LimitFor(v1::ClockClass::Code clock_class,
                        v1::Deadline::Code deadline,
                        UnixMillis at,
                        Zone zone) const;
  const Escalation& EscalationFor(v1::ClockClass::Code clock_class, UnixMillis at, Zone zone) const;
  // nullptr: no such limit in the document, or not yet in force at `at`.
  const StatutoryLimit* TimerFor(v1::StatutoryTimer::Code timer, UnixMillis at, Zone zone) const;
  StatutoryDue DueOf(const Span& span, UnixMillis from, Zone zone) const;

  std::string_view name() const { return parts_.name; }
  const Calendar& calendar() const { return calendar_; }
  const Parts& parts() const { return parts_; }  // for people: without its calendar

 private:
  Parts parts_;
  Calendar calendar_;
};

}  // namespace rujukan::ledger
