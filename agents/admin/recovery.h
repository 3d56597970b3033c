// A domain whose admins are lost, mended with the root key: one root act appoints a new admin,
// takes others out and may put a new issuing CA in force. Thread: one.
//
// Keys are written before the act is sent: an act in the ledger whose key was lost could only be
// mended by another.
#pragma once

#include <string>
#include <vector>

#include "agents/admin/authority.h"
#include "agents/admin/root_act.h"

namespace rujukan::admin {

struct Recovery {
  std::string home;           // to be made; must not hold anything
  std::string passphrase;     // of the new keys
  link::DomainFile domain;    // pins and doors; `admin` is the address to appoint
  std::string official_name;  // of the new admin
  std::vector<std::string> revoke;
  v1::RevocationReason::Code reason = v1::RevocationReason::KEY_COMPROMISE;
  bool new_issuing = false;
  std::string issuing_home;  // where issuing.key and issuing.crt are, without new_issuing
  std::string issuing_passphrase;
  bool one_admin = false;  // turns the two-admin rule off
};

struct Recovered {
  LogIndex index = 0;
  std::string admin_fingerprint;    // SHA-256 of the new certificate
  std::string issuing_fingerprint;  // "" when the issuing CA stays
};

// Appoints a new admin. kConflict: the home is in use; kNotFound: no issuing key and no
// new_issuing. Refused: the broker's reason, and the home is removed again. kUnavailable: the act
// may have been recorded: the home is complete, try it.
Result<Recovered> Recover(const Recovery& recovery,
                          const RootKey& root,
                          const RootDoor& door,
                          UnixMillis now);

}  // namespace rujukan::admin
