#include "agents/audit/replay.h"

#include <algorithm>

#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/audit.pb.h"

namespace rujukan::audit {
namespace {

using R = v1::RefusalReason;

Finding At(LogIndex index, Check check, std::string problem) {
  return Finding{check, index, "", std::move(problem)};
}

std::string Words(const ledger::Refusal& refusal) {
  return v1::RefusalReason::Code_Name(refusal.reason) + ": " + refusal.advice;
}

// Which check an authenticity refusal belongs to.
Check CheckOf(R::Code reason) {
  switch (reason) {
    case R::CERTIFICATE_INVALID:
      return Check::kCertificates;
    case R::BAD_SIGNATURE:
    case R::KEY_UNKNOWN:
      return Check::kSignatures;
    default:
      return Check::kTransitions;
  }
}

// Entries that put certificates in force: the genesis, root acts, an admission, renewed keys.
bool AdmitsCertificates(const v1::Entry& entry) {
  v1::Act act;
  return entry.has_genesis() || entry.has_root_act() ||
         (entry.has_act() && act.ParseFromString(entry.act().act()) &&
          (act.has_admit() || act.has_grant_keys()));
}

// What is signed, outside batches, in a directory entry: genesis and root acts by the root,
// enrolment by invitation.
uint64_t InlineSignatures(const v1::Entry& entry) {
  return entry.has_genesis() || entry.has_root_act() || entry.has_enrolment() ? 1 : 0;
}

}  // namespace

void Replay::Miss(LogIndex index) {
  if (missing_) {
    return;
  }
  missing_ = index;
  const std::string why = "from entry " + std::to_string(index) + " on, which cannot be read";
  for (const Check check : {Check::kSignatures,
                            Check::kCertificates,
                            Check::kTransitions,
                            Check::kTime,
                            Check::kDirectory}) {
    report_.Skip(check, why);
  }
}

// The state root covers every entry, so it is unknown from here on: none is compared any more.
Result<void> Replay::Withhold(LogIndex index) {
  withheld_.resize(index + 1);
  withheld_[index] = true;
  ++withheld_count_;
  ++withheld_at_end_;
  if (withheld_count_ > 1) {
    return {};
  }
  ASSIGN_OR_RETURN(v1::FoldHead head, ledger::ReadHead(overlay_));
  head.clear_state_root();
  overlay_.Put(ledger::Table::kHead, ledger::kHeadKey, head.SerializeAsString());
  return {};
}

void Replay::Finish() {
  if (withheld_count_ == 0) {
    return;
  }
  const std::string why = std::to_string(withheld_count_) +
                          " entries are withheld: out of scope, or of the range of this reading";
  for (const Check check : {Check::kEntries, Check::kSignatures, Check::kTime}) {
    report_.Skip(check, why);
  }
  report_.Skip(Check::kTransitions,
               groundless_ == 0
                   ? why + "; nor what they decide, and the state root"
                   : why + "; nor " + std::to_string(groundless_) + " entries that rest on them");
  if (withheld_at_end_ > 0) {
    const std::string end = "whether a directory entry is among the last " +
                            std::to_string(withheld_at_end_) +
                            " entries, which are withheld: no later entry would name it";
    report_.Skip(Check::kDirectory, end);
    report_.Skip(Check::kCertificates, end);
  }
}

Result<std::optional<IndexedClaim>> Replay::Step(LogIndex index, const std::string& bytes) {
  v1::Entry entry;
  if (!entry.ParseFromString(bytes)) {
    report_.Fail(At(index, Check::kEntries, "is not a rujukan.v1.Entry"));
    RETURN_IF_ERROR(SkipEntry(index));
    return std::optional<IndexedClaim>();
  }
  report_.Pass(Check::kEntries);
  withheld_at_end_ = 0;
  if (missing_) {
    return std::optional<IndexedClaim>();
  }
  bool in_place = CheckTime(entry, index);
  if (!CheckDirectoryChain(entry, index)) {
    in_place = false;
  }
  if (missing_) {  // a directory entry was withheld: who may do what is unknown
    return std::optional<IndexedClaim>();
  }
  RETURN_IF_ERROR(Authenticate(entry, index));
  ASSIGN_OR_RETURN(std::optional<IndexedClaim> claim, Claim(entry, index));
  RETURN_IF_ERROR(Fold(entry, index, in_place));
  RETURN_IF_ERROR(
      base_.Apply(overlay_.TakeWrites()));  // at every entry: a small overlay stays in cache
  return claim;
}

bool Replay::CheckTime(const v1::Entry& entry, LogIndex index) {
  if (entry.time_ms() < time_ms_) {
    report_.Fail(At(index,
                    Check::kTime,
                    "is dated " + std::to_string(time_ms_ - entry.time_ms()) +
                        " ms before the entry ahead of it"));
    return false;
  }
  time_ms_ = entry.time_ms();
  report_.Pass(Check::kTime);
  return true;
}

bool Replay::CheckDirectoryChain(const v1::Entry& entry, LogIndex index) {
  const uint64_t expected = directory_head_;
  const bool directory = ledger::IsDirectoryEntry(entry);
  const bool root_holds = entry.directory_root() == (directory ? directory_root_ : std::string());
  if (directory) {
    directory_root_ = ledger::NextDirectoryRoot(directory_root_, entry, index);
    directory_head_ = index + 1;
  }
  if (entry.directory_previous() > expected && IsWithheld(entry.directory_previous() - 1)) {
    const LogIndex hidden = entry.directory_previous() - 1;
    report_.Fail(At(hidden,
                    Check::kDirectory,
                    "is a directory entry, as entry " + std::to_string(index) +
                        " says, and was withheld: everybody may read these, so the broker hides "
                        "it"));
    Miss(hidden);
    return false;
  }
  if (entry.directory_previous() != expected) {
    report_.Fail(At(index,
                    Check::kDirectory,
                    "names " + std::to_string(entry.directory_previous()) +
                        " as the directory entry before it; that is " + std::to_string(expected)));
    return false;
  }
  if (!root_holds) {
    report_.Fail(At(index,
                    Check::kDirectory,
                    "its directory root is not what the directory had come to before it"));
    return false;
  }
  report_.Pass(Check::kDirectory);
  return true;
}

Result<void> Replay::Authenticate(const v1::Entry& entry, LogIndex index) {
  if (!ledger::IsDirectoryEntry(entry)) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto verdict, ledger::AuthenticateDirectoryEntry(entry, overlay_));
  if (!verdict) {
    report_.Fail(At(index, CheckOf(verdict.error().reason), Words(verdict.error())));
    return {};
  }
  report_.Pass(Check::kSignatures, InlineSignatures(entry));
  report_.Pass(Check::kCertificates, AdmitsCertificates(entry) ? 1 : 0);
  return {};
}

