// Directory records as JSON, alike with and without a daemon. Pure; any thread the view allows.
#pragma once

#include <map>
#include <string>

#include "agents/agency/directory_search.h"
#include "agents/agency/json.h"

namespace rujukan::agency {

// The answer to a search: {"as_of", "agencies": [...]}. Findings: what is wrong with the options.
Result<Json> SearchJson(const ledger::View& directory,
                        const std::map<std::string, std::string>& options,
                        UnixMillis now,
                        Findings& findings);

// The whole record: profile, standing, keys with their ends, who edited it last. kNotFound.
Result<Json> RecordJson(const ledger::View& directory, const std::string& address, UnixMillis now);

// {"root": "4821 0937 5562", "entries": N, "as_of"}: two agencies that read the same digits to each
// other hold the same directory. kNotFound: nothing was followed yet.
Result<Json> RootJson(const ledger::View& directory);

}  // namespace rujukan::agency
