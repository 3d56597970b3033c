// `join`: another admin, a steward, an auditor or a registrar makes its home.

#include <cstdio>
#include <memory>

#include "agents/admin/commands.h"
#include "agents/admin/join.h"
#include "agents/admin/present.h"
#include "agents/link/invitation.h"

namespace rujukan::admin {
namespace {

struct JoinOptions {
  std::string invitation;
  bool wait = false;
  std::string wait_for = "1h";
};

// Said before the waiting begins: without the fingerprint nobody approves.
void Announce(const link::Joined& joined) {
  std::fprintf(stderr,
               "%s asks to join. Read this to an admin of the domain, on the phone:\n  %s\n",
               joined.address.c_str(),
               joined.fingerprint.c_str());
}

std::string Present(const link::Joined& joined, const std::string& home, bool json) {
  if (json) {
    return JsonText({{"address", joined.address},
                     {"fingerprint", joined.fingerprint},
                     {"admitted", joined.admitted},
                     {"home", home}});
  }
  if (joined.admitted) {
    return joined.address + " is admitted; " + home +
           " is complete.\nNext:  rujukan-admin agencies " + "--home " + home +
           "\nTo issue certificates here as well, copy issuing.key (chmod 600) from the first "
           "admin's home.\n";
  }
  return joined.address + " waits for a decision. Fingerprint:  " + joined.fingerprint +
         "\nThere:  rujukan-admin approve \"" + joined.fingerprint +
         "\" --home DIR\nThen:   rujukan-admin join --home " + home + "\n";
}

Result<Answer> Join(const Office& office,
                    const std::string& invitation,
                    int64_t wait_ms,
                    const link::DoorOpener& open) {
  JoinWish wish;
  wish.wait_ms = wait_ms;
  if (!invitation.empty()) {
    ASSIGN_OR_RETURN(wish.invitation, link::LoadInvitation(invitation));
  }
  ASSIGN_OR_RETURN(const link::Joined joined, JoinDomain(office, wish, open, Announce));
  return Answer(Present(joined, office.options().home, office.json()));
}

}  // namespace

void AddJoinCommands(CommandSet& set, link::DoorOpener open) {
  const auto options = std::make_shared<JoinOptions>();
  CLI::App* join =
      set.AddOffline("join",
                     "Make a home from an invitation as admin, steward, auditor or registrar",
                     [options, open = std::move(open)](const Office& office) -> Result<Answer> {
                       ASSIGN_OR_RETURN(const UnixMillis wait, ParseDuration(options->wait_for));
                       return Join(office, options->invitation, options->wait ? wait : 0, open);
                     });
  join->add_option("INVITATION", options->invitation, "File or string; to go on, leave it out");
  join->add_flag("--wait", options->wait, "Until an admin has decided");
  join->add_option("--wait-for", options->wait_for, "With --wait: no longer than 30m, 12h, 7d")
      ->capture_default_str();
  join->footer("Example:\n  rujukan-admin join admin.02.invite --home admin2 --wait");
}

void AddJoinCommands(CommandSet& set) {
  AddJoinCommands(set, link::OpenEnrolmentDoor);
}

}  // namespace rujukan::admin
