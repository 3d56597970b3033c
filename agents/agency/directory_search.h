// Who can help this child, and how near: a search over a verified copy of the directory. What does
// not fit is shown with the reason, so that an officer in a hurry does not ring in vain. Pure; any
// thread the view allows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agents/agency/validate.h"
#include "base/clock.h"
#include "base/region.h"
#include "ledger/view.h"
#include "rujukan/v1/directory.pb.h"

namespace rujukan::agency {

struct DirectoryQuery {
  v1::Service::Code service = v1::Service::UNSPECIFIED;
  std::optional<RegionCode> region;
  std::string type;  // "dinsos"
  v1::AmpkCategory::Code category = v1::AmpkCategory::UNSPECIFIED;
  std::optional<uint32_t> age;
  v1::Sex::Code sex = v1::Sex::UNSPECIFIED;
  std::string text;             // words, all of which must be in its names or address
  bool left_too = false;        // also who has left the domain
  bool available_only = false;  // only who is active, takes the child, and is not full or closed
};
// From "service", "region", "type", "category", "age", "sex", "text", "available" = "1". Findings
// name the option and what to write; a region without its scheme is told in both readings.
DirectoryQuery ReadDirectoryQuery(const std::map<std::string, std::string>& options,
                                  Findings& findings);

// By how the agency's place relates to the region asked for, nearest first.
enum class Nearness : uint8_t {
  kExact,      // is of that region
  kCatchment,  // says that it works there (wilayah_kerja)
  kWithin,     // lies inside it
  kProvince,   // the office of its province
  kNation,     // a national office
};
std::string_view NearnessName(Nearness nearness);

struct DirectoryHit {
  v1::AgencyRecord agency;
  std::optional<v1::ProfileRecord> profile;
  Nearness nearness = Nearness::kExact;
  std::vector<std::string> why_not;  // what speaks against it; empty: nothing that is known here
};
// In the order to try them. kCorrupt, kFatal: the directory.
Result<std::vector<DirectoryHit>> SearchDirectory(const ledger::View& directory,
                                                  const DirectoryQuery& query,
                                                  UnixMillis now);

// UNSPECIFIED when it was not said, or is not true any more at `now`.
v1::CapacityStatus::Code CapacityAt(const v1::AgencyProfile& profile, UnixMillis now);

}  // namespace rujukan::agency
