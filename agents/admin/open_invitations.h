// Invitations that nobody has answered or taken back, as the verified directory has them. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "ledger/view.h"
#include "rujukan/v1/membership.pb.h"

namespace rujukan::admin {

struct OpenInvitation {
  std::string key;  // Ed25519 public key
  v1::InvitationRecord record;
};
// In the order of the ledger, expired ones included. kFatal: the view.
Result<std::vector<OpenInvitation>> ListUnanswered(const ledger::View& directory);

}  // namespace rujukan::admin
