// What waits, what is late, and finding a leg.
#include "agents/agency/api.h"
#include "agents/agency/json.h"
#include "agents/agency/leg_search.h"
#include "agents/agency/render.h"
#include "agents/agency/time_text.h"
#include "agents/agency/work_legs.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

constexpr const char* kSearchReason = "pencarian / search";
constexpr const char* kListReason = "daftar terlambat / list of what is late";

const char* RoleName(ledger::Side side) {
  return side == ledger::Side::kSender ? "PERUJUK" : "PENERIMA";
}

Json ItemJson(const WorkItem& item, UnixMillis now) {
  Json json = {{"leg_id", FormatUuid(item.leg.view())},
               {"role", RoleName(item.side)},
               {"peer", item.peer},
               {"state", v1::LegState::Code_Name(item.state)},
               {"clock_class", v1::ClockClass::Code_Name(item.clock_class)},
               {"task", std::string(TaskName(item.task))},
               {"command", std::string(CommandFor(item.task))},
               {"ours", item.ours},
               {"due", TimeOf(item.due)},
               {"late_ms", item.due == 0 ? Json(nullptr) : Json(now - item.due)},
               {"escalation", item.escalation},
               {"told", item.told}};
  if (item.deadline != v1::Deadline::UNSPECIFIED) {
    json["deadline"] = v1::Deadline::Code_Name(item.deadline);
  }
  if (item.timer != v1::StatutoryTimer::UNSPECIFIED) {
    json["timer"] = v1::StatutoryTimer::Code_Name(item.timer);
    json["breach_by"] = TimeOf(item.breach_by);
    json["breached"] = now > item.breach_by;
  }
  return json;
}

std::string Word(const Json& body, const char* name, Findings& findings) {
  const auto word = StringMember(body, name);
  if (!word) {
    findings.push_back(Finding{name, "harus teks / must be a text"});
  }
  return word.value_or("");
}

// A code by its name; `parse` is the enumeration's.
template <class Code>
Code CodeNamed(const Json& body,
               const char* name,
               bool (*parse)(const std::string&, Code*),
               Findings& findings) {
  const std::string word = Word(body, name, findings);
  auto code = static_cast<Code>(0);
  if (!word.empty() && (!parse(word, &code) || code == 0)) {
    findings.push_back(Finding{name, "kode tidak dikenal / no such code"});
  }
  return code;
}

UnixMillis DateNamed(
    const Json& body, const char* name, ledger::Zone zone, int days_on, Findings& findings) {
  const std::string word = Word(body, name, findings);
  const auto day = ledger::ParseDate(word);
  if (!word.empty() && !day) {
    findings.push_back(Finding{name, "tanggal YYYY-MM-DD / a date"});
  }
  return day ? ledger::Midnight(*day + days_on, zone) : 0;
}

LegFilter ReadFilter(const Json& body, ledger::Zone zone, Findings& findings) {
  LegFilter filter;
  filter.leg = Word(body, "leg", findings);
  filter.peer = Word(body, "peer", findings);
  filter.state = CodeNamed<v1::LegState::Code>(
      body,
      "state",
      [](const std::string& word, v1::LegState::Code* code) {
        return v1::LegState::Code_Parse(word, code);
      },
      findings);
  filter.deadline = CodeNamed<v1::Deadline::Code>(
      body,
      "deadline",
      [](const std::string& word, v1::Deadline::Code* code) {
        return v1::Deadline::Code_Parse(word, code);
      },
      findings);
  if (const std::string word = Word(body, "urgency", findings); !word.empty()) {
    filter.classes = ClassesNamed(word);
    if (filter.classes.empty()) {
      findings.push_back(
          Finding{"urgency",
                  "AMAT_SEGERA, SEGERA, BIASA, atau DARURAT, TINGGI, SEDANG, RENDAH / "
                  "one of these"});
    }
  }
  filter.from = DateNamed(body, "from", zone, 0, findings);
  filter.until = DateNamed(body, "until", zone, 1, findings);
  return filter;
}

