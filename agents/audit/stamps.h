// The time-stamps of a ledger (docs/formats/timestamp.md): those its broker put on record, and
// those an auditor made of the copy. What each stamps must be this ledger as it is now; whose word
// it is, is judged by the certificates the auditor trusts. Thread: one owner.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agents/audit/log_files.h"
#include "agents/audit/report.h"

namespace rujukan::audit {

class StampCheck {
 public:
  // `tsa_anchors`: trusted certificates (DER); none: tokens are read, and reported as not
  // checkable. `files` and `report` must outlive this.
  StampCheck(const LogFiles& files,
             const ledger::NoteVerifier& log,
             TreeSize size,
             std::vector<std::string> tsa_anchors,
             Report& report)
      : files_(files),
        log_(log),
        size_(size),
        tsa_anchors_(std::move(tsa_anchors)),
        report_(report) {}

  // Every entry, in order; those that are no stamps cost a search for two bytes.
  void See(LogIndex index, std::string_view entry_bytes);

  // After the last entry: the auditor's own stamps (FileOfStamp), and the gap since the last one.
  // `newest`: time of the newest entry.
  void Finish(UnixMillis newest);

 private:
  struct Place {
    std::optional<LogIndex> entry;
    std::string file;
  };
  void Judge(const Place& place,
             const std::string& checkpoint,
             const std::string& token,
             std::optional<UnixMillis> recorded);
  Result<UnixMillis> Check(const std::string& checkpoint, const std::string& token);
  void CheckOwn(TreeSize size);
  void TakeTime(UnixMillis time, std::optional<LogIndex> entry);
  void Complain(const Place& place, std::string problem);

  const LogFiles& files_;
  const ledger::NoteVerifier& log_;
  const TreeSize size_;
  const std::vector<std::string> tsa_anchors_;
  Report& report_;
};

// In a copy: "timestamps/<size>.tsr" is the authority's answer (openssl ts -verify reads it),
// "timestamps/<size>.checkpoint" what it stamps; "timestamps/index" lists the sizes, one a line.
inline constexpr std::string_view kStampIndex = "timestamps/index";
std::string StampFile(TreeSize size, std::string_view extension);

}  // namespace rujukan::audit
