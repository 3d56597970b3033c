// A trail as text for terminals and as JSON for programs.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agents/audit/subject.h"
#include "agents/audit/trail.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kShortKeyDigits = 8;

std::string Numbered(const std::optional<LogIndex>& index) {
  return index ? "#" + std::to_string(*index) : "-";
}

std::string HeadAsText(const Trail& trail) {
  std::string text = fmt::format("{}\nLedger  {}, {} entries, the last of {}\n",
                                 Printable(trail.subject),
                                 Printable(trail.origin),
                                 trail.size,
                                 FormatTime(trail.as_of));
  if (trail.withheld > 0) {
    text += fmt::format("Withheld  {} entries are outside what you may read\n", trail.withheld);
  }
  if (trail.policy) {
    text += fmt::format("Policy  version {} of entry #{}, sha256 {}\n",
                        trail.policy->version,
                        trail.policy->index,
                        trail.policy->digest);
  }
  if (trail.directory.head > 0) {
    text += fmt::format(
        "Directory up to entry #{}, root {}\n", trail.directory.head - 1, trail.directory.root);
  }
  for (const TrailParty& party : trail.parties) {
    text += fmt::format("Party   {} ({}): {}, key {} until {}\n",
                        Printable(party.address),
                        Printable(party.official_name),
                        party.status,
                        party.signing_key.substr(0, kShortKeyDigits),
                        FormatTime(party.key_until).substr(0, 10));
  }
  return text;
}

std::string EventLine(const TrailEvent& event, size_t who_width) {
  std::string line = fmt::format("  {}  {:<{}}  {:<16}  {:<13}  {:<7} {}",
                                 ShortTime(event.time, event.utc_offset_minutes),
                                 Printable(event.who),
                                 who_width,
                                 Printable(event.kind),
                                 event.state,
                                 Numbered(event.index),
                                 Printable(event.note));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string DeadlinesAsText(const Trail& trail) {
  std::string text;
  for (const Deadline& deadline : trail.deadlines) {
    text += fmt::format("  {}  {:<11} {}{}\n",
                        ShortTime(deadline.due, deadline.utc_offset_minutes),
                        deadline.what,
                        deadline.Words(),
                        trail.agency.empty() ? "" : "  leg " + UuidOrNothing(deadline.leg_id));
  }
  return text.empty() ? "" : "\nDeadlines\n" + text;
}

Json EventAsJson(const TrailEvent& event) {
  Json json;
  json["class"] = TrailClassName(event.type);
  json["index"] = event.index ? Json(*event.index) : Json(nullptr);
  json["time"] = FormatTime(event.time, event.utc_offset_minutes);
  json["who"] = event.who;
  json["to"] = event.to;
  json["kind"] = event.kind;
  json["state"] = event.state;
  json["note"] = event.note;
  json["leg_id"] = event.leg_id;
  json["message_id"] = event.message_id;
  json["who_status"] = event.who_status;
  json["signer_key"] = event.signer_key;
  json["policy_version"] = event.policy_version;
  json["rule"] = event.rule;
  json["directory_head"] = event.directory_head;
  return json;
}

Json DeadlineAsJson(const Deadline& deadline) {
  Json json;
  json["leg_id"] = UuidOrNothing(deadline.leg_id);
  json["what"] = deadline.what;
  json["due"] = FormatTime(deadline.due, deadline.utc_offset_minutes);
  json["verdict"] = VerdictName(deadline.verdict);
  json["answered_by"] = deadline.answer ? Json(*deadline.answer) : Json(nullptr);
  json["late_ms"] = deadline.answer ? Json(deadline.answered - deadline.due) : Json(nullptr);
  json["records"] = Json::array();
  for (const MissRecord& record : deadline.records) {
    json["records"].push_back(Json{{"index", record.index},
                                   {"level", record.level},
                                   {"after_ms", record.time - deadline.due}});
  }
  return json;
}

Json InForceAsJson(const Trail& trail) {
  Json json;
  json["policy"] = trail.policy ? Json{{"version", trail.policy->version},
                                       {"sha256", trail.policy->digest},
                                       {"index", trail.policy->index}}
                                : Json(nullptr);
  json["directory"] = {{"head", trail.directory.head}, {"root", trail.directory.root}};
  json["parties"] = Json::array();
  for (const TrailParty& party : trail.parties) {
    json["parties"].push_back({{"address", party.address},
                               {"official_name", party.official_name},
                               {"status", party.status},
                               {"signing_key", party.signing_key},
                               {"key_until", FormatTime(party.key_until)}});
  }
  return json;
}

}  // namespace

std::string TrailAsText(const Trail& trail) {
  size_t who_width = 0;
  for (const TrailEvent& event : trail.events) {
    who_width = std::max(who_width, Printable(event.who).size());
  }
  std::string text = HeadAsText(trail);
  for (const TrailThread& thread : ThreadsOf(trail)) {
    if (!trail.agency.empty()) {
      text += "\n" + (thread.leg_id.empty() ? std::string("No leg") : "Leg " + thread.leg_id);
    }
    text += "\n";
    for (const TrailEvent* event : thread.events) {
      text += EventLine(*event, who_width);
    }
  }
  if (trail.events.empty()) {
    text += "\n  nothing in this span of time\n";
  }
  return text + DeadlinesAsText(trail);
}

std::string TrailAsJson(const Trail& trail) {
  Json json;
  json["subject"] = trail.subject;
  json["leg_id"] = trail.leg_id;
  json["agency"] = trail.agency;
  json["origin"] = trail.origin;
  json["size"] = trail.size;
  json["withheld"] = trail.withheld;
  json["as_of"] = FormatTime(trail.as_of);
  json["from"] = trail.span.from == 0 ? Json(nullptr) : Json(FormatTime(trail.span.from));
  json["to"] = trail.span.to == 0 ? Json(nullptr) : Json(FormatTime(trail.span.to));
  json["in_force"] = InForceAsJson(trail);
  json["events"] = Json::array();
  for (const TrailEvent& event : trail.events) {
    json["events"].push_back(EventAsJson(event));
  }
  json["deadlines"] = Json::array();
  for (const Deadline& deadline : trail.deadlines) {
    json["deadlines"].push_back(DeadlineAsJson(deadline));
  }
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rujukan::audit
