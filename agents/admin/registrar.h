// What the registrar does next: the unattended service that renews keys, keeps the domain's
// revocation list current, and tells people what ends. Decisions only: Step looks at the verified
// directory and the time and says what to do; whoever does it reports back (Granted, Warned). Pure;
// one owner. Crash: the state is in registrar.json (registrar_state.h) and is written after each
// round; a grant that was not noted is seen in the directory, since its request is gone.
//
// Stolen, a registrar must not churn the keys of a province. The fold lets it renew agencies only,
// within limits::kRenewalWindowMs of their end; here it is bounded further: so many an hour, and
// one an agency within limits::kKeyOverlapMs, while the keys before still count.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "agents/admin/expiry.h"
#include "base/clock.h"
#include "base/result.h"
#include "ledger/view.h"

namespace rujukan::admin {

struct RegistrarOptions {
  size_t grants_per_hour = 60;
  bool issues = false;  // the home holds the key of the issuing CA in force
};

struct RegistrarState {
  std::deque<UnixMillis> grants;                 // of the last hour, oldest first
  std::map<std::string, UnixMillis> last_grant;  // by address, of the last kKeyOverlapMs
  std::map<std::string, int> warned;             // by Ending::id: the lowest threshold told
  uint64_t granted = 0;                          // since the first start
  uint64_t warnings = 0;
  uint64_t crls = 0;
};

struct Warning {
  Ending ending;
  int threshold = 0;  // of kWarningDays
  int64_t days_left = 0;
};

struct Actions {
  std::vector<std::string> grant;  // addresses whose request for new keys is due, oldest first
  bool publish_crl = false;
  std::vector<Warning> warn;
  size_t not_due = 0;   // requests that an admin has to look at: too early, or not of an agency
  size_t deferred = 0;  // due, but over what this hour or these seven days allow
};

class Registrar {
 public:
  Registrar(RegistrarOptions options, RegistrarState state)
      : options_(options), state_(std::move(state)) {}

  // kCorrupt, kFatal: the directory.
  Result<Actions> Step(const ledger::View& directory, UnixMillis now);

  // Each act is reported once it is durable, each warning once people have it.
  void Granted(const std::string& address, UnixMillis now);
  void Warned(const Warning& warning);
  void PublishedCrl() { ++state_.crls; }

  const RegistrarState& state() const { return state_; }

 private:
  void Forget(UnixMillis now);
  Result<void> ChooseGrants(const ledger::View& directory, UnixMillis now, Actions& actions) const;
  void ChooseWarnings(const std::vector<Ending>& endings, UnixMillis now, Actions& actions);

  const RegistrarOptions options_;
  RegistrarState state_;
};

// Whether the domain's CRL should be published anew: there is none of the issuing CA in force, a
// third of its life is left, or it misses a certificate that the ledger has revoked since.
Result<bool> CrlIsDue(const ledger::View& directory, UnixMillis now);

}  // namespace rujukan::admin
