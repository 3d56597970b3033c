// stamp.

#include <fmt/format.h>

#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/stamp_copy.h"
#include "base/printable.h"
#include "certs/pem.h"

namespace rujukan::audit {
namespace {

using Json = nlohmann::ordered_json;

struct StampOptions {
  std::string directory;
  std::string url;
  std::string ca;
};

Output RunStamp(const CommonOptions& common, const StampOptions& options) {
  const auto anchors = ReadTsaAnchors(options.ca);
  if (!anchors) {
    return FailedWith(anchors.error());
  }
  const auto stamped = StampCopy(options.directory, common.vkey, options.url, *anchors);
  if (!stamped) {
    return FailedWith(stamped.error());
  }
  if (common.json) {
    return {kExitOk,
            Dump(Json{{"size", stamped->size},
                      {"time", FormatTime(stamped->time)},
                      {"authority", stamped->authority},
                      {"verified", !anchors->empty()},
                      {"file", stamped->file}}),
            ""};
  }
  return {kExitOk,
          fmt::format("Stamped {} entries: {}, by {}{}.\nKept as {}/{}; verify reads it.\n",
                      stamped->size,
                      FormatTime(stamped->time),
                      Printable(stamped->authority),
                      anchors->empty() ? " (not verified: no --tsa-ca)" : "",
                      options.directory,
                      stamped->file),
          ""};
}

}  // namespace

Result<std::vector<std::string>> ReadTsaAnchors(const std::string& pem_file) {
  constexpr size_t kPemBytesMax = 1 << 20;
  if (pem_file.empty()) {
    return std::vector<std::string>();
  }
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(pem_file, kPemBytesMax));
  return certs::CertificatesIn(pem, pem_file);
}

void AddStampCommands(CommandSet& set) {
  auto options = std::make_shared<StampOptions>();
  CLI::App* command =
      set.Add("stamp",
              "Have the checkpoint of a copy time-stamped (RFC 3161)",
              [options](const CommonOptions& common) { return RunStamp(common, *options); });
  command->add_option("COPY", options->directory, "Folder of a copy")->required();
  command->add_option("--tsa", options->url, "The authority's http address")->required();
  command->add_option("--tsa-ca", options->ca, "Its trusted certificates (PEM)");
  set.AddKey(command);
}

}  // namespace rujukan::audit
