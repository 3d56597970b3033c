#include "ledger/clocks_text.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/limits.h"
#include "ledger/clocks_span.h"
#include "ledger/default.clocks.h"

namespace rujukan::ledger {
namespace {

using D = v1::Deadline;
using Class = v1::ClockClass;

constexpr std::string_view kFirstLine = "rujukan-clocks 1";
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::array<Class::Code, 4> kClasses = {
    Class::DARURAT, Class::TINGGI, Class::SEDANG, Class::RENDAH};
// What every class needs a limit for.
constexpr std::array<D::Code, 7> kNeeded = {D::PENERIMAAN,
                                            D::KONFIRMASI,
                                            D::KEPUTUSAN,
                                            D::KONTAK,
                                            D::KEMAJUAN,
                                            D::PENUTUPAN,
                                            D::PERINGATAN};

bool ClosesItself(Class::Code clock_class) {
  return clock_class == Class::SEDANG || clock_class == Class::RENDAH;
}

class Parser {
 public:
  Result<void> Statement(DocumentLine& line);
  Result<Clocks> Finish() &&;

 private:
  Result<void> Dispatch(std::string_view keyword, DocumentLine& line);
  Result<void> Zones(DocumentLine& line);
  Result<void> Hours(DocumentLine& line);
  Result<void> OneHoliday(bool leave, DocumentLine& line);
  Result<void> OneLimit(DocumentLine& line);
  Result<void> OneEscalation(DocumentLine& line);
  Result<void> OneTimer(DocumentLine& line);
  Result<void> RequireWork() const;
  Result<void> RequireAll() const;

