// What checking an evidence file found: a verdict per check, a finding per fault with the file at
// fault. Value types.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/audit/report.h"
#include "base/clock.h"
#include "base/ids.h"

namespace rujukan::audit {

enum class EvidenceCheck {
  kContainer,     // a whole ZIP file of the right type
  kManifest,      // every file is listed, with the digest that both manifests name
  kAnchors,       // the ledger key or root certificate is the one you were given
  kCheckpoint,    // signed by the ledger's key, which the genesis entry names
  kCosignatures,  // by the witnesses you trust
  kTimestamp,     // by the time-stamping authority you trust
  kInclusion,     // every entry is at its place under the checkpoint
  kSignatures,    // of every message, receipt, act, enrolment and the genesis
  kCertificates,  // chain to the root
  kDirectory,     // no directory entry was left out
  kTransitions,   // every entry was legal
  kReceipts,      // of deliveries: about these very messages
  kTime,          // never runs backwards
  kDerived,       // every file for people is what the entries say
  kContent,       // opened content is what was sent
  kCompleteness,  // an auditor's statement that no entry is missing
};
inline constexpr size_t kEvidenceCheckCount = 16;
std::string_view CheckName(EvidenceCheck check);
std::string_view CheckMeaning(EvidenceCheck check);

struct EvidenceFinding {
  EvidenceCheck check = EvidenceCheck::kContainer;
  std::string file;  // inside the container; "" for the container itself
  std::string problem;
};

class EvidenceReport {
 public:
  void Pass(EvidenceCheck check, uint64_t count = 1) { At(check).checked += count; }
  // Counted always; kept word for word up to limits::kReplayFindingsMax.
  void Fail(EvidenceCheck check, std::string file, std::string problem);
  // The first reason is kept.
  void Skip(EvidenceCheck check, const std::string& why);

  const Tally& tally(EvidenceCheck check) const { return tallies_[static_cast<size_t>(check)]; }
  const std::vector<EvidenceFinding>& findings() const { return findings_; }
  uint64_t findings_total() const { return total_; }
  // kFail: something does not hold. kNotCheckable: all holds, but nothing says whose ledger it is
  // (anchors). Whatever else could not be checked is told, and does not count against the file.
  Outcome outcome() const;

  // What the file is about.
  std::string subject;
  std::string origin;
  TreeSize size = 0;
  std::string vkey;
  std::string root_fingerprint;  // hex
  UnixMillis as_of = 0;          // of the last of its entries
  uint64_t entries = 0;
  std::vector<std::string> notes;  // facts a reader should know: "time-stamped ... by ..."

 private:
  Tally& At(EvidenceCheck check) { return tallies_[static_cast<size_t>(check)]; }

  std::array<Tally, kEvidenceCheckCount> tallies_;
  std::vector<EvidenceFinding> findings_;
  uint64_t total_ = 0;
};

std::string EvidenceReportAsText(const EvidenceReport& report, std::string_view file);
std::string EvidenceReportAsJson(const EvidenceReport& report, std::string_view file);
std::string EvidenceReportAsHtml(const EvidenceReport& report, std::string_view file);

}  // namespace rujukan::audit