Json FoundJson(const WorkLeg& leg) {
  return {{"leg_id", FormatUuid(leg.id.view())},
          {"role", RoleName(leg.side)},
          {"peer", leg.peer},
          {"state", v1::LegState::Code_Name(leg.state)},
          {"clock_class", v1::ClockClass::Code_Name(leg.record.clock_class())},
          {"opened_at", TimeOf(leg.record.opened_at_ms())}};
}

// Opens contents of legs and says which hold what is looked for. Every content it opens is a
// reading of its own, found or not: whoever searches learns from both.
class ContentSearch {
 public:
  ContentSearch(Tables& tables, std::string ref_anak, std::string name, std::string reader)
      : tables_(tables),
        ref_anak_(std::move(ref_anak)),
        name_(std::move(name)),
        reader_(std::move(reader)) {}

  Result<bool> Fits(const LegId& leg) {
    bool ref = ref_anak_.empty();
    bool name = name_.empty();
    ASSIGN_OR_RETURN(const auto rows, tables_.ListLeg(leg));
    MessageRow opening;
    for (const auto& row : rows) {
      if (row.kind != v1::Kind::RUJUKAN && row.kind != v1::Kind::RINCIAN) {
        continue;
      }
      opening = row.kind == v1::Kind::RUJUKAN ? row : opening;
      ASSIGN_OR_RETURN(const auto whole, tables_.Find(row.id));
      if (whole && !whole->content.empty()) {
        const auto content = Open(*whole, whole->content);
        ref = ref || HasChildRef(content, ref_anak_);
        name = name || HasName(content, name_);
      }
    }
    if (!name && ref) {  // our own second stage, before acceptance
      ASSIGN_OR_RETURN(const auto held, tables_.FindHeld(leg));
      name = !held.empty() && HasName(Open(opening, held), name_);
    }
    return ref && name;
  }
  const std::vector<Reading>& readings() const { return readings_; }

 private:
  v1::Content Open(const MessageRow& row, const std::string& bytes) {
    v1::Content content;
    content.ParseFromString(bytes);
    readings_.push_back(
        Reading{row.id, row.leg, v1::ReadAction::VIEWED, StageOf(content), reader_, kSearchReason});
    return content;
  }

  Tables& tables_;
  const std::string ref_anak_;
  const std::string name_;
  const std::string reader_;
  std::vector<Reading> readings_;
};

// The child's pseudonym in a leg's opening, which is a reading.
Result<std::string> ChildRefOf(Tables& tables,
                               const LegId& leg,
                               const std::string& reader,
                               std::vector<Reading>& seen) {
  ASSIGN_OR_RETURN(const auto rows, tables.ListLeg(leg));
  for (const auto& row : rows) {
    if (row.kind != v1::Kind::RUJUKAN) {
      continue;
    }
    ASSIGN_OR_RETURN(const auto whole, tables.Find(row.id));
    v1::Content content;
    if (whole && !whole->content.empty() && content.ParseFromString(whole->content)) {
      seen.push_back(ReadingOf(*whole, v1::ReadAction::VIEWED, reader));
      seen.back().reason = kListReason;
      return content.rujukan().t1().ref_anak();
    }
  }
  return std::string();
}

bool IsSet(const ApiRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found != request.query.end() && found->second == "1";
}

}  // namespace

Result<Api::Calendar> Api::CalendarHere() {
  ASSIGN_OR_RETURN(auto clocks, ClocksOf(context_.store.directory()));
  ASSIGN_OR_RETURN(const auto zone,
                   ZoneOfAgency(context_.store.directory(), clocks, context_.config.address));
  return Calendar{std::move(clocks), zone};
}

