// A member's home reaching its broker, and following the directory from there. Every answer is
// verified before it is believed: checkpoints continue the one the home remembers, the directory is
// proven entry by entry from the genesis.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agents/link/client.h"
#include "agents/link/member_home.h"
#include "ledger/view.h"

namespace rujukan::link {

// Connected at the main door. Remembers the newest checkpoint in home/checkpoint, so that a broker
// that shows another history to the next command is found out. kInvalid: the home does not know
// where the broker listens. kUnavailable: no broker there. kCorrupt: another history.
Result<std::unique_ptr<Client>> ConnectMember(const std::string& home, const Caller& caller);

// A directory page, unverified; of a client, or of a test's broker.
using DirectoryPages = std::function<Result<v1::DirectoryPage>(LogIndex from)>;
DirectoryPages PagesOf(Client& client);

// Brings `view` up to date, whatever it holds of this domain's directory so far; what is new is
// verified against `domain`'s pins. kCorrupt, kDenied: the broker lies: stop and call the auditor.
Result<void> FollowDirectory(const DirectoryPages& pages,
                             const DomainFile& domain,
                             ledger::MemoryView& view);

}  // namespace rujukan::link
