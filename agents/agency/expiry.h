// Which certificates end when: the agency's own two and the domain's root and issuing CA. Warned of
// at 60, 30, 14, 7 and 1 days, once at each, also over restarts. Pure but for the tables it is
// given; any thread.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "agents/agency/json.h"
#include "agents/agency/tables.h"
#include "base/clock.h"
#include "ledger/view.h"

namespace rujukan::agency {

inline constexpr std::array<int64_t, 5> kWarningDays{60, 30, 14, 7, 1};

struct Ending {
  std::string what;  // "signing", "encryption", "issuing_ca", "root_ca"
  std::string key;   // key id in hex
  UnixMillis not_after = 0;
  int64_t days_left = 0;  // whole days, rounded down; negative: ended
  std::string next_step;  // what the officer does about it; "": nothing yet
};

// Empty before the directory was followed. kCorrupt, kFatal: the directory.
Result<std::vector<Ending>> ListEndings(const ledger::View& directory,
                                        const std::string& address,
                                        UnixMillis now);

// The smallest threshold that `ending` is at or below; 0: none yet.
int64_t ThresholdOf(const Ending& ending, UnixMillis now);

struct ExpiryWarning {
  Ending ending;
  int64_t days = 0;  // the threshold
};
// Those not told before, remembered in the caller's transaction as told.
Result<std::vector<ExpiryWarning>> TakeWarnings(Tables& tables,
                                                const std::vector<Ending>& endings,
                                                UnixMillis now);

// For the log and the webhook: {"event": "sertifikat_akan_berakhir", "hari": 14, ...}
Json WarningJson(const ExpiryWarning& warning, const std::string& address);
Json EndingsJson(const std::vector<Ending>& endings);

}  // namespace rujukan::agency
