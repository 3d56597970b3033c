// The commands for membership, each topic in a file of its own (cmd_*.cc): what a person types, the
// checks that only the command line can make, and what is printed. Errors are the program's last
// words, so each says what to do next.
#pragma once

#include "agents/admin/command_set.h"

namespace rujukan::admin {

void AddFoundCommands(CommandSet& set);       // init
void AddJoinCommands(CommandSet& set);        // join
void AddRotateCommands(CommandSet& set);      // rotate
void AddInviteCommands(CommandSet& set);      // invite
void AddInvitationCommands(CommandSet& set);  // invitations, uninvite
void AddRequestCommands(CommandSet& set);     // requests, approve, reject
void AddStatusCommands(CommandSet& set);      // suspend, resume, revoke
void AddCrlCommands(CommandSet& set);         // crl publish, crl show
void AddStandingCommands(CommandSet& set);    // standing
void AddShowCommands(CommandSet& set);        // agencies, show
void AddHistoryCommands(CommandSet& set);     // history

}  // namespace rujukan::admin
