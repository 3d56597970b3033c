// The replay: every entry again, in order, through the very functions the broker used
// (ledger::ClaimOfEntry, ledger::AuthenticateDirectoryEntry, ledger::Apply), from nothing. Pure: no
// file, no thread; signatures leave as claims to be verified elsewhere.
//
// It never stops at a fault. An entry that is refused is reported and left out of the state; the
// next one is judged in the state without it, so one fault may show as several. Thread: one owner.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/audit/claim_pool.h"
#include "agents/audit/hash_view.h"
#include "agents/audit/report.h"
#include "base/limits.h"
#include "ledger/fold.h"

namespace rujukan::audit {

class Replay {
 public:
  // `report` receives the findings and must outlive this.
  explicit Replay(Report& report)
      : report_(report), base_(limits::kReplayHotRowsMax), overlay_(base_) {}

  // Entries in order, from 0. Returns the signature that remains to be verified, if it has one.
  // An Error is a defect of this program or machine, not of the ledger: stop.
  Result<std::optional<IndexedClaim>> Step(LogIndex index, const std::string& bytes);

  // Entry `index` cannot be read: the state is unknown from here on, and the checks that need it
  // are reported as not checkable.
  void Miss(LogIndex index);

  // Entry `index` is withheld from this reader. From here on entries are folded by what can be seen
  // (ledger::ApplyVisible). A directory entry is withheld from nobody: that one was shows when the
  // next entry names it, and is a finding.
  Result<void> Withhold(LogIndex index);

  // After the last entry: reports what could not be checked because of withheld ones.
  void Finish();

  // The state after the entries so far.
  const ledger::View& view() const { return overlay_; }

 private:
  bool CheckTime(const v1::Entry& entry, LogIndex index);
  bool CheckDirectoryChain(const v1::Entry& entry, LogIndex index);
  Result<void> Authenticate(const v1::Entry& entry, LogIndex index);
  Result<std::optional<IndexedClaim>> Claim(const v1::Entry& entry, LogIndex index);
  Result<void> Fold(const v1::Entry& entry, LogIndex index, bool in_place);
  bool IsWithheld(LogIndex index) const { return index < withheld_.size() && withheld_[index]; }
  Result<bool> LacksGround(const v1::Entry& entry, const ledger::Refusal& refusal) const;
  // Leaves a faulty entry behind: the head moves on as if it had been applied.
  Result<void> SkipEntry(LogIndex index);

  Report& report_;
  HashView base_;
  ledger::Overlay overlay_;
  ledger::KeyRing ring_;
  int64_t time_ms_ = 0;
  uint64_t directory_head_ = 0;  // index + 1 of the last directory entry, 0: none
  std::string directory_root_;
  std::optional<LogIndex> missing_;
  std::vector<bool> withheld_;  // as far as the last withheld entry; a bit each
  uint64_t withheld_count_ = 0;
  uint64_t withheld_at_end_ = 0;  // since the last entry that was given
  uint64_t groundless_ = 0;       // entries that rest on withheld ones
};

}  // namespace rujukan::audit
