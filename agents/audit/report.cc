#include "agents/audit/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/limits.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kFindingsShown = 20;  // a screenful; --json has up to limits::kReplayFindingsMax

constexpr std::array<Check, kCheckCount> kAllChecks = {
    Check::kCheckpoint,
    Check::kEntries,
    Check::kTree,
    Check::kTiles,
    Check::kSignatures,
    Check::kCertificates,
    Check::kTransitions,
    Check::kTime,
    Check::kDirectory,
    Check::kStamps,
};

std::string Verdict(const Report& report) {
  switch (report.outcome()) {
    case Outcome::kPass:
      return "VERIFIED: this ledger is what its broker signed, and every entry in it is legal.";
    case Outcome::kFail:
      return "NOT VERIFIED: the ledger contradicts itself or its signatures. Keep this copy as "
             "evidence.";
    case Outcome::kNotCheckable:
      return "INCOMPLETE: what could be checked is good, but not everything could be.";
  }
  CHECK(false);
}

std::string TallyLine(Check check, const Tally& tally) {
  std::string line = fmt::format(
      "  {:<13} {:<13} {}", CheckName(check), OutcomeName(tally.outcome()), CheckMeaning(check));
  if (tally.failed > 0) {
    line += fmt::format(" ({} failed, {} good)", tally.failed, tally.checked);
  } else if (tally.checked > 0) {
    line += fmt::format(" ({})", tally.checked);
  }
  if (!tally.skipped.empty()) {
    line += "\n" + std::string(30, ' ') + "not checked: " + tally.skipped;
  }
  if (!tally.left_out.empty()) {
    line += "\n" + std::string(30, ' ') + "not checkable: " + tally.left_out;
  }
  return line + "\n";
}

std::string SizeText(const Report& report) {
  return report.withheld == 0
             ? std::to_string(report.size)
             : fmt::format("{}, of which {} are withheld from you", report.size, report.withheld);
}

std::string FindingLines(const Report& report) {
  std::string text;
  const std::vector<Finding> findings = report.Sorted();
  const size_t shown = std::min(findings.size(), kFindingsShown);
  for (size_t i = 0; i < shown; ++i) {
    text += fmt::format("  {}: {}: {}\n",
                        Printable(findings[i].Where()),
                        CheckName(findings[i].check),
                        Printable(findings[i].problem));
  }
  if (report.findings_total() > shown) {
    text += fmt::format("  and {} more; the first ones usually cause the rest\n",
                        report.findings_total() - shown);
  }
  return text;
}

// Lower case throughout; the table for people shouts a failure.
std::string_view JsonName(Outcome outcome) {
  return outcome == Outcome::kFail ? "fail" : OutcomeName(outcome);
}

Json FindingAsJson(const Finding& finding) {
  Json json;
  json["check"] = CheckName(finding.check);
  json["entry"] = finding.entry ? Json(*finding.entry) : Json(nullptr);
  json["file"] = finding.file.empty() ? Json(nullptr) : Json(finding.file);
  json["problem"] = finding.problem;
  return json;
}

std::string StampLine(const StampSummary& stamps) {
  if (stamps.count == 0) {
    return "";
  }
  std::string line = fmt::format("Stamps    {}, by", stamps.count);
  for (const std::string& authority : stamps.authorities) {
    line += " " + Printable(authority) + ";";
  }
  line.back() = '\n';
  if (stamps.last_ms != 0) {
    line += fmt::format(
        "          {} to {}, largest gap {} s {}\n",
        FormatTime(stamps.first_ms),
        FormatTime(stamps.last_ms),
        stamps.largest_gap_ms / 1000,
        stamps.gap_before ? "before entry " + std::to_string(*stamps.gap_before) : "at the end");
  }
  return line + "\n";
}

Json StampsAsJson(const StampSummary& stamps) {
  const auto time = [](UnixMillis ms) { return ms == 0 ? Json(nullptr) : Json(FormatTime(ms)); };
  return Json{{"count", stamps.count},
              {"authorities", stamps.authorities},
              {"first", time(stamps.first_ms)},
              {"last", time(stamps.last_ms)},
              {"largest_gap_seconds", stamps.largest_gap_ms / 1000},
              {"gap_before_entry", stamps.gap_before ? Json(*stamps.gap_before) : Json(nullptr)}};
}

Json TallyAsJson(Check check, const Tally& tally) {
  Json json;
  json["check"] = CheckName(check);
  json["verdict"] = JsonName(tally.outcome());
  json["good"] = tally.checked;
  json["failed"] = tally.failed;
  json["not_checked"] = tally.skipped.empty() ? Json(nullptr) : Json(tally.skipped);
  if (!tally.left_out.empty()) {
    json["left_out"] = tally.left_out;
  }
  return json;
}

}  // namespace

