// trail.

#include <memory>

#include "agents/audit/commands.h"
#include "agents/audit/trail.h"

namespace rujukan::audit {
namespace {

Result<Trail> TrailOf(Source& source, const std::string& vkey, const std::string& uuid) {
  ASSIGN_OR_RETURN(const std::string raw, ParseUuid(uuid));
  return ReadTrail(source, vkey, raw);
}

Output RunTrail(const CommonOptions& common, const std::string& uuid) {
  return WithLedger(common, [&](Source& source) -> Output {
    const auto trail = TrailOf(source, common.vkey, uuid);
    if (!trail) {
      return FailedWith(trail.error());
    }
    return {kExitOk, common.json ? TrailAsJson(*trail) : TrailAsText(*trail), ""};
  });
}

}  // namespace

void AddTrailCommands(CommandSet& set) {
  auto subject = std::make_shared<std::string>();
  CLI::App* command =
      set.Add("trail", "One referral as a timeline", [subject](const CommonOptions& common) {
        return RunTrail(common, *subject);
      });
  command->add_option("ID", *subject, "UUID of a leg, or of any message in it")->required();
  set.AddLedger(command);
  set.AddKey(command);
}

}  // namespace rujukan::audit
