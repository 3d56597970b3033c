// One member, with everything the verified directory knows of it. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agents/admin/waiting.h"
#include "base/clock.h"
#include "ledger/view.h"
#include "rujukan/v1/membership.pb.h"

namespace rujukan::admin {

struct MemberKey {
  std::string id;
  v1::KeyRecord record;
};

struct MemberPermit {
  std::string from;
  std::string to;
  v1::PermitRecord record;
};

struct MemberFile {
  v1::AgencyRecord record;
  std::optional<v1::ProfileRecord> profile;
  std::vector<MemberKey> keys;        // every one it ever had, oldest first
  std::vector<Waiting> waiting;       // its own requests
  std::vector<MemberPermit> permits;  // from and to it
};
// kNotFound: nobody has this address.
Result<MemberFile> ReadMember(const ledger::View& directory, const std::string& address);

// When the first of its certificates in force ends; 0: it has none.
Result<UnixMillis> FirstEnd(const ledger::View& directory, const v1::AgencyRecord& record);

std::string PresentMember(const MemberFile& member, UnixMillis now, bool json);

}  // namespace rujukan::admin