Result<std::optional<IndexedClaim>> Replay::Claim(const v1::Entry& entry, LogIndex index) {
  ASSIGN_OR_RETURN(auto verdict, ledger::ClaimOfEntry(entry, overlay_, ring_));
  if (!verdict) {
    report_.Fail(At(index, Check::kSignatures, Words(verdict.error())));
    return std::optional<IndexedClaim>();
  }
  if (!*verdict) {
    return std::optional<IndexedClaim>();
  }
  return std::optional<IndexedClaim>(IndexedClaim{index, std::move(**verdict)});
}

Result<void> Replay::Fold(const v1::Entry& entry, LogIndex index, bool in_place) {
  ASSIGN_OR_RETURN(const auto verdict,
                   withheld_count_ == 0 ? ledger::Apply(entry, index, overlay_)
                                        : ledger::ApplyVisible(entry, index, overlay_));
  if (verdict) {
    report_.Pass(Check::kTransitions);
    return {};
  }
  ASSIGN_OR_RETURN(const bool lacks_ground, LacksGround(entry, verdict.error()));
  if (lacks_ground) {
    ++groundless_;
    return SkipEntry(index);
  }
  if (in_place) {  // otherwise the refusal only repeats what the time or directory check said
    report_.Fail(At(index, Check::kTransitions, Words(verdict.error())));
  }
  return SkipEntry(index);
}

// Whether what the entry rests on may be among what is withheld: a leg that was opened before the
// range, a receipt for a message before it, an anchor of a trail after one that was not seen. It
// may be legal or not; this reader cannot tell.
Result<bool> Replay::LacksGround(const v1::Entry& entry, const ledger::Refusal& refusal) const {
  if (withheld_count_ == 0) {
    return false;
  }
  if (refusal.reason == R::UNKNOWN_LEG || refusal.reason == R::UNKNOWN_MESSAGE) {
    return true;
  }
  v1::ReadTrailAnchor anchor;
  if (refusal.reason != R::TRAIL_REWRITTEN ||
      !anchor.ParseFromString(entry.read_trail().anchor())) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto before, ledger::ReadReadTrail(overlay_, anchor.agency()));
  return !before;
}

Result<void> Replay::SkipEntry(LogIndex index) {
  ASSIGN_OR_RETURN(v1::FoldHead head, ledger::ReadHead(overlay_));
  head.set_size(index + 1);
  head.set_time_ms(std::max(head.time_ms(), time_ms_));
  head.set_directory_head(directory_head_);
  head.set_directory_root(directory_root_);
  overlay_.Put(ledger::Table::kHead, "", head.SerializeAsString());
  return {};
}

}  // namespace rujukan::audit
