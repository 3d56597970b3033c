// What a scenario says of an agency, as its directory record. Pure.
#pragma once

#include <string>

#include "base/result.h"
#include "rujukan/v1/profile.pb.h"
#include "tests/scenarios/script.h"

namespace rujukan::scenarios {

struct Record {
  v1::AgencyProfile profile;    // what it says of itself
  v1::AgencyStanding standing;  // what others say of it: pengawas, induk, tipe_dinas...
};

// Fields that are in both belong to the standing. A value {NAME} is an agency's address.
// kInvalid: no such field, or not of its form.
Result<Record> RecordOf(const Script& script, const Agency& agency, UnixMillis now);

// "uptdppa.18.01" serves kemendagri:18.01, "upt_rpsa.18.001" kemendagri:18, "kemensos" all of it.
std::string RegionOf(const std::string& name);

}  // namespace rujukan::scenarios
