// Moments as people write and read them, and the zone an agency lives in. Pure but for ZoneOfHome.
#pragma once

#include <string>
#include <string_view>

#include "agents/agency/json.h"
#include "base/clock.h"
#include "base/result.h"
#include "ledger/clocks.h"
#include "ledger/view.h"

namespace rujukan::agency {

// RFC 3339 with its offset: "2026-11-21T23:58:04+07:00", "2026-11-21T16:58:04.250Z". kInvalid:
// another form, or no such date.
Result<UnixMillis> ParseMoment(std::string_view text);

// "2026-11-22 00:28:04 WIB".
std::string MomentIn(ledger::Zone zone, UnixMillis time);
// "3 hari 4 jam" without a language: "3d 4h", "2h 5m", "45m"; below a minute "0m".
std::string DurationText(int64_t milliseconds);

// Every moment that the API wrote in `json` (RFC 3339 with milliseconds) as MomentIn, for a reader
// of that zone. What other people wrote, "isi", is left as it is.
void MomentsIn(ledger::Zone zone, Json& json);

// The clocks in force as far as the directory has them, else the default ones. kCorrupt: they do
// not parse.
Result<ledger::Clocks> ClocksOf(const ledger::View& directory);
// Where an agency lives: its profile's zona_waktu, else its province's zone, else WIB.
Result<ledger::Zone> ZoneOfAgency(const ledger::View& directory,
                                  const ledger::Clocks& clocks,
                                  const std::string& address);

// As ZoneOfAgency, of the agency of a home, from its files: no agent needs to run. WIB when they
// cannot be read.
ledger::Zone ZoneOfHome(const std::string& home);

}  // namespace rujukan::agency
