#include "agents/admin/join.h"

namespace rujukan::admin {

Result<link::Joined> JoinDomain(const Office& office,
                                const JoinWish& wish,
                                const link::DoorOpener& open,
                                const std::function<void(const link::Joined&)>& announce) {
  link::Joining joining{office.options().home, "", wish.invitation, wish.wait_ms};
  ASSIGN_OR_RETURN(joining.passphrase, office.Passphrase());
  const auto follow = [&office](const link::Caller& caller,
                                ledger::MemoryView& directory) -> Result<void> {
    ASSIGN_OR_RETURN(const auto broker, office.Connect(caller));
    return FollowDirectory(*broker, caller.domain, directory);
  };
  return link::JoinAsMember(joining, {office.clock(), open, follow}, announce);
}

}  // namespace rujukan::admin
