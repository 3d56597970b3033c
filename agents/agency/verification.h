// The mark that the social office has verified a child (verivali) and may be registered in SIKS-NG,
// and the number it has there. Kept at this agency, sealed; never sent. docs/formats/siks-ng.md.
// Pure.
#pragma once

#include <string>

#include "agents/agency/json.h"
#include "agents/agency/validate.h"

namespace rujukan::agency {

struct Verification {
  std::string date;     // ISO 8601
  std::string officer;  // who verified
  std::string siks_id;  // the child's number in SIKS-NG; "": it has none yet
  std::string note;

  bool operator==(const Verification&) const = default;
};

// {"isi": {"tanggal", "petugas", "id_siks_ng", "catatan"}}
Verification ReadVerification(const Json& body, const std::string& today, Findings& findings);

std::string PackVerification(const Verification& mark);
Result<Verification> UnpackVerification(const std::string& bytes);  // kCorrupt

}  // namespace rujukan::agency
