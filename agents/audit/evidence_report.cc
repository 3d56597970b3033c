#include "agents/audit/evidence_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agents/audit/html.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;
using C = EvidenceCheck;

struct CheckText {
  std::string_view name;
  std::string_view meaning;
  std::string_view arti;  // the same in Indonesian
};

constexpr std::array<CheckText, kEvidenceCheckCount> kTexts = {{
    {"container", "a whole ZIP file of the right type", "berkas ZIP utuh dengan jenis yang benar"},
    {"manifest",
     "every file has the digest that the manifests name",
     "sidik setiap berkas cocok dengan daftarnya"},
    {"anchors",
     "ledger key or root are those you were given",
     "kunci buku besar atau akar sama dengan yang Anda pegang"},
    {"checkpoint", "signed by the ledger's key", "ditandatangani kunci buku besar"},
    {"cosignatures", "by the witnesses you trust", "oleh saksi yang Anda percayai"},
    {"timestamp", "by the authority you trust", "oleh otoritas stempel waktu yang Anda percayai"},
    {"inclusion",
     "each entry is at its place in the ledger",
     "setiap entri ada pada tempatnya di buku besar"},
    {"signatures",
     "of messages, receipts, acts, enrolments",
     "pesan, tanda terima, tindakan, pendaftaran"},
    {"certificates", "signing keys chain to the root", "kunci penanda tangan berantai ke akar"},
    {"directory", "no directory entry left out", "tidak ada entri direktori yang dihilangkan"},
    {"transitions", "each entry was legal", "setiap entri sah menurut aturan"},
    {"receipts", "deliveries are of these very messages", "tanda terima memang untuk pesan ini"},
    {"time", "never runs backwards", "waktu tidak pernah mundur"},
    {"derived",
     "every file for people is what the entries say",
     "setiap berkas turunan sesuai dengan entri"},
    {"content", "opened content is what was sent", "isi yang dibuka sama dengan yang dikirim"},
    {"completeness",
     "an auditor states that nothing is missing",
     "auditor menyatakan tidak ada yang kurang"},
}};

const CheckText& TextOf(C check) {
  return kTexts[static_cast<size_t>(check)];
}

std::string_view JsonName(Outcome outcome) {
  return outcome == Outcome::kFail ? "fail" : OutcomeName(outcome);
}

std::string_view Verdict(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "VERIFIED: everything in this file holds, and the ledger is the one you named.";
    case Outcome::kFail:
      return "NOT VERIFIED: something in this file does not hold. Keep it as it is.";
    case Outcome::kNotCheckable:
      return "INCOMPLETE: everything in this file holds together, but nothing says whose ledger it "
             "is. Give --vkey or --root from elsewhere.";
  }
  CHECK(false);
}

std::string_view Putusan(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPass:
      return "TERBUKTI";
    case Outcome::kFail:
      return "TIDAK TERBUKTI";
    case Outcome::kNotCheckable:
      return "BELUM LENGKAP";
  }
  CHECK(false);
}

// What of a check is worth a word beside its verdict.
std::string Detail(const Tally& tally) {
  std::string text;
  if (tally.failed > 0) {
    text = fmt::format("{} failed, {} good", tally.failed, tally.checked);
  } else if (tally.checked > 0) {
    text = std::to_string(tally.checked);
  }
  if (!tally.skipped.empty()) {
    text += (text.empty() ? "" : "; ") + tally.skipped;
  }
  return text;
}

std::string Where(const EvidenceFinding& finding) {
  return finding.file.empty() ? "the file" : finding.file;
}

std::vector<HtmlFact> FactsOf(const EvidenceReport& report, std::string_view file) {
  return {{"Berkas / file", std::string(file)},
          {"Tentang / about", report.subject},
          {"Buku besar / ledger", report.origin},
          {"Entri / entries",
           fmt::format("{} dari / of {}, terakhir / last {}",
                       report.entries,
                       report.size,
                       FormatTime(report.as_of))},
          {"Kunci / ledger key", report.vkey},
          {"Akar / root (SHA-256)", report.root_fingerprint}};
}

const char* LookOf(Outcome outcome) {
  return outcome == Outcome::kPass ? "good" : outcome == Outcome::kFail ? "bad" : "warn";
}

}  // namespace

std::string_view CheckName(C check) {
  return TextOf(check).name;
}

std::string_view CheckMeaning(C check) {
  return TextOf(check).meaning;
}

void EvidenceReport::Fail(C check, std::string file, std::string problem) {
  ++At(check).failed;
  ++total_;
  if (findings_.size() < limits::kReplayFindingsMax) {
    findings_.push_back({check, std::move(file), std::move(problem)});
  }
}

void EvidenceReport::Skip(C check, const std::string& why) {
  if (At(check).skipped.empty()) {
    At(check).skipped = why;
  }
}

Outcome EvidenceReport::outcome() const {
  for (const Tally& tally : tallies_) {
    if (tally.outcome() == Outcome::kFail) {
      return Outcome::kFail;
    }
  }
  return tally(C::kAnchors).outcome();
}

