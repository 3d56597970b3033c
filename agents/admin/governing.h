// The commands that govern a domain rather than its members, each topic in a file of its own
// (cmd_*.cc): under which policy and rules it decides, which CAs beside its own it believes, how it
// is mended when keys are lost, and whether all is well with it.
#pragma once

#include "agents/admin/command_set.h"
#include "agents/admin/root_act.h"

namespace rujukan::admin {

void AddGoverningCommands(CommandSet& set);  // all of these

void AddPolicyCommands(CommandSet& set);  // policy show, set, check, diff, test
void AddClockCommands(CommandSet& set);   // clocks show, set, check, explain
void AddPermitCommands(CommandSet& set);  // permit, permits
void AddRuleCommands(CommandSet& set);    // rules, proposals, confirm, decline
void AddAnchorCommands(CommandSet& set);  // anchors, anchor add, anchor remove, anchor crl
// recover, issuing renew; tests give another door.
void AddRecoveryCommands(CommandSet& set, const RootDoor& door = SubmitOverEnrolment);
void AddHoldCommands(CommandSet& set);       // hold, lift-hold, holds
void AddDoctorCommands(CommandSet& set);     // doctor
void AddRegistrarCommands(CommandSet& set);  // serve

}  // namespace rujukan::admin
