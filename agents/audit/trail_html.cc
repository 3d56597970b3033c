// A trail as a page: what was in force, a drawing and a table for each leg, the deadlines.

#include <fmt/format.h>

#include "agents/audit/html.h"
#include "agents/audit/subject.h"
#include "agents/audit/trail.h"
#include "agents/audit/trail_drawing.h"

namespace rujukan::audit {
namespace {

constexpr size_t kShortKeyDigits = 16;

std::string Mono(const std::string& text) {
  return "<span class=\"n\">" + EscapeHtml(text) + "</span>";
}

std::string Head(const Trail& trail) {
  std::vector<HtmlFact> facts = {
      {"Buku besar / ledger", trail.origin},
      {"Entri / entries",
       fmt::format("{}, terakhir / last {}", trail.size, FormatTime(trail.as_of))},
  };
  if (trail.withheld > 0) {
    facts.push_back(
        {"Tidak terlihat / withheld",
         fmt::format("{} entri di luar lingkup Anda / outside your scope", trail.withheld)});
  }
  if (trail.span.from != 0 || trail.span.to != 0) {
    facts.push_back({"Rentang / span",
                     (trail.span.from == 0 ? std::string("...") : FormatTime(trail.span.from)) +
                         " \xE2\x80\x93 " +
                         (trail.span.to == 0 ? std::string("...") : FormatTime(trail.span.to))});
  }
  if (trail.policy) {
    facts.push_back({"Kebijakan / policy",
                     fmt::format("versi / version {} (#{}), sha256 {}",
                                 trail.policy->version,
                                 trail.policy->index,
                                 trail.policy->digest)});
  }
  if (trail.directory.head > 0) {
    facts.push_back(
        {"Direktori / directory",
         fmt::format(
             "sampai / up to #{}, root {}", trail.directory.head - 1, trail.directory.root)});
  }
  return "<h1>Jejak <small>Trail</small><br>" + EscapeHtml(trail.subject) + "</h1>\n" +
         HtmlFacts(facts);
}

std::string Parties(const Trail& trail) {
  std::vector<std::vector<std::string>> rows;
  for (const TrailParty& party : trail.parties) {
    rows.push_back({EscapeHtml(party.address),
                    EscapeHtml(party.official_name),
                    EscapeHtml(party.status),
                    Mono(party.signing_key.substr(0, kShortKeyDigits)),
                    EscapeHtml(FormatTime(party.key_until).substr(0, 10))});
  }
  return rows.empty() ? ""
                      : "<h2>Pihak <small>Parties</small></h2>\n" +
                            HtmlTable("Keadaan pada peristiwa pertama / as of the first event",
                                      {"Alamat / address",
                                       "Nama / name",
                                       "Status",
                                       "Kunci / key",
                                       "Sampai / until"},
                                      rows);
}

const char* LookOf(const TrailEvent& event) {
  switch (event.type) {
    case TrailClass::kRefusal:
    case TrailClass::kDeadline:
      return "bad";
    case TrailClass::kMessage:
      return "";
    case TrailClass::kDelivery:
      return event.note.empty() ? "" : "bad";
    default:
      return "warn";
  }
}

// Text below a cell's own, in small print; "" adds nothing.
std::string Below(const std::string& text) {
  return text.empty() ? "" : "<small>" + EscapeHtml(text) + "</small>";
}

// Under which rule and key it came in.
std::string Grounds(const TrailEvent& event) {
  std::string text;
  if (!event.rule.empty()) {
    text = fmt::format("aturan / rule {}, versi / version {}", event.rule, event.policy_version);
  }
  if (!event.signer_key.empty()) {
    text += (text.empty() ? "" : "; ") + std::string("kunci / key ") +
            event.signer_key.substr(0, kShortKeyDigits);
  }
  return text;
}

std::string Events(const TrailThread& thread) {
  std::vector<std::vector<std::string>> rows;
  for (const TrailEvent* event : thread.events) {
    rows.push_back(
        {Mono(event->index ? "#" + std::to_string(*event->index) : ""),
         EscapeHtml(ShortTime(event->time, event->utc_offset_minutes)),
         EscapeHtml(event->who) + Below(event->to.empty() ? "" : "\xE2\x86\x92 " + event->to),
         fmt::format("<span class=\"{}\">{}</span>{}",
                     LookOf(*event),
                     EscapeHtml(event->kind),
                     Below(event->state)),
         EscapeHtml(event->note) + Below(Grounds(*event))});
  }
  return HtmlTable("Semua peristiwa / all events",
                   {"Entri",
                    "Waktu / time",
                    "Siapa, kepada / who, to",
                    "Apa, status / what, state",
                    "Catatan / note"},
                   rows);
}

std::string Deadlines(const Trail& trail) {
  std::vector<std::vector<std::string>> rows;
  for (const Deadline& deadline : trail.deadlines) {
    const bool missed = deadline.verdict == DeadlineVerdict::kMissed;
    rows.push_back(
        {EscapeHtml(deadline.what),
         EscapeHtml(ShortTime(deadline.due, deadline.utc_offset_minutes)),
         fmt::format(
             "<span class=\"{}\">{}</span>", missed ? "bad" : "good", EscapeHtml(deadline.Words())),
         Mono(deadline.answer ? "#" + std::to_string(*deadline.answer) : ""),
         Mono(UuidOrNothing(deadline.leg_id))});
  }
  return rows.empty()
             ? ""
             : "<h2>Tenggat <small>Deadlines</small></h2>\n" +
                   HtmlTable("Menurut waktu entri / by the time of entries",
                             {"Apa / what", "Batas / due", "Hasil / verdict", "Entri", "Leg"},
                             rows);
}

}  // namespace

std::string TrailAsHtml(const Trail& trail) {
  std::string body = Head(trail) + Parties(trail);
  size_t number = 0;
  for (const TrailThread& thread : ThreadsOf(trail)) {
    body += thread.leg_id.empty() ? std::string("<h2>Linimasa <small>Timeline</small></h2>\n")
                                  : "<h2>Linimasa <small>Timeline</small> <span class=\"n\">" +
                                        EscapeHtml(thread.leg_id) + "</span></h2>\n";
    body += DrawThread(thread, ++number) + Events(thread);
  }
  body += Deadlines(trail);
  body +=
      "<footer>Dibaca dari kepala pesan; isi tersegel dan tidak ada di sini. Tanda tangan tiap "
      "entri "
      "diperiksa oleh <code>rujukan-audit verify</code>.<br>Read from headers; content is sealed "
      "and "
      "not here. The signature of each entry is for <code>rujukan-audit verify</code> to "
      "check.</footer>\n";
  return HtmlPage("Jejak / trail: " + trail.subject, body);
}

}  // namespace rujukan::audit
