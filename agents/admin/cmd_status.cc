// `revoke`: an agency is out, from the next message on.

#include <memory>

#include "agents/admin/acts.h"
#include "agents/admin/commands.h"
#include "agents/admin/present.h"

namespace rujukan::admin {
namespace {

Result<std::string> RevokeAgency(const Office& office, const Revocation& revocation) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const v1::SubmitAct act,
                   MakeRevocation(desk.authority, revocation, office.Now()));
  ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(act));
  return PresentDecisions({{"revoked", revocation.address, "", proven.index}}, office.json());
}

}  // namespace

void AddStatusCommands(CommandSet& set) {
  const auto options = std::make_shared<Revocation>();
  CLI::App* revoke = set.AddOnline(
      "revoke", "Take an agency out, effective at once", [options](const Office& office) {
        return RevokeAgency(office, *options);
      });
  revoke->add_option("ADDRESS", options->address, "The agency")->required();
  revoke->add_option("--reason", options->reason, "KEY_COMPROMISE, CESSATION, ...")->required();
  revoke->add_option("--note", options->note, "Free text for the record");
}

}  // namespace rujukan::admin
