// What the admin's commands print: tables for people, JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "agents/admin/acts.h"
#include "agents/admin/domain_file.h"
#include "agents/link/submission.h"

namespace rujukan::admin {

std::string PresentInit(const DomainFile& domain,
                        const std::string& home,
                        const std::string& broker_identity,
                        bool json);
// `file` is "" when the invitation is printed itself.
std::string PresentInvitation(const v1::Invitation& invitation,
                              const std::string& file,
                              LogIndex index,
                              bool json);
std::string PresentRequests(const std::vector<PendingRequest>& requests, bool json);

struct Decision {
  std::string verb;  // "approved", "rejected", "revoked"
  std::string address;
  std::string fingerprint;  // "" for a revocation
  LogIndex index = 0;
};
std::string PresentDecisions(const std::vector<Decision>& decisions, bool json);
std::string PresentAgencies(const std::vector<v1::AgencyRecord>& agencies, bool json);

}  // namespace rujukan::admin
