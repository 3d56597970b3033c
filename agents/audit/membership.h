// What the verified directory says of the auditor whose home this is.
#pragma once

#include <string>

#include "agents/link/domain_file.h"
#include "base/clock.h"
#include "base/result.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::audit {

struct Membership {
  link::DomainFile domain;
  v1::AgencyRecord record;
  UnixMillis key_ends = 0;  // of the certificate in force; 0: none is
};

// Over the wire; keeps a copy of the directory in the home. kNotFound: not admitted (any more).
// kUnavailable: no broker. kCorrupt, kDenied: the broker lies.
Result<Membership> ReadMembership(const std::string& home);

std::string MembershipAsText(const Membership& membership, UnixMillis now);
std::string MembershipAsJson(const Membership& membership, UnixMillis now);

}  // namespace rujukan::audit
