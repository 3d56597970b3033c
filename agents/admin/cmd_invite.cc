// `invite`: a one-time invitation for an agency.

#include <memory>

#include "agents/admin/acts.h"
#include "agents/admin/commands.h"
#include "agents/admin/present.h"
#include "agents/link/invitation.h"

namespace rujukan::admin {
namespace {

struct InviteOptions {
  std::string address;
  std::string name;
  std::string region;
  std::string expires_in = "7d";
  std::string out;
};

Result<std::string> Invite(const Office& office, const InviteOptions& options) {
  ASSIGN_OR_RETURN(const UnixMillis life, ParseDuration(options.expires_in));
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  const UnixMillis now = office.Now();
  ASSIGN_OR_RETURN(
      const NewInvitation made,
      MakeInvitation(
          desk.authority, {options.address, options.name, options.region, now + life}, now));
  // File first: an invitation in the ledger whose secret was lost would be of no use, while a file
  // without an entry only fails at `join`.
  if (!options.out.empty()) {
    RETURN_IF_ERROR(link::WriteInvitationFile(options.out, made.invitation));
  }
  ASSIGN_OR_RETURN(const link::Proven proven, desk.broker->Submit(made.act));
  return PresentInvitation(made.invitation, options.out, proven.index, office.json());
}

}  // namespace

void AddInviteCommands(CommandSet& set) {
  const auto options = std::make_shared<InviteOptions>();
  CLI::App* invite = set.AddOnline(
      "invite", "Make a one-time invitation for an agency", [options](const Office& office) {
        return Invite(office, *options);
      });
  invite->add_option("ADDRESS", options->address, "dinsos.18.71@lampung.example")->required();
  invite->add_option("--name", options->name, "Official name")->required();
  invite->add_option("--region", options->region, "kemendagri:18.71")->required();
  invite->add_option("--expires-in", options->expires_in, "30m, 12h, 7d; at most 30d")
      ->capture_default_str();
  invite->add_option("--out", options->out, "Write it to this file (0600) instead of printing it");
}

}  // namespace rujukan::admin
