#include "agents/audit/alert.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/check.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kProblemBytesMax = 1024;  // an alert fits one line of a log, and a pipe

constexpr std::array<AlertKind, 9> kAllKinds = {
    AlertKind::kFork,
    AlertKind::kRollback,
    AlertKind::kGap,
    AlertKind::kIllegalTransition,
    AlertKind::kUnsignedAct,
    AlertKind::kStateMismatch,
    AlertKind::kUnsignedCheckpoint,
    AlertKind::kLateCheckpoint,
    AlertKind::kCopyDamaged,
};

std::string TextOf(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string_view AlertName(AlertKind kind) {
  switch (kind) {
    case AlertKind::kFork:
      return "FORK";
    case AlertKind::kRollback:
      return "ROLLBACK";
    case AlertKind::kGap:
      return "GAP";
    case AlertKind::kIllegalTransition:
      return "ILLEGAL_TRANSITION";
    case AlertKind::kUnsignedAct:
      return "UNSIGNED_ACT";
    case AlertKind::kStateMismatch:
      return "STATE_MISMATCH";
    case AlertKind::kUnsignedCheckpoint:
      return "UNSIGNED_CHECKPOINT";
    case AlertKind::kLateCheckpoint:
      return "LATE_CHECKPOINT";
    case AlertKind::kCopyDamaged:
      return "COPY_DAMAGED";
  }
  CHECK(false);
}

std::optional<AlertKind> AlertKindOf(std::string_view name) {
  for (const AlertKind kind : kAllKinds) {
    if (AlertName(kind) == name) {
      return kind;
    }
  }
  return std::nullopt;
}

std::string_view AlertAdvice(AlertKind kind) {
  switch (kind) {
    case AlertKind::kFork:
      return "Keep the data folder as it is: the two signed notes prove it. Tell the other "
             "auditors and the domain's agencies";
    case AlertKind::kRollback:
      return "Ask the operator whether an old backup was started; receipts given since may be void";
    case AlertKind::kGap:
      return "Ask the operator to restore what is missing, or to name the archive that holds it";
    case AlertKind::kIllegalTransition:
    case AlertKind::kUnsignedAct:
    case AlertKind::kStateMismatch:
      return "Run `rujukan-audit verify` on the copy and take the finding to the domain";
    case AlertKind::kUnsignedCheckpoint:
      return "Compare the ledger key with what the domain publishes; somebody may be in between";
    case AlertKind::kLateCheckpoint:
      return "Ask the operator whether the broker runs; it may be shown to others but not to you";
    case AlertKind::kCopyDamaged:
      return "Look at this machine's disk; set the copy aside and let it be fetched again";
  }
  CHECK(false);
}

bool IsFinal(AlertKind kind) {
  switch (kind) {
    case AlertKind::kFork:
    case AlertKind::kIllegalTransition:
    case AlertKind::kUnsignedAct:
    case AlertKind::kStateMismatch:
      return true;
    case AlertKind::kRollback:
    case AlertKind::kGap:
    case AlertKind::kUnsignedCheckpoint:
    case AlertKind::kLateCheckpoint:
    case AlertKind::kCopyDamaged:
      return false;
  }
  CHECK(false);
}

std::string AlertAsJson(const AlertEvent& event) {
  const Alert& alert = event.alert;
  Json json;
  json["event"] = event.raised ? "raised" : "cleared";
  json["alert"] = AlertName(alert.kind);
  json["origin"] = alert.origin;
  json["subject"] = alert.subject;
  json["problem"] = alert.problem.substr(0, kProblemBytesMax);
  json["time"] = FormatTime(alert.time_ms);
  json["time_ms"] = alert.time_ms;
  json["evidence"] = alert.evidence;
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

Result<AlertEvent> AlertFromJson(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  const auto kind = json.is_object() ? AlertKindOf(TextOf(json, "alert")) : std::nullopt;
  if (!kind) {
    return Fail(Errc::kInvalid, "not a line of an alert log");
  }
  AlertEvent event;
  event.raised = TextOf(json, "event") != "cleared";
  event.alert.kind = *kind;
  event.alert.origin = TextOf(json, "origin");
  event.alert.subject = TextOf(json, "subject");
  event.alert.problem = TextOf(json, "problem");
  const auto time = json.find("time_ms");
  event.alert.time_ms = time != json.end() && time->is_number_integer() ? time->get<int64_t>() : 0;
  const auto evidence = json.find("evidence");
  if (evidence != json.end() && evidence->is_array()) {
    for (const Json& name : *evidence) {
      event.alert.evidence.push_back(name.is_string() ? name.get<std::string>() : "");
    }
  }
  return event;
}

}  // namespace rujukan::audit
