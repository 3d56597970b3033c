// A new issuing CA in the place of one that ends, or that was stolen: certified by the root, put in
// force by a root act. Thread: one.
#pragma once

#include <optional>
#include <string>

#include "agents/admin/root_act.h"
#include "ledger/view.h"

namespace rujukan::admin {

struct IssuingRenewal {
  std::string home;
  std::string passphrase;
  link::DomainFile domain;
};
struct RenewedIssuing {
  std::optional<LogIndex> index;  // nullopt: it was in force already
  std::string fingerprint;        // SHA-256 of its certificate
};
// Puts a new issuing CA in force; its key is in home/issuing.key afterwards, the former ones are
// kept as issuing-<key id>.key and .crt. One that was cut off is taken up again: the same key is
// used. Errors as
// RootDoor, LoadRoot and the key files.
Result<RenewedIssuing> RenewIssuing(const IssuingRenewal& renewal,
                                    const RootKey& root,
                                    const ledger::View& directory,
                                    const RootDoor& door,
                                    UnixMillis now);

}  // namespace rujukan::admin
