#include "ledger/fold.h"

#include "base/limits.h"
#include "ledger/fold_rules.h"
#include "ledger/state_root.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;

// What holds for an entry of any kind, given where the ledger stands.
Result<void> CheckPlace(const v1::Entry& entry, LogIndex index, const v1::FoldHead& head) {
  if (entry.ByteSizeLong() > limits::kEntryBytesMax) {
    return Refuse(R::MALFORMED, "the entry is over 65535 bytes");
  }
  if (entry.time_ms() < head.time_ms()) {
    return Refuse(R::MALFORMED, "the entry is dated before the one ahead of it");
  }
  if ((index == 0) != entry.has_genesis()) {
    return Refuse(R::ACT_INVALID, "the genesis entry is entry 0, and only entry 0");
  }
  if (entry.directory_previous() != head.directory_head()) {
    return Refuse(R::ACT_INVALID, "directory_previous does not name the directory entry before");
  }
  const bool has_root = IsDirectoryEntry(entry);
  if (entry.directory_root() != (has_root ? head.directory_root() : std::string())) {
    return Refuse(R::ACT_INVALID, "directory_root is not what the directory has come to");
  }
  return {};
}

Result<void> Dispatch(const v1::Entry& entry, const rules::Context& at) {
  switch (entry.body_case()) {
    case v1::Entry::kGenesis:
      return rules::ApplyGenesis(entry.genesis(), at);
    case v1::Entry::kAct:
      return rules::ApplyAct(entry.act(), at);
    case v1::Entry::kEnrolment:
      return rules::ApplyEnrolment(entry.enrolment(), at);
    case v1::Entry::kAccepted:
      return rules::ApplyAccepted(entry.accepted(), at);
    case v1::Entry::kRefused:
      return rules::ApplyRefused(entry.refused(), at);
    case v1::Entry::kDelivery:
      return rules::ApplyDelivery(entry.delivery(), at);
    case v1::Entry::kRootAct:
      return rules::ApplyRootAct(entry.root_act(), at);
    case v1::Entry::kAuditRead:
      return rules::ApplyAuditRead(entry.audit_read(), at);
    case v1::Entry::kReadTrail:
      return rules::ApplyReadTrail(entry.read_trail(), at);
    case v1::Entry::kState:
      return rules::ApplyState(entry.state(), at);
    case v1::Entry::kContentsRemoved:
      return rules::ApplyContentsRemoved(entry.contents_removed(), at);
    case v1::Entry::kTimestamp:
      return rules::ApplyTimestamp(entry.timestamp(), at);
    case v1::Entry::kDeadlineMissed:
      return rules::ApplyDeadlineMissed(entry.deadline_missed(), at);
    case v1::Entry::kLegClosed:
      return rules::ApplyLegClosed(entry.leg_closed(), at);
    case v1::Entry::BODY_NOT_SET:
      break;
  }
  return Refuse(R::MALFORMED, "the entry has no body that this version knows");
}

// Messages decide everything before they write anything. Acts are rare and may take several steps:
// they write beside the view, and what they wrote counts only when every step was legal.
Result<Effects> DispatchWhole(const v1::Entry& entry,
                              LogIndex index,
                              const v1::FoldHead& head,
                              Overlay& view) {
  Effects effects;
  if (!IsDirectoryEntry(entry)) {
    RETURN_IF_ERROR(Dispatch(entry, {index, entry.time_ms(), view, effects, head.state_root()}));
    return effects;
  }
  // On top of it, not a copy of it: only what this entry writes is merged and touched.
  Overlay beside(static_cast<const View&>(view));
  RETURN_IF_ERROR(Dispatch(entry, {index, entry.time_ms(), beside, effects, head.state_root()}));
  view.Merge(beside.TakeWrites());
  return effects;
}

// Whether every entry is applied, or some that do not matter here are left out.
enum class Reading { kEverything, kSome };

