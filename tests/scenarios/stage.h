// Where a scenario is played: the pure cores under simulated time (pure_stage.h), or the real
// programs (real_stage.h). The player speaks to both in the same words: the agents' API, the
// network, the clock. Thread: one owner.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tests/scenarios/script.h"

namespace rujukan::scenarios {

struct Reply {
  int status = 0;
  std::string body;
};

class Stage {
 public:
  virtual ~Stage() = default;

  // Makes the domain with these agencies and brings it to the time. An error is a broken stage.
  virtual Result<void> Open(const Script& script, UnixMillis begins) = 0;

  // Lets time pass; what the programs do by themselves meanwhile, they do.
  virtual Result<void> AdvanceTo(UnixMillis time) = 0;
  // Until nothing moves any more: whatever is on its way has arrived, where there is a way.
  virtual Result<void> Settle() = 0;

  // After a look that did not show what is claimed: whether another look can show more. Waits a
  // little where time is real; false where everything that happens has happened.
  virtual bool LookAgain(int looks) = 0;

  // A request to an agency's API. "who" is a name as in the script.
  virtual Result<Reply> Call(const std::string& who,
                             const std::string& method,
                             const std::string& path,
                             const std::string& body) = 0;

  virtual Result<void> SetOnline(const std::string& who, bool online) = 0;
  virtual Result<void> Skew(const std::string& who, int64_t ms) = 0;
  virtual Result<void> RenewKeys(const std::string& who) = 0;
  virtual Result<void> Restart(const std::string& who) = 0;
  virtual Result<void> SetSuspended(const std::string& who, bool suspended) = 0;
  virtual Result<void> Permit(const std::string& from, const std::string& to) = 0;
  virtual Result<void> SetBroker(bool running) = 0;

  static std::string AddressOf(const std::string& name) { return name + "@lampung.example"; }
};

}  // namespace rujukan::scenarios
