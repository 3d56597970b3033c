// What waits for an admin's decision: requests to join, and requests of members for new keys. And
// what a decision is made of. Pure: everything is read from the verified directory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/admin/acts.h"
#include "base/clock.h"
#include "ledger/view.h"
#include "rujukan/v1/act.pb.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::admin {

struct Waiting {
  enum class Kind { kJoin, kKeys };

  Kind kind = Kind::kJoin;
  std::string id;           // enrolment id, or the id of the act that asked
  std::string fingerprint;  // "4821 0937 5562": to be compared by phone with what they see
  std::string address;
  std::string official_name;
  v1::Role::Code role = v1::Role::AGENCY;
  UnixMillis since = 0;          // as its sender dated it
  v1::EnrolmentRequest request;  // kJoin
  v1::Invite invitation;         // kJoin
  v1::RequestKeys keys;          // kKeys

  bool outside() const { return !request.outside_certificate().empty(); }
};

// In the order of the ledger. kCorrupt: a request does not parse or has no invitation.
Result<std::vector<Waiting>> ListWaiting(const ledger::View& directory);

// The one that was meant: `typed` is a fingerprint with or without spaces, an address, or an id in
// hex. kNotFound. kConflict: several wait for this address, and one may have a stolen invitation:
// only the fingerprint tells them apart.
Result<Waiting> FindWaiting(const std::vector<Waiting>& waiting, const std::string& typed);

// What to look at twice before granting it; "" when there is nothing.
std::string WarningFor(const Waiting& waiting);

struct Terms {
  UnixMillis life = 0;  // of the certificates; 0: a year, or as long as the CA if that is less
  std::string anchor;   // name of the anchor that an outside certificate chains to
};
// Checks the key requests (proof of possession, exactly the address that was invited or asks),
// issues certificates, and makes the act. kDenied: a request for another address. kInvalid, kLimit:
// the terms; for an outside certificate without terms.anchor the text has the subject to compare.
Result<v1::Act> Approve(const IssuingCa& issuing,
                        const Waiting& waiting,
                        const Terms& terms,
                        const ledger::View& directory,
                        UnixMillis now);
// The applicant sees the reason. kInvalid: there is none; kLimit: too long.
Result<v1::Act> Reject(const Waiting& waiting, const std::string& reason);

}  // namespace rujukan::admin
