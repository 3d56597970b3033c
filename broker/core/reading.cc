#include "broker/core/reading.h"

#include "ledger/directory_root.h"
#include "ledger/records.h"
#include "ledger/scope.h"
#include "ledger/scoped_bundle.h"
#include "ledger/tree.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::broker {
namespace {

Result<bool> IsGiven(const Reading& reading,
                     LogIndex index,
                     const std::string& bytes,
                     const ledger::View& view) {
  v1::Entry entry;
  if (!entry.ParseFromString(bytes)) {
    return Fail(Errc::kCorrupt, "entry " + std::to_string(index) + " does not parse");
  }
  if (ledger::IsDirectoryEntry(entry)) {
    return true;
  }
  if (!reading.InRange(index)) {
    return false;
  }
  return ledger::MayRead(reading.scope, entry, view);
}

}  // namespace

Result<Reading> FindReading(const ledger::View& view, const Digest& token_digest, UnixMillis now) {
  Reading reading;
  ASSIGN_OR_RETURN(const auto record, ledger::ReadAuditRead(view, token_digest.view()));
  if (!record) {
    return reading;
  }
  if (record->expires_at_ms() <= now) {
    reading.state = ReadingState::kExpired;
    return reading;
  }
  ASSIGN_OR_RETURN(const auto auditor, ledger::ReadAgency(view, record->auditor()));
  if (!auditor || auditor->status() != v1::AgencyStatus::AKTIF ||
      auditor->role() != v1::Role::AUDITOR) {
    reading.state = ReadingState::kInactive;
    return reading;
  }
  reading.state = ReadingState::kOpen;
  reading.scope = auditor->scope();
  reading.first = record->first();
  reading.end = record->end();
  return reading;
}

Reading WholeReading() {
  Reading reading;
  reading.state = ReadingState::kOpen;
  return reading;
}

bool CoversAll(const Reading& reading, LogIndex first, LogIndex end) {
  return reading.state == ReadingState::kOpen && ledger::IsWholeDomain(reading.scope) &&
         reading.InRange(first) && reading.InRange(end - 1);
}

Result<std::string> MakeScopedBundle(const Reading& reading,
                                     LogIndex first,
                                     const std::vector<std::string>& entries,
                                     const ledger::View& view) {
  std::string bundle;
  for (size_t i = 0; i < entries.size(); ++i) {
    ASSIGN_OR_RETURN(const bool given, IsGiven(reading, first + i, entries[i], view));
    if (given && !entries[i].empty()) {
      ledger::AppendToBundle(entries[i], bundle);
    } else {
      ledger::AppendWithheld(ledger::LeafHash(entries[i]), bundle);
    }
  }
  return bundle;
}

}  // namespace rujukan::broker
