#include "ledger/directory_root.h"

#include "base/bytes.h"
#include "certs/hash.h"

namespace rujukan::ledger {

bool IsDirectoryEntry(const v1::Entry& entry) {
  return entry.has_genesis() || entry.has_act() || entry.has_enrolment() || entry.has_root_act();
}

std::string_view DirectoryStatementOf(const v1::Entry& entry) {
  switch (entry.body_case()) {
    case v1::Entry::kGenesis:
      return entry.genesis().genesis();
    case v1::Entry::kAct:
      return entry.act().act();
    case v1::Entry::kEnrolment:
      return entry.enrolment().request();
    case v1::Entry::kRootAct:
      return entry.root_act().act();
    case v1::Entry::kAccepted:
    case v1::Entry::kRefused:
    case v1::Entry::kDelivery:
    case v1::Entry::kAuditRead:
    case v1::Entry::kReadTrail:
    case v1::Entry::kState:
    case v1::Entry::kContentsRemoved:
    case v1::Entry::kTimestamp:
    case v1::Entry::kDeadlineMissed:
    case v1::Entry::kLegClosed:
    case v1::Entry::BODY_NOT_SET:
      break;
  }
  return "";
}

std::string NextDirectoryRoot(std::string_view root, const v1::Entry& entry, LogIndex index) {
  std::string message("rujukan/v1/directory\n");
  message += root;
  AppendBigEndian64(index, message);
  AppendBigEndian64(static_cast<uint64_t>(entry.time_ms()), message);
  message += certs::Sha256(DirectoryStatementOf(entry)).view();
  return certs::Sha256(message).str();
}

}  // namespace rujukan::ledger
