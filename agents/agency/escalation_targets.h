// Whom missed deadlines of a leg are told, a level each, picked by the sender's agent from the
// directory: the receiver's supervisor, the next tier, the province or the ministry. The blind
// broker escalates to nobody else, so that an agency that must not know never hears of the child
// from it. Also who supervises an agency, for complaints. Pure; any thread the view allows.
#pragma once

#include <string>
#include <vector>

#include "agents/agency/silence.h"
#include "ledger/view.h"

namespace rujukan::agency {

// Who is above `address`, nearest first: its supervisor (pengawas), theirs, and where the directory
// names none the social service of its regency, of its province, the ministry. Active agencies
// only, each once, never `address` itself.
Result<std::vector<std::string>> SupervisorsOf(const ledger::View& directory,
                                               const std::string& address);

// At most limits::kEscalationTargetsMax. `own` stands in where somebody had to be left out: an
// empty level would be filled from the directory by the broker, which does not know whom to leave
// out.
Result<std::vector<std::string>> EscalationTargets(const ledger::View& directory,
                                                   const std::string& own,
                                                   const std::string& receiver,
                                                   const Silence& silence);

}  // namespace rujukan::agency
