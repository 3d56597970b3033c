#include "agents/admin/registrar_metrics.h"

#include <fmt/format.h>

namespace rujukan::admin {
namespace {

constexpr UnixMillis kSecond = 1000;

struct Metric {
  const char* name;
  const char* type;
  const char* help;
};

void Head(const Metric& metric, std::string& text) {
  text += fmt::format("# HELP rujukan_registrar_{} {}\n# TYPE rujukan_registrar_{} {}\n",
                      metric.name,
                      metric.help,
                      metric.name,
                      metric.type);
}

void One(const Metric& metric, uint64_t value, std::string& text) {
  Head(metric, text);
  text += fmt::format("rujukan_registrar_{} {}\n", metric.name, value);
}

// Backslash, quote and line end, as the format asks.
std::string Label(const std::string& value) {
  std::string escaped;
  for (const char c : value) {
    escaped += c == '\\' ? "\\\\" : c == '"' ? "\\\"" : c == '\n' ? "\\n" : std::string(1, c);
  }
  return escaped;
}

void AddEndings(const std::vector<Ending>& endings, std::string& text) {
  const Metric metric{"expiry_timestamp_seconds", "gauge", "When a certificate or a CRL ends."};
  Head(metric, text);
  for (const Ending& ending : endings) {
    text += fmt::format("rujukan_registrar_{}{{kind=\"{}\",subject=\"{}\",id=\"{}\"}} {}\n",
                        metric.name,
                        Label(ending.kind),
                        Label(ending.subject),
                        ending.id.substr(0, 16),
                        ending.until / kSecond);
  }
}

}  // namespace

std::string MetricsText(const RoundNumbers& round,
                        const RegistrarState& state,
                        const std::vector<Ending>& endings) {
  std::string text;
  One({"round_timestamp_seconds", "gauge", "When the last round ended."},
      static_cast<uint64_t>(round.now / kSecond),
      text);
  One({"round_ok", "gauge", "1 when the last round did all it had to."}, round.ok ? 1 : 0, text);
  One({"failed_rounds_total", "counter", "Rounds that did not."}, round.failed_rounds, text);
  One({"grants_total", "counter", "Keys renewed."}, state.granted, text);
  One({"crls_total", "counter", "Revocation lists published."}, state.crls, text);
  One({"warnings_total", "counter", "Warnings of what ends."}, state.warnings, text);
  One({"requests_for_an_admin", "gauge", "Requests for new keys that an admin has to decide."},
      round.not_due,
      text);
  One({"requests_deferred", "gauge", "Requests that wait because of a limit."},
      round.deferred,
      text);
  AddEndings(endings, text);
  return text;
}

}  // namespace rujukan::admin
