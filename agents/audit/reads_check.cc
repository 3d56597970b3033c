#include "agents/audit/reads_check.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "agents/audit/anchor.h"
#include "base/limits.h"
#include "base/printable.h"
#include "ledger/tree.h"
#include "rujukan/v1/audit.pb.h"
#include "rujukan/v1/entry.pb.h"

namespace rujukan::audit {
namespace {

struct AnchorEntry {
  LogIndex entry = 0;
  UnixMillis time = 0;
  v1::ReadTrailAnchor anchor;
};

// What the ledger says of the agency's reading.
struct Recorded {
  std::vector<AnchorEntry> anchors;
  std::vector<std::pair<LogIndex, std::string>> deliveries;  // entry, message id
};

void TakeEntry(LogIndex index, const std::string& bytes, const std::string& agency, Recorded& out) {
  v1::Entry entry;
  if (!entry.ParseFromString(bytes)) {
    return;
  }
  AnchorEntry anchored{index, entry.time_ms(), {}};
  v1::DeliveryReceipt receipt;
  if (entry.has_read_trail() && anchored.anchor.ParseFromString(entry.read_trail().anchor()) &&
      anchored.anchor.agency() == agency) {
    out.anchors.push_back(std::move(anchored));
  } else if (entry.has_delivery() && receipt.ParseFromString(entry.delivery().receipt()) &&
             receipt.recipient() == agency && receipt.outcome() == v1::DeliveryOutcome::DELIVERED) {
    out.deliveries.emplace_back(index, receipt.message_id());
  }
}

Result<Recorded> ReadRecorded(Source& source, const std::string& vkey, const std::string& agency) {
  const LogFiles files(source);
  ASSIGN_OR_RETURN(const Anchor anchor, ReadSignedAnchor(files, vkey));
  Recorded recorded;
  ledger::Tree tree;
  // What is withheld from this auditor is not the agency's, or the agency is out of scope.
  const auto visit = [&](LogIndex index, const ledger::GivenLeaf& leaf) -> Result<bool> {
    tree.Append(leaf.Hash());
    if (tree.size() % ledger::kTileWidth == 0) {
      tree.TakeChangedTiles();  // dropped: only the root is wanted
    }
    if (!leaf.withheld) {
      TakeEntry(index, leaf.entry, agency, recorded);
    }
    return true;
  };
  RETURN_IF_ERROR(ForEachLeaf(files, anchor.checkpoint.size, visit));
  if (tree.size() != anchor.checkpoint.size || tree.Root() != anchor.checkpoint.root) {
    return Fail(Errc::kCorrupt,
                "the entries are not those the checkpoint signs; see what was altered with "
                "rujukan-audit verify");
  }
  if (recorded.anchors.empty() && recorded.deliveries.empty()) {
    return Fail(Errc::kNotFound, agency + " has read and anchored nothing in this ledger");
  }
  return recorded;
}

std::string Leaves(uint64_t first, uint64_t end) {
  return first + 1 == end ? "leaf " + std::to_string(first)
                          : fmt::format("leaves {}-{}", first, end - 1);
}

class Checker {
 public:
  Checker(const ledger::ReadsFile& file, ReadsReport& report) : file_(file), report_(report) {}

  void Run(const Recorded& recorded) {
    CheckForm();
    for (const AnchorEntry& anchor : recorded.anchors) {
      CheckAnchor(anchor);
    }
    CheckDeliveries(recorded);
    report_.waiting = leaves_.size() - std::min<uint64_t>(leaves_.size(), covered_);
    report_.waiting_since = report_.waiting == 0 ? 0 : TimeOf(covered_);
  }

 private:
  void Find(std::string where, std::string problem) {
    if (report_.findings.size() < limits::kReplayFindingsMax) {
      report_.findings.push_back({std::move(where), std::move(problem)});
    }
  }

  // Numbers without gaps, and each leaf is what its hash says. Goes on with the hashes as given: if
  // they lead to the anchored roots, a leaf that does not fit its hash is the one that was changed.
  void CheckForm() {
    for (const uint64_t line : file_.broken) {
      Find("line " + std::to_string(line), "is no leaf of a read trail");
    }
    uint64_t next = 0;
    for (const ledger::ReadLeaf& leaf : file_.leaves) {
      if (leaf.number > next) {
        Find(Leaves(next, leaf.number), "taken out: the numbers skip it");
        whole_ = false;
      } else if (leaf.number < next) {
        Find("leaf " + std::to_string(leaf.number), "is there twice, or out of order");
        whole_ = false;
      }
      next = leaf.number + 1;
      CheckLeaf(leaf);
      leaves_.push_back(&leaf);
    }
    if (next < file_.size) {
      Find(Leaves(next, file_.size), "taken out: the file ends before");
    }
  }

  void CheckLeaf(const ledger::ReadLeaf& leaf) {
    v1::ReadEvent event;
    if (ledger::LeafHash(leaf.event) != leaf.hash) {
      Find("leaf " + std::to_string(leaf.number), "was changed: it is not what its hash says");
    } else if (!event.ParseFromString(leaf.event)) {
      Find("leaf " + std::to_string(leaf.number), "is no ReadEvent");
    } else if (event.action() == v1::ReadAction::DECRYPTED) {
      opened_.insert(event.message_id());
    }
  }

