#include "agents/audit/trail_readings.h"

#include <algorithm>

#include "base/bytes.h"
#include "ledger/records.h"
#include "ledger/scope.h"

namespace rujukan::audit {
namespace {

std::string RangeWords(const v1::AuditRead& read) {
  const std::string first = "reads entries from " + std::to_string(read.first());
  const std::string end = read.end() == 0 ? " on" : " to " + std::to_string(read.end() - 1);
  return first + end + " until " + FormatTime(read.expires_at_ms()) + ": " + read.purpose();
}

}  // namespace

Result<void> ReadingWatch::Add(const v1::Entry& entry, LogIndex index, const ledger::View& view) {
  Reading reading;
  if (!reading.read.ParseFromString(entry.audit_read().read())) {
    return {};  // `verify` reports it
  }
  ASSIGN_OR_RETURN(const auto auditor, ledger::ReadAgency(view, reading.read.auditor()));
  if (auditor) {
    reading.scope = auditor->scope();
  }
  TrailEvent& event = reading.event;
  event.type = TrailClass::kReading;
  event.index = index;
  event.time = entry.time_ms();
  event.who = reading.read.auditor();
  event.kind = "AUDIT_READ";
  event.signer_key = ToHex(entry.audit_read().signature().signer_key());
  event.note = RangeWords(reading.read);
  event.directory_head = entry.directory_previous();
  readings_.push_back(std::move(reading));
  return {};
}

void ReadingWatch::Cover(const v1::MessageAccepted& message,
                         const std::string& thread,
                         LogIndex index,
                         UnixMillis time) {
  auto& messages = threads_[thread];
  messages.push_back({messages.empty() ? message.header() : "", index, time});
}

Result<bool> ReadingWatch::IsCovered(const Reading& reading, const ledger::View& view) const {
  const auto reads = [&reading](const Message& message) {
    return message.index >= reading.read.first() &&
           (reading.read.end() == 0 || message.index < reading.read.end()) &&
           message.time <= reading.read.expires_at_ms();
  };
  for (const auto& [thread, messages] : threads_) {
    if (std::none_of(messages.begin(), messages.end(), reads)) {
      continue;
    }
    v1::Entry first;
    first.mutable_accepted()->set_header(messages.front().header);
    ASSIGN_OR_RETURN(const bool allowed, ledger::MayRead(reading.scope, first, view));
    if (allowed) {
      return true;
    }
  }
  return false;
}

Result<std::vector<TrailEvent>> ReadingWatch::Covering(const ledger::View& view) const {
  std::vector<TrailEvent> events;
  for (const Reading& reading : readings_) {
    ASSIGN_OR_RETURN(const bool covered, IsCovered(reading, view));
    if (covered) {
      events.push_back(reading.event);
    }
  }
  return events;
}

}  // namespace rujukan::audit
