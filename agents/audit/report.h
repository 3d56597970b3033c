// What a verification found: per check a verdict, per failure the entry or file. Value types.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::audit {

enum class Check {
  kCheckpoint,    // signed by the ledger's key, of this domain
  kEntries,       // bundles well-formed and complete, entries parse
  kTree,          // root over the entries equals the checkpoint's
  kTiles,         // every hash tile equals the recomputed one
  kSignatures,    // every message, receipt, act, enrolment and the genesis
  kCertificates,  // every admitted certificate chains to the root
  kTransitions,   // every entry is legal in the state before it (the fold accepts it)
  kTime,          // time never runs backwards
  kDirectory,     // every directory entry names the one before it
  kStamps,        // every time-stamp is of this ledger, by an authority the auditor trusts
};
inline constexpr size_t kCheckCount = 10;
std::string_view CheckName(Check check);
std::string_view CheckMeaning(Check check);

enum class Outcome { kPass, kFail, kNotCheckable };
std::string_view OutcomeName(Outcome outcome);

struct Finding {
  Check check = Check::kEntries;
  std::optional<LogIndex> entry;
  std::string file;  // "" when the entry says it all
  std::string problem;

  std::string Where() const;  // "entry 12", "tile/0/000.p/37" or both
};

struct Tally {
  uint64_t checked = 0;
  uint64_t failed = 0;
  std::string skipped;   // why a part could not be checked; "": all of it was
  std::string left_out;  // what nobody asked to have checked; does not spoil the verdict

  Outcome outcome() const;
};

// The time-stamps that are good, by the authorities' clocks. Gaps are between those on record, and
// from the last of them to the newest entry.
struct StampSummary {
  uint64_t count = 0;
  UnixMillis first_ms = 0;  // of those on record; 0: none
  UnixMillis last_ms = 0;
  int64_t largest_gap_ms = 0;
  std::optional<LogIndex> gap_before;  // the stamp that ended it; nullopt: it is the end
  std::vector<std::string> authorities;
};

class Report {
 public:
  void Pass(Check check, uint64_t count = 1) { At(check).checked += count; }
  // Counted always; kept word for word up to limits::kReplayFindingsMax.
  void Fail(Finding finding);
  // The first reason is kept.
  void Skip(Check check, const std::string& why);
  void LeaveOut(Check check, const std::string& what) { At(check).left_out = what; }

  const Tally& tally(Check check) const { return tallies_[static_cast<size_t>(check)]; }
  // In the order of the ledger: findings of the log as a whole first, then by entry.
  std::vector<Finding> Sorted() const;
  uint64_t findings_total() const { return total_; }
  Outcome outcome() const;

  std::string origin;
  TreeSize size = 0;
  StampSummary stamps;
  uint64_t withheld = 0;  // entries that this reader was not given
  std::string root;       // base64
  std::string log_vkey;
  std::string root_fingerprint;  // hex, SHA-256 of the root certificate
  double seconds = 0;

 private:
  Tally& At(Check check) { return tallies_[static_cast<size_t>(check)]; }

  std::array<Tally, kCheckCount> tallies_;
  std::vector<Finding> findings_;
  uint64_t total_ = 0;
};

std::string ReportAsText(const Report& report, std::string_view source);
std::string ReportAsJson(const Report& report, std::string_view source);

}  // namespace rujukan::audit
