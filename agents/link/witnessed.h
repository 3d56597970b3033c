// Which witnesses must have seen what a broker shows: a C2SP tlog-policy
// (docs/formats/tlog-policy.md), applied to the cosigned checkpoint of its Welcome. A broker with
// two histories can show one of them to this agency, but not have it cosigned by witnesses that saw
// the other.
//
// Pure; a value, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ledger/tlog_policy.h"

namespace rujukan::link {

class WitnessRule {
 public:
  // kInvalid, kLimit: as TlogPolicy::Parse; also when the policy names logs and `log` is not among
  // them: it is for another domain.
  static Result<WitnessRule> Make(std::string_view policy, const ledger::NoteVerifier& log);

  struct Verdict {
    bool met = false;
    size_t good = 0;                   // cosignatures that count
    std::vector<std::string> missing;  // names, as in the policy
    std::string problem;               // why it is not met, for people; "" when it is
  };
  // `cosigned`: from a Welcomed event, so signed by the log and consistent with what is known here;
  // "": none. Counted are cosignatures not older than limits::kCosignedAgeMsMax and not further in
  // the future than limits::kClockSkewMsMax. `now`: this machine's own clock, never one that was
  // set right by the broker's.
  Verdict Judge(const std::string& cosigned, UnixMillis now) const;

 private:
  explicit WitnessRule(ledger::TlogPolicy policy) : policy_(std::move(policy)) {}

  ledger::TlogPolicy policy_;
};

}  // namespace rujukan::link
