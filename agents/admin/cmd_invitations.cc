// `invitations`, `uninvite`: who was invited and has not answered, and taking it back.

#include <algorithm>
#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/invite.h"
#include "agents/admin/open_invitations.h"
#include "agents/admin/present.h"
#include "agents/link/invitation.h"
#include "base/address.h"
#include "certs/ed25519.h"

namespace rujukan::admin {
namespace {

struct UninviteOptions {
  std::string whom;  // an address, or the invitation itself: file or string
  std::string note;
};

Result<std::string> ListInvitations(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto open, ListUnanswered(desk.directory));
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::vector<std::vector<std::string>> lines = {
      {"ADDRESS", "ROLE", "EXPIRES", "STATE", "ENTRY", "INVITED BY", "NAME"}};
  for (const OpenInvitation& one : open) {
    const v1::Invite& invite = one.record.invite();
    const char* state = invite.expires_at_ms() > office.Now() ? "open" : "expired";
    const std::string expires = FormatTime(invite.expires_at_ms());
    list.push_back({{"address", invite.address()},
                    {"role", RoleWord(invite.role())},
                    {"expires_at", expires},
                    {"state", state},
                    {"index", one.record.index()},
                    {"inviter", one.record.inviter()},
                    {"official_name", invite.official_name()}});
    lines.push_back({invite.address(),
                     RoleWord(invite.role()),
                     expires,
                     state,
                     std::to_string(one.record.index()),
                     one.record.inviter(),
                     invite.official_name()});
  }
  if (office.json()) {
    return JsonText(list);
  }
  return open.empty() ? "Every invitation has been answered or taken back.\n" : TextTable(lines);
}

// The public key of the invitation that was handed over as a file or a string.
Result<std::string> KeyOfSecret(const std::string& text_or_path) {
  ASSIGN_OR_RETURN(const v1::Invitation invitation, link::LoadInvitation(text_or_path));
  ASSIGN_OR_RETURN(const auto key, certs::Ed25519Key::FromSeed(invitation.invitation_seed()));
  return key.public_bytes();
}

// An address means all that are open for it.
Result<std::vector<OpenInvitation>> Meant(const std::string& whom, const Desk& desk) {
  const bool by_address = AgencyAddress::Parse(whom).has_value();
  ASSIGN_OR_RETURN(const std::string key, by_address ? Result<std::string>("") : KeyOfSecret(whom));
  ASSIGN_OR_RETURN(auto open, ListUnanswered(desk.directory));
  open.erase(std::remove_if(open.begin(),
                            open.end(),
                            [&](const OpenInvitation& one) {
                              return by_address ? one.record.invite().address() != whom
                                                : one.key != key;
                            }),
             open.end());
  if (open.empty()) {
    return Fail(Errc::kNotFound,
                "no such invitation is open: see rujukan-admin invitations. One that has been "
                "answered is a request: rujukan-admin reject");
  }
  return open;
}

Result<Answer> Uninvite(const Office& office, const UninviteOptions& options) {
  RETURN_IF_ERROR(CheckText(options.note, "the note"));
  const UnixMillis begun = office.Now();
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto open, Meant(options.whom, desk));
  Decisions decisions;
  for (const OpenInvitation& one : open) {
    v1::Act act;
    act.mutable_cancel_invitation()->set_invitation_key(one.key);
    act.mutable_cancel_invitation()->set_note(options.note);
    ASSIGN_OR_RETURN(const link::Proven proven, desk.Submit(std::move(act)));
    decisions.all.push_back({"uninvited", one.record.invite().address(), "", proven.index, "", ""});
  }
  decisions.took = office.Now() - begun;
  return PresentDecisions(decisions, office.json());
}

}  // namespace

void AddInvitationCommands(CommandSet& set) {
  set.AddOnline("invitations", "Who was invited and has not answered", ListInvitations)
      ->footer("Example:\n  rujukan-admin invitations --home admin");

  const auto options = std::make_shared<UninviteOptions>();
  CLI::App* uninvite =
      set.AddOnline("uninvite", "Take an invitation back", [options](const Office& office) {
        return Uninvite(office, *options);
      });
  uninvite->add_option("INVITATION", options->whom, "Address, invitation file or string")
      ->required();
  uninvite->add_option("--note", options->note, "Why, for the record");
  uninvite->footer(
      "Example:\n"
      "  rujukan-admin uninvite dinsos.18.71@lampung.example --note \"sent to a wrong number\" \\\n"
      "    --home admin");
}

}  // namespace rujukan::admin