  Clocks::Parts parts_;
};

// Later statements about the same thing are about later dates, so the document reads downwards.
template <class T>
Result<void> Add(Dated<T>& dated, Day from, T value, const DocumentLine& line) {
  if (!dated.empty() && from <= dated.back().first) {
    return line.Wrong(
        "this is said above already: correct it there, or say from which later date on it counts, "
        "like `from 2027-01-01`");
  }
  dated.emplace_back(from, std::move(value));
  return {};
}

Result<std::vector<Class::Code>> TakeClasses(DocumentLine& line) {
  if (line.Take("*")) {
    return std::vector<Class::Code>(kClasses.begin(), kClasses.end());
  }
  Class::Code named = Class::UNSPECIFIED;
  const std::string_view word = line.Next();
  if (!Class::Code_Parse(std::string(word), &named) || named == Class::UNSPECIFIED) {
    return line.Wrong(Quoted(word) + " is no class: DARURAT, TINGGI, SEDANG, RENDAH, or * for all");
  }
  return std::vector<Class::Code>{named};
}

Result<D::Code> TakeDeadline(DocumentLine& line) {
  D::Code named = D::UNSPECIFIED;
  const std::string_view word = line.Next();
  if (!D::Code_Parse(std::string(word), &named) || named == D::UNSPECIFIED) {
    return line.Wrong(Quoted(word) + " is no deadline: KONFIRMASI, KEPUTUSAN, KONTAK, ...");
  }
  if (named == D::TINJAUAN || named == D::LAYANAN) {
    return line.Wrong(std::string(word) + " ends on the date that people set: take this line out");
  }
  return named;
}

Result<std::optional<Span>> TakeOptional(std::string_view word, DocumentLine& line) {
  if (!line.Take(word)) {
    return std::optional<Span>();
  }
  ASSIGN_OR_RETURN(const Span span, TakeSpan(line));
  return std::optional<Span>(span);
}

Result<void> Parser::Statement(DocumentLine& line) {
  const std::string_view keyword = line.Next();
  if (parts_.name.empty() != (keyword == "name")) {
    return line.Wrong(keyword == "name" ? "a document has one name: take this line out"
                                        : "first stands the name, like `name \"Tenggat baku\"`");
  }
  RETURN_IF_ERROR(Dispatch(keyword, line));
  if (!line.AtEnd()) {
    return line.Wrong(Quoted(line.Peek()) + " is too much: the statement ends before it");
  }
  return {};
}

Result<void> Parser::Dispatch(std::string_view keyword, DocumentLine& line) {
  if (keyword == "name") {
    ASSIGN_OR_RETURN(parts_.name, line.TakeText());
    return {};
  }
  if (keyword == "zone") {
    return Zones(line);
  }
  if (keyword == "hours") {
    return Hours(line);
  }
  if (keyword == "holiday" || keyword == "leave") {
    return OneHoliday(keyword == "leave", line);
  }
  if (keyword == "limit") {
    return OneLimit(line);
  }
  if (keyword == "escalate") {
    return OneEscalation(line);
  }
  if (keyword == "timer") {
    return OneTimer(line);
  }
  return line.Wrong(Quoted(keyword) +
                    " is not a statement: a line begins with name, zone, hours, holiday, leave, "
                    "limit, escalate, timer or #");
}

Result<void> Parser::Zones(DocumentLine& line) {
  const auto zone = ZoneNamed(line.Next());
  if (!zone) {
    return line.Wrong("write zones as `zone WITA 51, 52`, of WIB, WITA or WIT");
  }
  ASSIGN_OR_RETURN(const std::vector<std::string_view> codes, line.TakeList("51, 52"));
  for (const std::string_view code : codes) {
    const auto area = Area::Parse(code);
    if (!area || area->tier() != Tier::kProvince) {
      return line.Wrong(Quoted(code) + " is no province: write the two digits of Kemendagri");
    }
    if (!parts_.zones.emplace(area->province(), *zone).second) {
      return line.Wrong("province " + std::string(code) + " has its zone already: take one out");
    }
  }
  return {};
}

Result<void> Parser::Hours(DocumentLine& line) {
  ASSIGN_OR_RETURN(const std::vector<std::string_view> names, line.TakeList("Mon, Tue"));
  ASSIGN_OR_RETURN(const Shifts shifts, TakeShifts(line));
  ASSIGN_OR_RETURN(const Day from, TakeFrom(line));
  for (const std::string_view name : names) {
    const auto* const found = std::find(kWeekdays.begin(), kWeekdays.end(), name);
    if (found == kWeekdays.end()) {
      return line.Wrong(Quoted(name) + " is no weekday: Mon, Tue, Wed, Thu, Fri, Sat, Sun");
    }
    auto& hours = parts_.calendar.hours.at(static_cast<size_t>(found - kWeekdays.begin()));
    RETURN_IF_ERROR(Add(hours, from, shifts, line));
  }
  return {};
}

Result<void> Parser::OneHoliday(bool leave, DocumentLine& line) {
  if (parts_.holidays.size() >= limits::kHolidaysMax) {
    return Fail(Errc::kLimit,
                "line " + std::to_string(line.number()) + ": a document has at most " +
                    std::to_string(limits::kHolidaysMax) + " holidays: take past years out");
  }
  ASSIGN_OR_RETURN(const Day day, TakeDate(line));
  if (!parts_.holidays.empty() && day <= parts_.holidays.back().day) {
    return line.Wrong("holidays stand in order of date, a line each: move this one");
  }
  ASSIGN_OR_RETURN(std::string name, line.TakeText());
  parts_.holidays.push_back({day, leave, std::move(name)});
  parts_.calendar.holidays.push_back(day);
  return {};
}

Result<void> Parser::OneLimit(DocumentLine& line) {
  ASSIGN_OR_RETURN(const std::vector<Class::Code> classes, TakeClasses(line));
  ASSIGN_OR_RETURN(const D::Code deadline, TakeDeadline(line));
  Limit limit;
  ASSIGN_OR_RETURN(limit.within, TakeSpan(line));
  ASSIGN_OR_RETURN(limit.target, TakeOptional("target", line));
  ASSIGN_OR_RETURN(limit.then, TakeOptional("then", line));
  ASSIGN_OR_RETURN(limit.closes, TakeOptional("closes", line));
  ASSIGN_OR_RETURN(const Day from, TakeFrom(line));
  if (limit.then.has_value() != (deadline == D::KEMAJUAN)) {
    return line.Wrong("KEMAJUAN, and only it, has the time between reports: `24 h then 3 d`");
  }
  for (const Class::Code clock_class : classes) {
    if (limit.closes && (deadline != D::PENUTUPAN || !ClosesItself(clock_class))) {
      return line.Wrong("only PENUTUPAN of SEDANG and RENDAH closes a leg by itself");
    }
    RETURN_IF_ERROR(Add(parts_.limits[{clock_class, deadline}], from, limit, line));
  }
  return {};
}

Result<void> Parser::OneEscalation(DocumentLine& line) {
  ASSIGN_OR_RETURN(const std::vector<Class::Code> classes, TakeClasses(line));
  Escalation escalation;
  if (!line.Take("L2")) {
    return line.Wrong("write tiers as `escalate DARURAT L2 30 min L3 1 h`");
  }
  ASSIGN_OR_RETURN(escalation.second, TakeSpan(line));
  if (!line.Take("L3")) {
    return line.Wrong("write tiers as `escalate DARURAT L2 30 min L3 1 h`");
  }
  ASSIGN_OR_RETURN(escalation.third, TakeSpan(line));
  ASSIGN_OR_RETURN(const Day from, TakeFrom(line));
  if (escalation.second.unit != escalation.third.unit ||
      escalation.second.amount >= escalation.third.amount) {
    return line.Wrong("both count alike from the first level on, so L3 is the longer of the two");
  }
  for (const Class::Code clock_class : classes) {
    RETURN_IF_ERROR(Add(parts_.escalations[clock_class], from, escalation, line));
  }
  return {};
}

Result<void> Parser::OneTimer(DocumentLine& line) {
  v1::StatutoryTimer::Code timer = v1::StatutoryTimer::UNSPECIFIED;
  const std::string_view word = line.Next();
  if (!v1::StatutoryTimer::Code_Parse(std::string(word), &timer) ||
      timer == v1::StatutoryTimer::UNSPECIFIED) {
    return line.Wrong(Quoted(word) + " is no statutory timer: PENANGKAPAN, LITMAS, ...");
  }
  StatutoryLimit limit;
  ASSIGN_OR_RETURN(limit.within, TakeSpan(line));
  ASSIGN_OR_RETURN(limit.extend, TakeOptional("extend", line));
  ASSIGN_OR_RETURN(limit.lasts, TakeOptional("lasts", line));
  ASSIGN_OR_RETURN(const Day from, TakeFrom(line));
  if (from == kAlways || !line.Take("law")) {
    return line.Wrong(
        "a statute has a day and a name: `from 2014-07-31 law \"UU 11/2012 ps. 33\"` ends the "
        "line");
  }
  ASSIGN_OR_RETURN(limit.law, line.TakeText());
  return Add(parts_.timers[timer], from, std::move(limit), line);
}

// On each date from which some hours count, somebody works on some weekday.
Result<void> Parser::RequireWork() const {
  std::vector<Day> dates = {kAlways};
  for (const Dated<Shifts>& hours : parts_.calendar.hours) {
    for (const auto& [from, shifts] : hours) {
      dates.push_back(from);
    }
  }
  for (const Day day : dates) {
    const auto works = [day](const Dated<Shifts>& hours) {
      const Shifts* shifts = InForce(hours, day);
      return shifts != nullptr && !shifts->empty();
    };
    if (std::none_of(parts_.calendar.hours.begin(), parts_.calendar.hours.end(), works)) {
      return Fail(Errc::kInvalid,
                  "no weekday has working hours" +
                      (day == kAlways ? std::string() : " from " + DateText(day) + " on") +
                      ": write them, like `hours Mon, Tue 07:30-16:00`");
    }
  }
  return {};
}

Result<void> Parser::RequireAll() const {
  const auto require = [this](Class::Code clock_class, D::Code deadline) -> Result<void> {
    if (parts_.limits.count({clock_class, deadline}) != 0) {
      return {};
    }
    return Fail(Errc::kInvalid,
                "a limit is missing: write `limit " + Class::Code_Name(clock_class) + " " +
                    D::Code_Name(deadline) + " ...`");
  };
  for (const Class::Code clock_class : kClasses) {
    for (const D::Code deadline : kNeeded) {
      RETURN_IF_ERROR(require(clock_class, deadline));
    }
    if (parts_.escalations.count(clock_class) == 0) {
      return Fail(Errc::kInvalid,
                  "tiers are missing: write `escalate " + Class::Code_Name(clock_class) +
                      " L2 ... L3 ...`");
    }
  }
  return require(Class::DARURAT, D::PENGESAHAN);
}

Result<Clocks> Parser::Finish() && {
  if (parts_.name.empty()) {
    return Fail(Errc::kInvalid,
                "the document has no name: write `name \"...\"` on its second line");
  }
  RETURN_IF_ERROR(RequireWork());
  RETURN_IF_ERROR(RequireAll());
  return Clocks(std::move(parts_));
}

}  // namespace

Result<Clocks> ParseClocks(std::string_view document) {
  Parser parser;
  RETURN_IF_ERROR(ReadStatements(document,
                                 {kFirstLine,
                                  limits::kClocksBytesMax,
                                  "the document",
                                  "shorten comments or take past years out",
                                  "these are no clocks, or some for another version"},
                                 [&](DocumentLine& line) { return parser.Statement(line); }));
  return std::move(parser).Finish();
}

std::string_view DefaultClocksText() {
  return kDefaultClocks;
}

const Clocks& DefaultClocks() {
  static const Clocks kClocks = [] {
    auto parsed = ParseClocks(kDefaultClocks);
    CHECK(parsed.has_value());  // a test reads it
    return std::move(*parsed);
  }();
  return kClocks;
}

}  // namespace rujukan::ledger