  void CheckAnchor(const AnchorEntry& recorded) {
    const v1::ReadTrailAnchor& anchor = recorded.anchor;
    const uint64_t before = covered_;
    covered_ = std::max<uint64_t>(covered_, anchor.size());
    ++report_.anchors;
    report_.anchored = std::min<uint64_t>(leaves_.size(), covered_);
    report_.newest_entry = recorded.entry;
    report_.newest_at = recorded.time;
    const std::string entry = "entry " + std::to_string(recorded.entry);
    if (anchor.size() > leaves_.size()) {
      Find(Leaves(leaves_.size(), anchor.size()),
           "taken out: " + entry + " anchored " + std::to_string(anchor.size()) + " of them");
      return;
    }
    if (!whole_) {
      return;  // the gap is named already, and without those leaves no root can be recomputed
    }
    while (tree_.size() < anchor.size()) {
      tree_.Append(leaves_[tree_.size()]->hash);
      tree_.TakeChangedTiles();
    }
    if (tree_.Root().view() != anchor.root()) {
      Find(Leaves(before, std::max<uint64_t>(anchor.size(), before + 1)),
           "one of them was changed, or one before was put in or taken out: they are not what " +
               entry + " anchored");
      whole_ = false;  // every later root differs for the same reason
    }
    CheckTimes(before, recorded);
  }

  // Logged after the anchor before, and before this one.
  void CheckTimes(uint64_t first, const AnchorEntry& recorded) {
    for (uint64_t i = first; i < recorded.anchor.size() && i < leaves_.size(); ++i) {
      const UnixMillis time = TimeOf(i);
      if (time > recorded.time + limits::kClockSkewMsMax) {
        Find("leaf " + std::to_string(i), "is dated after the entry that anchored it");
      } else if (time < anchored_before_ - limits::kClockSkewMsMax) {
        Find("leaf " + std::to_string(i),
             "is dated before an anchor that did not have it yet: backdated");
      }
    }
    anchored_before_ = recorded.time;
  }

  // What its machine took, it opened: the log has to say so.
  void CheckDeliveries(const Recorded& recorded) {
    report_.deliveries = recorded.deliveries.size();
    for (const auto& [entry, message] : recorded.deliveries) {
      if (opened_.count(message) == 0) {
        Find("entry " + std::to_string(entry),
             "message " + FormatUuid(message) + " was received, but no leaf says it was opened");
      }
    }
  }

  UnixMillis TimeOf(uint64_t leaf) const {
    v1::ReadEvent event;
    event.ParseFromString(leaves_[leaf]->event);
    return event.time_ms();
  }

  const ledger::ReadsFile& file_;
  ReadsReport& report_;
  std::vector<const ledger::ReadLeaf*> leaves_;
  ledger::Tree tree_;
  std::set<std::string> opened_;
  uint64_t covered_ = 0;  // leaves that an anchor so far is about
  UnixMillis anchored_before_ = 0;
  bool whole_ = true;
};

// "2 d 4 h", "13 min".
std::string Ago(UnixMillis since, UnixMillis now) {
  const int64_t minutes = std::max<int64_t>(now - since, 0) / 60'000;
  if (minutes >= 24 * 60) {
    return fmt::format("{} d {} h", minutes / (24 * 60), minutes / 60 % 24);
  }
  return minutes >= 60 ? fmt::format("{} h {} min", minutes / 60, minutes % 60)
                       : fmt::format("{} min", minutes);
}

}  // namespace

Result<ReadsReport> CheckReads(Source& source,
                               const std::string& vkey,
                               const ledger::ReadsFile& file) {
  ASSIGN_OR_RETURN(const Recorded recorded, ReadRecorded(source, vkey, file.agency));
  ReadsReport report;
  report.agency = file.agency;
  report.leaves = file.leaves.size();
  Checker(file, report).Run(recorded);
  return report;
}

std::string ReadsAsText(const ReadsReport& report, UnixMillis now) {
  std::string text = fmt::format(
      "{}: read trail of {}\n"
      "  {} leaves, {} of them anchored by {} entries of the ledger\n"
      "  {} messages received, by the ledger\n",
      report.holds() ? "VERIFIED" : "NOT VERIFIED",
      Printable(report.agency),
      report.leaves,
      report.anchored,
      report.anchors,
      report.deliveries);
  if (report.anchors != 0) {
    text += fmt::format(
        "  newest anchor: entry {} at {}\n", report.newest_entry, FormatTime(report.newest_at));
  }
  if (report.waiting != 0) {
    text += fmt::format("  {} logged but not anchored yet, the first of them for {} ({})\n",
                        report.waiting,
                        Ago(report.waiting_since, now),
                        FormatTime(report.waiting_since));
  }
  for (const ReadsFinding& finding : report.findings) {
    text += "  FAIL  " + finding.where + ": " + finding.problem + "\n";
  }
  return text;
}

std::string ReadsAsJson(const ReadsReport& report, UnixMillis now) {
  using Json = nlohmann::ordered_json;
  Json findings = Json::array();
  for (const ReadsFinding& finding : report.findings) {
    findings.push_back({{"where", finding.where}, {"problem", finding.problem}});
  }
  const bool waits = report.waiting != 0;
  const Json json = {
      {"verdict", report.holds() ? "pass" : "fail"},
      {"agency", report.agency},
      {"leaves", report.leaves},
      {"anchored", report.anchored},
      {"anchors", report.anchors},
      {"newest_anchor", report.anchors == 0 ? Json(nullptr) : Json(report.newest_entry)},
      {"deliveries", report.deliveries},
      {"waiting", report.waiting},
      {"waiting_since", waits ? Json(FormatTime(report.waiting_since)) : Json(nullptr)},
      {"waiting_ms", waits ? Json(now - report.waiting_since) : Json(0)},
      {"findings", std::move(findings)}};
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rujukan::audit
