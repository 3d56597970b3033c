// The fold's rules for reading: auditors say what they read before they read it, agencies anchor
// their own logs of reading so that nothing is taken out of them later.

#include <vector>

#include "certs/hash.h"
#include "ledger/fold_rules.h"
#include "ledger/statement.h"
#include "ledger/tree.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

constexpr AgencyRule kMemberRule{R::NO_RIGHT, R::NO_RIGHT};

Result<v1::AgencyRecord> RequireMemberOf(v1::Role::Code role,
                                         const std::string& address,
                                         std::string_view key_id,
                                         const Context& at) {
  ASSIGN_OR_RETURN(v1::AgencyRecord member, RequireActive(at.view, address, kMemberRule));
  if (member.role() != role) {
    return Refuse(R::NO_RIGHT);
  }
  RETURN_IF_ERROR(RequireSigningKey(at.view, key_id, address, at.time));
  ASSIGN_OR_RETURN(const v1::CounterRecord counter, RequireFewActs(member, at.view, at.time));
  Write(at.view, Table::kCounter, address, counter);
  return member;
}

// The trail only grows: what was anchored before is its beginning.
Result<void> RequireContinues(const v1::ReadTrailAnchor& anchor,
                              const std::optional<v1::ReadTrailRecord>& before) {
  if (!before) {
    return anchor.consistency().empty()
               ? Result<void>()
               : Refuse(R::TRAIL_REWRITTEN, "nothing of this trail was anchored before");
  }
  std::vector<Digest> proof;
  for (const std::string& hash : anchor.consistency()) {
    ASSIGN_OR_RETURN(const Digest digest, Digest::FromBytes(hash));
    proof.push_back(digest);
  }
  ASSIGN_OR_RETURN(const Digest old_root, Digest::FromBytes(before->root()));
  ASSIGN_OR_RETURN(const Digest new_root, Digest::FromBytes(anchor.root()));
  if (!VerifyConsistency(before->size(), old_root, anchor.size(), new_root, proof)) {
    return Refuse(R::TRAIL_REWRITTEN);
  }
  return {};
}

}  // namespace

Result<void> ApplyAuditRead(const v1::AuditReadRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const v1::AuditRead read, OrRefuse(ParseAuditRead(entry.read())));
  RETURN_IF_ERROR(RequireNotFromFuture(read.created_at_ms(), at.time));
  if (read.expires_at_ms() <= at.time) {
    return Refuse(R::EXPIRED);
  }
  RETURN_IF_ERROR(RequireUnusedActId(read.read_id(), at.view));
  ASSIGN_OR_RETURN(const auto taken, ReadAuditRead(at.view, read.token_digest()));
  if (taken) {
    return Refuse(R::ID_REUSED, "this token has opened a reading already: make another one");
  }
  RETURN_IF_ERROR(
      RequireMemberOf(v1::Role::AUDITOR, read.auditor(), entry.signature().signer_key(), at));
  v1::AuditReadRecord record;
  record.set_auditor(read.auditor());
  record.set_first(read.first());
  record.set_end(read.end());
  record.set_expires_at_ms(read.expires_at_ms());
  record.set_index(at.index);
  Write(at.view, Table::kAuditRead, read.token_digest(), record);
  at.view.Put(Table::kAct, read.read_id(), IndexKey(at.index));
  return {};
}

Result<void> ApplyReadTrail(const v1::ReadTrailRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const v1::ReadTrailAnchor anchor,
                   OrRefuse(ParseReadTrailAnchor(entry.anchor())));
  RETURN_IF_ERROR(RequireNotFromFuture(anchor.created_at_ms(), at.time));
  ASSIGN_OR_RETURN(const auto before, ReadReadTrail(at.view, anchor.agency()));
  RETURN_IF_ERROR(RequireContinues(anchor, before));
  RETURN_IF_ERROR(
      RequireMemberOf(v1::Role::AGENCY, anchor.agency(), entry.signature().signer_key(), at));
  v1::ReadTrailRecord record;
  record.set_size(anchor.size());
  record.set_root(anchor.root());
  record.set_index(at.index);
  record.set_time_ms(at.time);
  Write(at.view, Table::kReadTrail, anchor.agency(), record);
  return {};
}

}  // namespace rujukan::ledger::rules
