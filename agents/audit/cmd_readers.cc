// readers.

#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/readers.h"

namespace rujukan::audit {
namespace {

Output RunReaders(const CommonOptions& common, const std::string& auditor) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto readers = ReadReaders(source, common.vkey, auditor);
    if (!readers) {
      return FailedWith(readers.error());
    }
    return {kExitOk, common.json ? ReadersAsJson(*readers) : ReadersAsText(*readers), ""};
  });
}

}  // namespace

void AddReadersCommands(CommandSet& set) {
  auto auditor = std::make_shared<std::string>();
  CLI::App* command = set.Add(
      "readers", "Who has read which entries, and why", [auditor](const CommonOptions& common) {
        return RunReaders(common, *auditor);
      });
  command->add_option("--auditor", *auditor, "Address: only the readings of this auditor");
  set.AddLedger(command);
  set.AddKey(command);
}

}  // namespace rujukan::audit
