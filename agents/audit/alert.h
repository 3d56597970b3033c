// What a watch has to say, by name. Value types; the log of alerts (alert_log.h) keeps them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace rujukan::audit {

enum class AlertKind {
  kFork,                // two histories under one key
  kRollback,            // the ledger shows less than it has shown and signed
  kGap,                 // tiles or entries that the signed tree has are missing or altered
  kIllegalTransition,   // an entry the fold refuses
  kUnsignedAct,         // a signature or certificate that does not hold
  kStateMismatch,       // the broker's own word on its state is not what the entries come to
  kUnsignedCheckpoint,  // the address shows a checkpoint that the ledger's key has not signed
  kLateCheckpoint,      // no growth for limits::kLateCheckpointMs
  kCopyDamaged,         // the watcher's own copy does not verify
};
std::string_view AlertName(AlertKind kind);  // "FORK", ...
std::optional<AlertKind> AlertKindOf(std::string_view name);
// What to do about it, one sentence.
std::string_view AlertAdvice(AlertKind kind);

// True for what later good behaviour cannot mend: it stays until a person sets the folder aside,
// and the ledger is not cosigned meanwhile.
bool IsFinal(AlertKind kind);

struct Alert {
  AlertKind kind = AlertKind::kFork;
  std::string origin;
  std::string subject;  // which of its kind: "entry 12", "tile/entries/000", an address; ""
  std::string problem;  // one sentence
  UnixMillis time_ms = 0;
  std::vector<std::string> notes;     // signed notes that prove it, verbatim
  std::vector<std::string> evidence;  // the files they were kept in, in the data folder

  bool SameAs(const Alert& other) const {
    return kind == other.kind && origin == other.origin && subject == other.subject;
  }
};

struct AlertEvent {
  bool raised = true;  // false: it holds no longer
  Alert alert;
};

// One line of JSON without the notes, no newline at the end.
std::string AlertAsJson(const AlertEvent& event);
Result<AlertEvent> AlertFromJson(std::string_view line);  // kInvalid

}  // namespace rujukan::audit
