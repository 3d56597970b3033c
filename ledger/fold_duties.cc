// The fold's rules for what the broker itself puts on record: what its state has come to, which
// ciphertexts are gone, which checkpoint a time-stamping authority has seen.

#include "base/limits.h"
#include "certs/hash.h"
#include "certs/timestamp.h"
#include "ledger/checkpoint.h"
#include "ledger/fold_rules.h"

namespace rujukan::ledger::rules {
namespace {

using R = v1::RefusalReason;

struct Stamped {
  Checkpoint checkpoint;
  UnixMillis time = 0;  // the authority's
};
// The checkpoint is this ledger's own, and the token is about it.
Result<Stamped> RequireStamped(const v1::TimestampRecorded& entry, const View& view) {
  ASSIGN_OR_RETURN(const v1::DomainRecord domain, RequireFounded(view));
  ASSIGN_OR_RETURN(const NoteVerifier log, NoteVerifier::Parse(domain.log_vkey()));
  auto checkpoint = OpenCheckpoint(entry.checkpoint(), log);
  if (!checkpoint) {
    return Refuse(R::BAD_SIGNATURE, "checkpoint: " + checkpoint.error().context);
  }
  const auto token = certs::ParseTimestampToken(entry.token());
  if (!token) {
    return Refuse(R::MALFORMED, "token: " + token.error().context);
  }
  if (token->imprint != certs::Sha256(entry.checkpoint())) {
    return Refuse(R::DIGEST_MISMATCH, "token: it is the time-stamp of something else");
  }
  return Stamped{std::move(*checkpoint), token->time};
}

}  // namespace

Result<void> ApplyState(const v1::StateRecorded& entry, const Context& at) {
  RETURN_IF_ERROR(RequireFounded(at.view));
  if (entry.state_root().size() != Digest::kSize) {
    return Refuse(R::MALFORMED, "state_root: must be 32 bytes");
  }
  if (!at.state_root.empty() && entry.state_root() != at.state_root) {
    return Refuse(R::DIGEST_MISMATCH,
                  "state_root: the entries before this one come to another state");
  }
  ASSIGN_OR_RETURN(v1::DutyRecord duties, ReadDuties(at.view));
  duties.set_state_index(at.index);
  duties.set_state_time_ms(at.time);
  Write(at.view, Table::kHead, kDutiesKey, duties);
  return {};
}

Result<void> ApplyContentsRemoved(const v1::ContentsRemoved& entry, const Context& at) {
  ASSIGN_OR_RETURN(v1::DutyRecord duties, ReadDuties(at.view));
  if (entry.settled_before_ms() <= duties.removed_before_ms() ||
      entry.settled_before_ms() > at.time) {
    return Refuse(R::MALFORMED, "settled_before_ms: lies in the future, or behind the last one");
  }
  duties.set_removed_before_ms(entry.settled_before_ms());
  duties.set_removed_index(at.index);
  Write(at.view, Table::kHead, kDutiesKey, duties);
  return {};
}

Result<void> ApplyTimestamp(const v1::TimestampRecorded& entry, const Context& at) {
  ASSIGN_OR_RETURN(const Stamped stamped, RequireStamped(entry, at.view));
  ASSIGN_OR_RETURN(v1::DutyRecord duties, ReadDuties(at.view));
  const TreeSize size = stamped.checkpoint.size;
  if (size > at.index || size <= duties.stamped_size()) {
    return Refuse(R::MALFORMED, "checkpoint: no newer one than was stamped before");
  }
  duties.set_stamped_size(size);
  duties.set_stamped_index(at.index);
  duties.set_stamped_at_ms(stamped.time);
  Write(at.view, Table::kHead, kDutiesKey, duties);
  return {};
}

}  // namespace rujukan::ledger::rules
