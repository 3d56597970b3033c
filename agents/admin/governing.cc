#include "agents/admin/governing.h"

namespace rujukan::admin {

void AddGoverningCommands(CommandSet& set) {
  AddPolicyCommands(set);
  AddPermitCommands(set);
}

}  // namespace rujukan::admin
