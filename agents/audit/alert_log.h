// Where alerts go: an append-only file of JSON lines that survives restarts, evidence files, the
// daemon's log on standard error, and a command of the operator's. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "agents/audit/alert.h"

namespace rujukan::audit {

class AlertLog {
 public:
  // `folder` holds alerts.jsonl and evidence/. `command`: argv of a program that is started for
  // each event with the kind and the origin as further arguments and the event's JSON line on its
  // standard input; empty: none. Reads what earlier runs have raised and not cleared. kUnavailable.
  static Result<std::unique_ptr<AlertLog>> Open(const std::string& folder,
                                                std::vector<std::string> command);

  std::vector<Alert> OpenOf(const std::string& origin) const;

  // Evidence first, then the line, both durable; then the command, at most
  // limits::kOutboundTimeoutMs. kUnavailable: not kept; tell it again.
  Result<void> Tell(AlertEvent event);

  // Since start: raised, by kind's name; commands that failed.
  std::map<std::string, uint64_t> raised() const;
  uint64_t commands_failed() const;

 private:
  AlertLog(std::string folder, std::vector<std::string> command);
  Result<void> ReadOld();
  Result<void> Keep(AlertEvent& event);
  Result<void> KeepEvidence(Alert& alert) const;
  Result<void> Append(const std::string& line) const;

  const std::string folder_;
  const std::vector<std::string> command_;

  mutable std::mutex mutex_;
  // State below is guarded by mutex_.
  std::vector<Alert> open_;
  std::map<std::string, uint64_t> raised_;
  uint64_t commands_failed_ = 0;
};

// One line on standard error: time, level, event, what. For journald and people.
void LogLine(std::string_view level, std::string_view event, const std::string& what);

}  // namespace rujukan::audit