std::string EvidenceReportAsText(const EvidenceReport& report, std::string_view file) {
  std::string text = fmt::format(
      "Evidence  {}\nAbout     {}\nLedger    {}, {} entries; {} of them here, the last of {}\n\n",
      Printable(file),
      Printable(report.subject),
      Printable(report.origin),
      report.size,
      report.entries,
      FormatTime(report.as_of));
  for (size_t i = 0; i < kEvidenceCheckCount; ++i) {
    const auto check = static_cast<C>(i);
    const Tally& tally = report.tally(check);
    const std::string detail = Detail(tally);
    text += fmt::format("  {:<13} {:<13} {}{}\n",
                        CheckName(check),
                        OutcomeName(tally.outcome()),
                        CheckMeaning(check),
                        detail.empty() ? "" : " (" + Printable(detail) + ")");
  }
  for (const EvidenceFinding& finding : report.findings()) {
    text += fmt::format("{}  {}: {}: {}\n",
                        &finding == report.findings().data() ? "\n" : "",
                        Printable(Where(finding)),
                        CheckName(finding.check),
                        Printable(finding.problem));
  }
  if (report.findings_total() > report.findings().size()) {
    text += fmt::format("  and {} more\n", report.findings_total() - report.findings().size());
  }
  for (const std::string& note : report.notes) {
    text += fmt::format("{}  {}\n", &note == report.notes.data() ? "\n" : "", Printable(note));
  }
  return text + fmt::format(
                    "\n{}\nCompare with what the domain publishes:\n  ledger key  {}\n  root       "
                    " {} (SHA-256)\n",
                    Verdict(report.outcome()),
                    Printable(report.vkey),
                    report.root_fingerprint);
}

std::string EvidenceReportAsJson(const EvidenceReport& report, std::string_view file) {
  Json json;
  json["verdict"] = JsonName(report.outcome());
  json["file"] = file;
  json["subject"] = report.subject;
  json["origin"] = report.origin;
  json["size"] = report.size;
  json["entries"] = report.entries;
  json["as_of"] = FormatTime(report.as_of);
  json["log_vkey"] = report.vkey;
  json["root_fingerprint"] = report.root_fingerprint;
  json["checks"] = Json::array();
  for (size_t i = 0; i < kEvidenceCheckCount; ++i) {
    const auto check = static_cast<C>(i);
    const Tally& tally = report.tally(check);
    json["checks"].push_back(
        {{"check", CheckName(check)},
         {"verdict", JsonName(tally.outcome())},
         {"good", tally.checked},
         {"failed", tally.failed},
         {"not_checked", tally.skipped.empty() ? Json(nullptr) : Json(tally.skipped)}});
  }
  json["findings"] = Json::array();
  for (const EvidenceFinding& finding : report.findings()) {
    json["findings"].push_back({{"check", CheckName(finding.check)},
                                {"file", finding.file.empty() ? Json(nullptr) : Json(finding.file)},
                                {"problem", finding.problem}});
  }
  json["findings_total"] = report.findings_total();
  json["notes"] = report.notes;
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

std::string EvidenceReportAsHtml(const EvidenceReport& report, std::string_view file) {
  const Outcome outcome = report.outcome();
  std::string body = "<h1>Pemeriksaan bukti <small>Evidence check</small></h1>\n";
  body += fmt::format("<p class=\"verdict {}\">{}<br>{}</p>\n",
                      LookOf(outcome),
                      EscapeHtml(Putusan(outcome)),
                      EscapeHtml(Verdict(outcome)));
  body += HtmlFacts(FactsOf(report, file));
  std::vector<std::vector<std::string>> rows;
  for (size_t i = 0; i < kEvidenceCheckCount; ++i) {
    const auto check = static_cast<C>(i);
    const Tally& tally = report.tally(check);
    rows.push_back({EscapeHtml(CheckName(check)),
                    fmt::format("<span class=\"{}\">{}</span>",
                                LookOf(tally.outcome()),
                                EscapeHtml(OutcomeName(tally.outcome()))),
                    EscapeHtml(TextOf(check).arti) + "<br><small>" +
                        EscapeHtml(CheckMeaning(check)) + "</small>",
                    EscapeHtml(Detail(tally))});
  }
  body += "<h2>Pemeriksaan <small>Checks</small></h2>\n" +
          HtmlTable("Satu putusan tiap pemeriksaan / one verdict a check",
                    {"Pemeriksaan", "Putusan", "Arti / meaning", "Rincian / detail"},
                    rows);
  std::vector<std::vector<std::string>> faults;
  for (const EvidenceFinding& finding : report.findings()) {
    faults.push_back({"<code>" + EscapeHtml(Where(finding)) + "</code>",
                      EscapeHtml(CheckName(finding.check)),
                      EscapeHtml(finding.problem)});
  }
  if (!faults.empty()) {
    body += "<h2>Temuan <small>Findings</small></h2>\n" +
            HtmlTable(fmt::format("{} seluruhnya / in all", report.findings_total()),
                      {"Berkas / file", "Pemeriksaan / check", "Masalah / problem"},
                      faults);
  }
  for (const std::string& note : report.notes) {
    body += "<p>" + EscapeHtml(note) + "</p>\n";
  }
  return HtmlPage("Pemeriksaan bukti / evidence check", body);
}

}  // namespace rujukan::audit
