// Joining: from an invitation to an admitted agency. Keys are made here and never leave; the admin
// compares the fingerprint by phone and approves.
//
// Thread: the caller's. Interrupted at any point, calling again goes on: keys and the signed
// request are kept in the home, and the broker answers the same request the same way. Another
// invitation to the same address makes new keys and a new request; the old keys stay in the home
// as *.key.1, *.key.2...
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/home.h"
#include "base/clock.h"

namespace rujukan::agency {

// A signing certificate of another CA (BSrE, say) in the place of one of the domain's.
struct OutsideIdentity {
  std::string certificate;                 // DER
  std::vector<std::string> intermediates;  // DER
  std::string key_file;                    // becomes the home's signing.key, byte for byte
};

struct JoinRequest {
  const Home& home;
  v1::Invitation invitation;
  std::string passphrase;
  int64_t wait_ms = 0;  // for the admin's decision; 0: do not wait
  std::optional<OutsideIdentity> outside;
  std::function<void(int64_t waited_ms)> progress;  // every second of the wait
};

enum class JoinState { kPending, kApproved };
struct Joined {
  JoinState state = JoinState::kPending;
  std::string address;
  std::string fingerprint;  // "4821 0937 5562": read it to the admin
};

// `announce` is called once with state kPending, when the request is in the ledger, before any
// waiting. kConflict: the home belongs to another agency, or somebody else has used the invitation:
// tell the admin, ask for a new one. kInvalid: the invitation is not for an agency, or the outside
// certificate and its key do not belong together. kExpired: the invitation. kDenied:
// rejected, with the admin's note, or refused by the broker. kUnavailable: broker not reached, or
// no decision within wait_ms.
Result<Joined> Join(const JoinRequest& request,
                    const Clock& clock,
                    const std::function<void(const Joined&)>& announce);

}  // namespace rujukan::agency