ApiReply Api::GetWorklist(const ApiRequest& request) {
  const auto view = request.query.find("view");
  const bool overdue = view != request.query.end() && view->second == "overdue";
  if (!overdue && (view == request.query.end() || view->second != "today")) {
    return ProblemOfQuery(Findings{Finding{"view", "today atau overdue / one of these"}});
  }
  const auto calendar = CalendarHere();
  if (!calendar) {
    return ProblemOf(calendar.error());
  }
  const UnixMillis now = context_.clock.Now();
  const bool children = IsSet(request, "anak");
  const auto tell = [&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto legs, ReadWorkLegs(tables, calendar->clocks, calendar->zone));
    const auto items = overdue ? OverdueOf(legs, now) : TodayOf(legs, now);
    Json list = Json::array();
    std::vector<Reading> seen;
    for (const auto& item : items) {
      if (list.size() == limits::kWorkItemsMax) {
        break;
      }
      list.push_back(ItemJson(item, now));
      if (children) {
        ASSIGN_OR_RETURN(const auto ref, ChildRefOf(tables, item.leg, request.reader, seen));
        list.back()["ref_anak"] = ref;
      }
    }
    RETURN_IF_ERROR(LogReads(tables, seen, now));
    return Json{{"view", overdue ? "overdue" : "today"},
                {"at", TimeOf(now)},
                {"items", std::move(list)},
                {"more", items.size() > limits::kWorkItemsMax}};
  };
  const auto json = children ? context_.store.Write(tell) : context_.store.Read(tell);
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

ApiReply Api::PostSearch(const ApiRequest& request) {
  const auto body = ParseJson(request.body.empty() ? "{}" : request.body);
  if (!body || !body->is_object()) {
    return ProblemOf(400, "bukan JSON / not JSON", body ? "" : body.error().context);
  }
  const auto calendar = CalendarHere();
  if (!calendar) {
    return ProblemOf(calendar.error());
  }
  Findings findings;
  const LegFilter filter = ReadFilter(*body, calendar->zone, findings);
  const std::string ref_anak = Word(*body, "ref_anak", findings);
  const std::string name = Word(*body, "nama", findings);
  if (!findings.empty()) {
    return ProblemOf(findings);
  }
  const bool opens = !ref_anak.empty() || !name.empty();
  const auto tell = [&](Tables& tables) -> Result<Json> {
    ASSIGN_OR_RETURN(const auto legs, ReadWorkLegs(tables, calendar->clocks, calendar->zone));
    ContentSearch contents(tables, ref_anak, name, request.reader);
    Json found = Json::array();
    bool more = false;
    for (const auto& leg : legs) {
      if (!Fits(leg, filter)) {
        continue;
      }
      more = found.size() == limits::kFoundLegsMax ||
             contents.readings().size() >= limits::kSearchOpenedMax;
      if (more) {
        break;
      }
      ASSIGN_OR_RETURN(const bool fits, opens ? contents.Fits(leg.id) : Result<bool>(true));
      if (fits) {
        found.push_back(FoundJson(leg));
      }
    }
    RETURN_IF_ERROR(LogReads(tables, contents.readings(), context_.clock.Now()));
    return Json{{"legs", std::move(found)}, {"opened", contents.readings().size()}, {"more", more}};
  };
  const auto json = opens ? context_.store.Write(tell) : context_.store.Read(tell);
  return json ? ReplyOf(200, *json) : ProblemOf(json.error());
}

// Without contents: what stands in an address of the web must not be a name.
ApiReply Api::GetSearch(const ApiRequest& request) {
  Json body = Json::object();
  for (const auto& [name, value] : request.query) {
    if (name == "ref_anak" || name == "nama") {
      return ProblemOfQuery(Findings{Finding{
          name, "hanya lewat POST, tidak dalam alamat / by POST only, never in an address"}});
    }
    body[name] = value;
  }
  ApiRequest asked = request;
  // What is no text in the address is no word that anything has.
  asked.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return PostSearch(asked);
}

}  // namespace rujukan::agency
