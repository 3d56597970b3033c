// Acts: what an admin signs. Each is built here, signed with the admin's certificate, and becomes
// an entry of the ledger or is refused. Pure but for randomness (act ids, invitation keys).
#pragma once

#include <string>

#include "agents/admin/authority.h"
#include "base/clock.h"
#include "ledger/view.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/directory.pb.h"
#include "rujukan/v1/invitation.pb.h"
#include "rujukan/v1/wire.pb.h"

namespace rujukan::admin {

// Dates `act`, gives it an id, and signs it as this home's admin.
v1::SubmitAct SignAct(const Authority& authority, v1::Act act, UnixMillis now);

struct Guest {
  std::string address;
  std::string official_name;
  std::string region;  // "kemendagri:18.71"
  UnixMillis expires_at = 0;
};

struct NewInvitation {
  v1::Invitation invitation;  // secret: for the agency only
  v1::SubmitAct act;          // its public half, for the ledger
};
// kInvalid: the address is malformed or of another domain, the name is empty, or the domain's
// endpoints are not known yet. kLimit: it would live over limits::kInvitationLifeMsMax, or a text
// is too long.
Result<NewInvitation> MakeInvitation(const Authority& authority,
                                     const Guest& guest,
                                     UnixMillis now);

// A request to join, as the verified directory has it.
struct PendingRequest {
  std::string enrolment_id;
  std::string fingerprint;  // "4821 0937 5562": to be compared by phone with what the agency sees
  v1::EnrolmentRequest request;
  v1::Invite invitation;
};
// All that wait for a decision. kCorrupt: a request does not parse or has no invitation.
Result<std::vector<PendingRequest>> PendingRequests(const ledger::View& directory);

// Checks both key requests (proof of possession, exactly the invitation's address), issues both
// certificates for a year, and signs the admission. kDenied: the request asks for another address.
Result<v1::SubmitAct> Approve(const Authority& authority,
                              const PendingRequest& pending,
                              UnixMillis now);
Result<v1::SubmitAct> Reject(const Authority& authority,
                             const PendingRequest& pending,
                             const std::string& note,
                             UnixMillis now);

// `reason` is a name of RevocationReason, "KEY_COMPROMISE" for one; kInvalid lists them.
struct Revocation {
  std::string address;
  std::string reason;
  std::string note;
};
Result<v1::SubmitAct> MakeRevocation(const Authority& authority,
                                     const Revocation& revocation,
                                     UnixMillis now);

// "7d", "12h", "30m" in milliseconds. kInvalid.
Result<UnixMillis> ParseDuration(const std::string& text);

}  // namespace rujukan::admin
