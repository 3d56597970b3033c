// "Whoever does that there": `peran:uptdppa@18.13` in place of an address, for an officer who knows
// what a child needs and not which office has it. Where there is no such office, or it takes
// nobody, the one that stands in for it does: first in the place itself, then the province's, then
// the ministry's. The message that leaves names the office that was found, so that whom it went to
// is evidence, not a guess made later.
//
// Pure over a verified copy of the directory; any thread the view allows.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/region.h"
#include "base/result.h"
#include "ledger/view.h"

namespace rujukan::agency {

struct RoleAddress {
  std::string type;  // "uptdppa", as in addresses
  RegionCode region;

  // "peran:<type>@<Kemendagri code>". kInvalid says which part is wrong.
  static Result<RoleAddress> Parse(std::string_view text);
};

bool IsRoleAddress(std::string_view text);  // begins with "peran:"

// Whether an office is out of the question for this message: it must not know, or had it before.
using RuledOut = std::function<Result<bool>(const std::string& address)>;

// The address of the nearest active office for the role. Full and closed ones are passed over as
// long as another one is open. kNotFound: neither the office nor one that stands in for it is in
// the directory; kCorrupt, kFatal: the directory.
Result<std::string> ResolveRole(const ledger::View& directory,
                                const RoleAddress& role,
                                const RuledOut& ruled_out,
                                UnixMillis now);

}  // namespace rujukan::agency
