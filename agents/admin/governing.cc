#include "agents/admin/governing.h"

namespace rujukan::admin {

void AddGoverningCommands(CommandSet& set) {
  AddPolicyCommands(set);
  AddClockCommands(set);
  AddPermitCommands(set);
  AddRuleCommands(set);
  AddAnchorCommands(set);
  AddRecoveryCommands(set);
  AddHoldCommands(set);
  AddDoctorCommands(set);
  AddRegistrarCommands(set);
}

}  // namespace rujukan::admin
