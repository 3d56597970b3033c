#include "certs/batch.h"
#include "certs/hash.h"
#include "certs/random.h"
#include "tests/support/world.h"

namespace rujukan::testing {
namespace {

constexpr int64_t kHour = 3'600'000;

}  // namespace

v1::Entry World::AuditReadEntry(std::string_view auditor, v1::AuditRead read) const {
  read.set_version(1);
  read.set_auditor(Address(auditor));
  if (read.read_id().empty()) {
    read.set_read_id(certs::NewMessageId(now_).str());
  }
  if (read.created_at_ms() == 0) {
    read.set_created_at_ms(now_);
  }
  if (read.expires_at_ms() == 0) {
    read.set_expires_at_ms(read.created_at_ms() + kHour);
  }
  if (read.token_digest().empty()) {
    read.set_token_digest(certs::Sha256(read.read_id()).str());
  }
  if (read.purpose().empty()) {
    read.set_purpose("audit berkala (CONTOH)");
  }
  v1::Entry entry;
  entry.mutable_audit_read()->set_read(read.SerializeAsString());
  *entry.mutable_audit_read()->mutable_signature() =
      SignOne(member(auditor), certs::kAuditReadContext, entry.audit_read().read());
  return entry;
}

v1::Entry World::ReadTrailEntry(std::string_view agency, v1::ReadTrailAnchor anchor) const {
  anchor.set_version(1);
  anchor.set_agency(Address(agency));
  if (anchor.created_at_ms() == 0) {
    anchor.set_created_at_ms(now_);
  }
  v1::Entry entry;
  entry.mutable_read_trail()->set_anchor(anchor.SerializeAsString());
  *entry.mutable_read_trail()->mutable_signature() =
      SignOne(member(agency), certs::kReadTrailContext, entry.read_trail().anchor());
  return entry;
}

}  // namespace rujukan::testing
