// `agencies`: who belongs to the domain.

#include "agents/admin/commands.h"
#include "agents/admin/present.h"
#include "ledger/records.h"

namespace rujukan::admin {
namespace {

Result<std::string> ListMembers(const Office& office) {
  ASSIGN_OR_RETURN(const Desk desk, office.Open());
  ASSIGN_OR_RETURN(const auto agencies, ledger::ListAgencies(desk.directory));
  return PresentAgencies(agencies, office.json());
}

}  // namespace

void AddShowCommands(CommandSet& set) {
  set.AddOnline("agencies", "Who belongs to the domain", ListMembers);
}

}  // namespace rujukan::admin