std::string_view CheckName(Check check) {
  switch (check) {
    case Check::kCheckpoint:
      return "checkpoint";
    case Check::kEntries:
      return "entries";
    case Check::kTree:
      return "tree";
    case Check::kTiles:
      return "tiles";
    case Check::kSignatures:
      return "signatures";
    case Check::kCertificates:
      return "certificates";
    case Check::kTransitions:
      return "transitions";
    case Check::kTime:
      return "time";
    case Check::kDirectory:
      return "directory";
    case Check::kStamps:
      return "stamps";
  }
  CHECK(false);
}

std::string_view CheckMeaning(Check check) {
  switch (check) {
    case Check::kCheckpoint:
      return "signed by the ledger's key";
    case Check::kEntries:
      return "bundles whole, entries parse";
    case Check::kTree:
      return "root over the entries is the signed one";
    case Check::kTiles:
      return "every hash is the recomputed one";
    case Check::kSignatures:
      return "messages, receipts, acts, enrolments";
    case Check::kCertificates:
      return "admitted keys chain to the root";
    case Check::kTransitions:
      return "each entry legal in the state before it";
    case Check::kTime:
      return "never runs backwards";
    case Check::kDirectory:
      return "no directory entry left out";
    case Check::kStamps:
      return "time-stamps are of this ledger";
  }
  CHECK(false);
}

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "pass";
    case Outcome::kFail:
      return "FAIL";
    case Outcome::kNotCheckable:
      return "not checkable";
  }
  CHECK(false);
}

std::string Finding::Where() const {
  if (!entry) {
    return file;
  }
  const std::string name = "entry " + std::to_string(*entry);
  return file.empty() ? name : name + " (" + file + ")";
}

Outcome Tally::outcome() const {
  if (failed > 0) {
    return Outcome::kFail;
  }
  return skipped.empty() ? Outcome::kPass : Outcome::kNotCheckable;
}

void Report::Fail(Finding finding) {
  ++At(finding.check).failed;
  ++total_;
  if (findings_.size() < limits::kReplayFindingsMax) {
    findings_.push_back(std::move(finding));
  }
}

void Report::Skip(Check check, const std::string& why) {
  if (At(check).skipped.empty()) {
    At(check).skipped = why;
  }
}

std::vector<Finding> Report::Sorted() const {
  std::vector<Finding> sorted = findings_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Finding& a, const Finding& b) {
    return a.entry < b.entry;  // nullopt is less than every index
  });
  return sorted;
}

Outcome Report::outcome() const {
  Outcome worst = Outcome::kPass;
  for (const Tally& tally : tallies_) {
    if (tally.outcome() == Outcome::kFail) {
      return Outcome::kFail;
    }
    if (tally.outcome() == Outcome::kNotCheckable) {
      worst = Outcome::kNotCheckable;
    }
  }
  return worst;
}

std::string ReportAsText(const Report& report, std::string_view source) {
  std::string text = fmt::format("Ledger    {}\nSource    {}\nEntries   {}\nRoot      {}\n\n",
                                 Printable(report.origin),
                                 source,
                                 SizeText(report),
                                 report.root);
  text += StampLine(report.stamps);
  for (const Check check : kAllChecks) {
    text += TallyLine(check, report.tally(check));
  }
  if (report.findings_total() > 0) {
    text += "\n" + FindingLines(report);
  }
  text += "\n" + Verdict(report) + "\n";
  if (report.outcome() == Outcome::kPass) {
    text += fmt::format(
        "Compare with what the domain publishes:\n  ledger key  {}\n"
        "  root        {} (SHA-256)\n",
        report.log_vkey,
        report.root_fingerprint);
  }
  return text;
}

std::string ReportAsJson(const Report& report, std::string_view source) {
  Json json;
  json["verdict"] = JsonName(report.outcome());
  json["source"] = source;
  json["origin"] = report.origin;
  json["size"] = report.size;
  json["withheld"] = report.withheld;
  json["root"] = report.root;
  json["log_vkey"] = report.log_vkey;
  json["root_fingerprint"] = report.root_fingerprint;
  json["seconds"] = report.seconds;
  json["stamps"] = StampsAsJson(report.stamps);
  json["checks"] = Json::array();
  for (const Check check : kAllChecks) {
    json["checks"].push_back(TallyAsJson(check, report.tally(check)));
  }
  json["findings"] = Json::array();
  for (const Finding& finding : report.Sorted()) {
    json["findings"].push_back(FindingAsJson(finding));
  }
  json["findings_total"] = report.findings_total();
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rujukan::audit
