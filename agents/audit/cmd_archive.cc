// check-archive.

#include <fmt/format.h>

#include <memory>

#include "agents/audit/anchor.h"
#include "agents/audit/archive_file.h"
#include "agents/audit/commands.h"
#include "base/printable.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

std::string VerdictText(const ArchiveVerdict& verdict) {
  std::string text = Printable(verdict.path) + ": ";
  if (verdict.header) {
    text += fmt::format(
        "{} of {}: ", ledger::RangeText(verdict.header->range), Printable(verdict.header->origin));
  }
  text += verdict.faults.empty() ? "VERIFIED\n" : "NOT VERIFIED\n";
  for (const ledger::ArchiveFault& fault : verdict.faults) {
    text += "  " + Printable(fault.Text()) + "\n";
  }
  return text;
}

Json VerdictJson(const ArchiveVerdict& verdict) {
  Json json{{"file", verdict.path}, {"verdict", verdict.faults.empty() ? "pass" : "fail"}};
  if (verdict.header) {
    json["origin"] = verdict.header->origin;
    json["first"] = verdict.header->range.first;
    json["end"] = verdict.header->range.end;
  }
  json["faults"] = Json::array();
  for (const ledger::ArchiveFault& fault : verdict.faults) {
    Json one{{"problem", fault.problem}};
    if (fault.entry) {
      one["entry"] = *fault.entry;
    }
    json["faults"].push_back(std::move(one));
  }
  return json;
}

// Every file, whatever is wrong with the ones before it.
Output RunCheckArchive(const CommonOptions& common, const std::vector<std::string>& files) {
  const auto log = ParseVkeyOrFile(common.vkey);
  if (!log) {
    return FailedWith(log.error());
  }
  Output output;
  Json all = Json::array();
  for (const std::string& path : files) {
    const auto verdict = CheckArchive(path, *log);
    if (!verdict) {
      return FailedWith(verdict.error());
    }
    output.text += common.json ? "" : VerdictText(*verdict);
    all.push_back(VerdictJson(*verdict));
    if (!verdict->faults.empty()) {
      output.exit_code = kExitNotVerified;
    }
  }
  if (common.json) {
    output.text = Dump(all);
  }
  return output;
}

}  // namespace

void AddArchiveCommands(CommandSet& set) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* check =
      set.Add("check-archive",
              "Check archive files, each alone, offline",
              [files](const CommonOptions& common) { return RunCheckArchive(common, *files); });
  check->add_option("FILE", *files, "Archive files")->required();
  set.AddKey(check);
  check->get_option("--vkey")->required();
}

}  // namespace rujukan::audit
