// export, verify.

#include <fmt/format.h>

#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/export.h"
#include "agents/audit/progress.h"
#include "agents/audit/verify.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

Progress ShowOn(ProgressBar& bar) {
  return [&bar](uint64_t done, uint64_t total) { bar.Show(done, total); };
}

std::string SummaryText(const ExportSummary& summary, const std::string& directory) {
  return fmt::format(
      "Exported {} to {}: {} entries ({} new) in {} bundles, {} tiles, {} certificates.\n{}"
      "Now verify the copy:  rujukan-audit verify {}\n",
      Printable(summary.origin),
      directory,
      summary.size,
      summary.size - summary.old_size,
      summary.bundles,
      summary.tiles,
      summary.certificates,
      summary.withheld == 0
          ? ""
          : fmt::format("{} entries are not yours to read; the copy has their hashes.\n",
                        summary.withheld),
      directory);
}

Json SummaryJson(const ExportSummary& summary, const std::string& directory) {
  return Json{{"origin", summary.origin},
              {"out", directory},
              {"size", summary.size},
              {"new_entries", summary.size - summary.old_size},
              {"bundles", summary.bundles},
              {"tiles", summary.tiles},
              {"certificates", summary.certificates},
              {"withheld", summary.withheld}};
}

Output RunExport(const CommonOptions& common, const std::string& out) {
  return WithLedger(common, [&](Source& source) -> Output {
    ProgressBar bar("Exporting");
    const auto summary = Export(source, out, common.vkey, ShowOn(bar));
    if (!summary) {
      return FailedWith(summary.error());
    }
    return {
        kExitOk, common.json ? Dump(SummaryJson(*summary, out)) : SummaryText(*summary, out), ""};
  });
}

Output RunVerify(const CommonOptions& common, const VerifyOptions& options) {
  return WithLedger(common, [&](Source& source) -> Output {
    ProgressBar bar("Verifying");
    const auto report = Verify(source, options, ShowOn(bar));
    if (!report) {
      const bool malformed = report.error().code == Errc::kInvalid;
      return FailedWith(report.error(),
                        malformed ? kExitNotVerified : ExitCodeOf(report.error().code));
    }
    return {
        report->outcome() == Outcome::kPass ? kExitOk : kExitNotVerified,
        common.json ? ReportAsJson(*report, source.name()) : ReportAsText(*report, source.name()),
        ""};
  });
}

void AddExport(CommandSet& set) {
  auto out = std::make_shared<std::string>();
  CLI::App* command = set.Add(
      "export", "Copy a ledger to a folder, or extend a copy", [out](const CommonOptions& common) {
        return RunExport(common, *out);
      });
  set.AddLedger(command);
  set.AddKey(command);
  command->add_option("--out", *out, "Folder to write")->required();
}

void AddVerify(CommandSet& set) {
  auto options = std::make_shared<VerifyOptions>();
  auto tsa = std::make_shared<std::string>();
  CLI::App* command = set.Add(
      "verify", "Check everything; name every fault", [options, tsa](const CommonOptions& common) {
        options->vkey = common.vkey;
        auto anchors = ReadTsaAnchors(*tsa);
        if (!anchors) {
          return FailedWith(anchors.error());
        }
        options->tsa_anchors = std::move(*anchors);
        return RunVerify(common, *options);
      });
  command->add_option("LEDGER", set.common().ledger, "Folder of a copy, or http address")
      ->required();
  set.AddAccess(command);
  set.AddArchive(command);
  set.AddKey(command);
  command->add_option(
      "--root", options->root_fingerprint, "Root certificate's SHA-256 (hex) you expect");
  command->add_option("--tsa", *tsa, "Certificates of time-stamping authorities you trust (PEM)");
  command->add_option("--threads", options->threads, "Verifying threads; default: one a core");
}

}  // namespace

void AddCopyCommands(CommandSet& set) {
  AddExport(set);
  AddVerify(set);
}

}  // namespace rujukan::audit
