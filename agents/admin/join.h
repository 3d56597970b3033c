// Joining as an admin, steward, auditor or registrar, from the command line of an office: from an
// invitation to a home like the first admin's, without root.key and issuing.key. How:
// link/member_join.h.
#pragma once

#include <functional>
#include <optional>

#include "agents/admin/command_set.h"
#include "agents/link/member_join.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::admin {

struct JoinWish {
  std::optional<v1::Invitation> invitation;  // nullopt: go on with the request in the home
  int64_t wait_ms = 0;                       // for the decision; 0: ask once
};

// The command `join` with another door; AddJoinCommands(set) of commands.h opens the real one.
void AddJoinCommands(CommandSet& set, link::DoorOpener open);

// As link::JoinAsMember, in the office's home.
Result<link::Joined> JoinDomain(const Office& office,
                                const JoinWish& wish,
                                const link::DoorOpener& open,
                                const std::function<void(const link::Joined&)>& announce);

}  // namespace rujukan::admin
