#include "agents/audit/watch_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kMillisPerSecond = 1000.0;

Json AlertAsObject(const Alert& alert) {
  Json json;
  json["alert"] = AlertName(alert.kind);
  json["subject"] = alert.subject;
  json["problem"] = alert.problem;
  json["since"] = FormatTime(alert.time_ms);
  json["evidence"] = alert.evidence;
  return json;
}

Json LedgerAsObject(const WatchView& view) {
  Json json;
  json["origin"] = view.origin;
  json["vkey"] = view.vkey;
  json["addresses"] = view.addresses;
  json["size"] = view.size;
  json["replayed"] = view.replays ? Json(view.replayed) : Json(nullptr);
  json["withheld"] = view.withheld;
  json["grown_at"] = FormatTime(view.grown_at_ms);
  json["polled_at"] = FormatTime(view.polled_at_ms);
  json["unreachable"] = view.unreachable;
  json["entries_trouble"] = view.entries_trouble;
  json["cosigned"] = view.refusal.empty();
  json["alerts"] = Json::array();
  for (const Alert& alert : view.open) {
    json["alerts"].push_back(AlertAsObject(alert));
  }
  return json;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '\\' || c == '"') {
      quoted.push_back('\\');
    }
    quoted.push_back(c == '\n' ? ' ' : c);
  }
  return quoted + "\"";
}

struct Metric {
  const char* name;
  const char* type;
  const char* help;
};

std::string Head(const Metric& metric) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", metric.name, metric.help, metric.type);
}

template <class Value>
std::string OfLedgers(const WatchStatus& status, const Metric& metric, const Value& value) {
  std::string text = Head(metric);
  for (const WatchView& view : status.ledgers) {
    text += fmt::format("{}{{origin={}}} {}\n", metric.name, Quoted(view.origin), value(view));
  }
  return text;
}

std::string AlertMetrics(const WatchStatus& status) {
  const Metric open = {"rujukan_audit_alerts_open", "gauge", "Alerts that hold now, by kind"};
  std::string text = Head(open);
  for (const WatchView& view : status.ledgers) {
    std::map<std::string_view, uint64_t> counts;
    for (const Alert& alert : view.open) {
      ++counts[AlertName(alert.kind)];
    }
    for (const auto& [kind, count] : counts) {
      text += fmt::format(
          "{}{{origin={},alert=\"{}\"}} {}\n", open.name, Quoted(view.origin), kind, count);
    }
  }
  const Metric raised = {
      "rujukan_audit_alerts_raised_total", "counter", "Alerts raised since start, by kind"};
  text += Head(raised);
  for (const auto& [kind, count] : status.alerts_raised) {
    text += fmt::format("{}{{alert=\"{}\"}} {}\n", raised.name, kind, count);
  }
  return text;
}

std::string ProgramMetrics(const WatchStatus& status) {
  const Metric answers = {
      "rujukan_audit_witness_answers_total", "counter", "Answers to add-checkpoint, by status"};
  std::string text = Head(answers);
  for (const auto& [code, count] : status.witness_answers) {
    text += fmt::format("{}{{status=\"{}\"}} {}\n", answers.name, code, count);
  }
  const Metric commands = {
      "rujukan_audit_alert_commands_failed_total", "counter", "Alert commands that failed"};
  const Metric rounds = {
      "rujukan_audit_rounds_failed_total", "counter", "Rounds that ended with an error of our own"};
  text += Head(commands) + fmt::format("{} {}\n", commands.name, status.commands_failed);
  return text + Head(rounds) + fmt::format("{} {}\n", rounds.name, status.rounds_failed);
}

}  // namespace

std::string StatusAsJson(const WatchStatus& status) {
  Json json;
  json["witness"] = status.name;
  json["witness_vkey"] = status.vkey;
  json["time"] = FormatTime(status.now_ms);
  json["ledgers"] = Json::array();
  for (const WatchView& view : status.ledgers) {
    json["ledgers"].push_back(LedgerAsObject(view));
  }
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

std::string StatusAsText(const WatchStatus& status) {
  std::string text;
  for (const WatchView& view : status.ledgers) {
    text += fmt::format(
        "{}: {} entries, {}\n",
        Printable(view.origin),
        view.size,
        view.replays ? fmt::format("{} replayed", view.replayed) : "tree only (no token)");
    for (const std::string& trouble : view.unreachable) {
      text += "  unreachable: " + Printable(trouble) + "\n";
    }
    if (!view.entries_trouble.empty()) {
      text += "  entries not read: " + Printable(view.entries_trouble) + "\n";
    }
    for (const Alert& alert : view.open) {
      text += fmt::format("  {} since {}: {}\n    {}.\n",
                          AlertName(alert.kind),
                          FormatTime(alert.time_ms),
                          Printable(alert.problem),
                          AlertAdvice(alert.kind));
    }
    text += view.open.empty() ? "  no alert\n" : "";
  }
  return text;
}

std::string StatusAsMetrics(const WatchStatus& status) {
  std::string text;
  text += OfLedgers(status,
                    {"rujukan_audit_tree_size",
                     "gauge",
                     "Entries of the largest checkpoint found "
                     "consistent"},
                    [](const WatchView& view) { return view.size; });
  text += OfLedgers(status,
                    {"rujukan_audit_replayed_entries", "gauge", "Entries replayed by the fold"},
                    [](const WatchView& view) { return view.replayed; });
  text +=
      OfLedgers(status,
                {"rujukan_audit_withheld_entries", "gauge", "Entries outside this reader's scope"},
                [](const WatchView& view) { return view.withheld; });
  text += OfLedgers(status,
                    {"rujukan_audit_grown_seconds", "gauge", "When the ledger grew last (Unix)"},
                    [](const WatchView& view) {
                      return static_cast<double>(view.grown_at_ms) / kMillisPerSecond;
                    });
  text += OfLedgers(status,
                    {"rujukan_audit_addresses_up", "gauge", "Addresses that answered just now"},
                    [](const WatchView& view) {
                      return view.addresses.size() -
                             std::min(view.addresses.size(), view.unreachable.size());
                    });
  text += OfLedgers(status,
                    {"rujukan_audit_cosigned", "gauge", "1: this ledger is cosigned; 0: refused"},
                    [](const WatchView& view) { return view.refusal.empty() ? 1 : 0; });
  return text + AlertMetrics(status) + ProgramMetrics(status);
}

}  // namespace rujukan::audit