Result<Effects> ApplyInPlace(
    const v1::Entry& entry, LogIndex index, v1::FoldHead head, Overlay& view, Reading reading) {
  RETURN_IF_ERROR(CheckPlace(entry, index, head));
  view.TakeTouched();
  ASSIGN_OR_RETURN(Effects effects, DispatchWhole(entry, index, head, view));
  if (reading == Reading::kEverything) {
    head.set_state_root(NextStateRoot(head.state_root(), view.TakeTouched()));
  }
  head.set_size(index + 1);
  head.set_time_ms(entry.time_ms());
  if (IsDirectoryEntry(entry)) {
    head.set_directory_head(index + 1);
    head.set_directory_root(NextDirectoryRoot(head.directory_root(), entry, index));
    view.Put(Table::kDirectory, IndexKey(index), "");
  }
  rules::Write(view, Table::kHead, kHeadKey, head);
  return effects;
}

Result<Effects> ApplyNext(const v1::Entry& entry, LogIndex index, Overlay& view) {
  ASSIGN_OR_RETURN(const v1::FoldHead head, ReadHead(view));
  if (index != head.size()) {
    return Refuse(R::MALFORMED,
                  "entry " + std::to_string(index) + " does not follow " +
                      std::to_string(head.size()) + " entries");
  }
  return ApplyInPlace(entry, index, head, view, Reading::kEverything);
}

Result<Effects> ApplyNextVisible(const v1::Entry& entry, LogIndex index, Overlay& view) {
  ASSIGN_OR_RETURN(const v1::FoldHead head, ReadHead(view));
  if (index < head.size()) {
    return Refuse(R::MALFORMED, "this entry lies behind what is already known");
  }
  return ApplyInPlace(entry, index, head, view, Reading::kSome);
}

Result<Effects> ApplyNextDirectory(const v1::Entry& entry, LogIndex index, Overlay& view) {
  if (!IsDirectoryEntry(entry)) {
    return Refuse(R::MALFORMED, "not a directory entry");
  }
  return ApplyNextVisible(entry, index, view);
}

}  // namespace

Verdict<Effects> Apply(const v1::Entry& entry, LogIndex index, Overlay& view) {
  return ToVerdict(ApplyNext(entry, index, view));
}

Verdict<Effects> ApplyDirectory(const v1::Entry& entry, LogIndex index, Overlay& view) {
  return ToVerdict(ApplyNextDirectory(entry, index, view));
}

Verdict<Effects> ApplyVisible(const v1::Entry& entry, LogIndex index, Overlay& view) {
  return ToVerdict(ApplyNextVisible(entry, index, view));
}

namespace rules {

Result<v1::AgencyRecord> RequireActive(const View& view,
                                       std::string_view address,
                                       const AgencyRule& rule) {
  ASSIGN_OR_RETURN(std::optional<v1::AgencyRecord> agency, ReadAgency(view, address));
  if (!agency) {
    return Refuse(rule.unknown);
  }
  if (agency->status() != v1::AgencyStatus::AKTIF) {
    return Refuse(rule.inactive);
  }
  return std::move(*agency);
}

Result<void> RequireSigningKey(const View& view,
                               std::string_view key_id,
                               std::string_view address,
                               UnixMillis time) {
  ASSIGN_OR_RETURN(const std::optional<v1::KeyRecord> key, ReadKey(view, key_id));
  if (!key || key->address() != address || key->usage() != v1::KeyUsage::SIGNING) {
    return Refuse(R::KEY_UNKNOWN);
  }
  if (key->revoked_at_index() != 0) {
    return Refuse(R::KEY_REVOKED);
  }
  if (time < key->not_before_ms() || time > key->not_after_ms()) {
    return Refuse(R::KEY_EXPIRED);
  }
  if (key->retires_at_ms() != 0 && time > key->retires_at_ms()) {
    return Refuse(R::KEY_EXPIRED, "this key was replaced: use the new one of this agency");
  }
  return {};
}

Result<void> RequireNotFromFuture(UnixMillis created, UnixMillis now) {
  if (created > now + limits::kClockSkewMsMax) {
    return Refuse(R::CLOCK_SKEW,
                  "it is dated " + std::to_string((created - now) / 1000) +
                      " s in the future; at most 300 s are allowed: set this machine's clock");
  }
  return {};
}

}  // namespace rules
}  // namespace rujukan::ledger
