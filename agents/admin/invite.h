// Invitations: who is invited, as what, and the two halves that are made of it: the secret for the
// guest and the act for the ledger. Pure but for the invitation's new key.
#pragma once

#include <string>

#include "agents/admin/acts.h"
#include "rujukan/v1/invitation.pb.h"

namespace rujukan::admin {

// As written on a command line or in a row of a table; "" where nothing was said.
struct Guest {
  std::string address;
  std::string official_name;
  std::string region;  // "kemendagri:18.71"; needed of an agency
  std::string role;    // "agency" (or ""), "admin", "steward", "auditor", "registrar"
  std::string steward;
  std::string supervisor;   // pengawas
  std::string office_type;  // "A", "B", "C"
  v1::Scope scope;          // of a steward or an auditor
  bool replace = false;     // for a member that has lost its keys
};

// The public half. kInvalid, kLimit: what to write instead. Regions are checked against the table
// of places, and an agency's address against its region: dinsos.18.71 is of kemendagri:18.71.
Result<v1::Act> InviteActFor(const Guest& guest,
                             const std::string& domain,
                             UnixMillis expires_at,
                             UnixMillis now);

struct NewInvitation {
  v1::Invitation invitation;  // secret: for the guest only
  v1::Act act;                // its public half, for the ledger
};
// As InviteActFor; kInvalid, too, when the domain's endpoints are not known yet.
Result<NewInvitation> MakeInvitation(const link::DomainFile& domain,
                                     const Guest& guest,
                                     UnixMillis expires_at,
                                     UnixMillis now);

// The act for an invitation that was written to a file but never came to the ledger.
Result<v1::Act> InviteActAgain(const v1::Invitation& invitation,
                               const Guest& guest,
                               const std::string& domain,
                               UnixMillis now);

// "agency", "admin"...: as command lines and tables have it.
std::string RoleWord(v1::Role::Code role);

}  // namespace rujukan::admin
