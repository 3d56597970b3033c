// The policy at the sender: what the broker would refuse is told before it is queued, and what only
// the sender can see (the content) is judged here alone. By the agency's own verified copy of the
// directory, so also without a connection. Thread: any.
//
// Urgency lifts tiers and regions of allow rules; no deny rule looks at it. Without a policy in the
// directory nothing is judged.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ledger/policy.h"
#include "ledger/view.h"
#include "rujukan/v1/content.pb.h"

namespace rujukan::agency {

// What somebody means to send.
struct Intent {
  std::string from;
  std::string to;
  v1::Kind::Code kind = v1::Kind::RUJUKAN;
  v1::ReferralType::Code type = v1::ReferralType::UNSPECIFIED;  // of a RUJUKAN
  bool emergency = false;
  v1::Classification::Code classification = v1::Classification::UNSPECIFIED;
  const v1::Content* content = nullptr;  // nullptr: nothing is written yet
  const v1::StageTwo* held = nullptr;    // released later; judged now
};

struct Ruling {
  ledger::PolicyDecision decision;
  bool permitted = false;  // no rule allows it, a supervisor's permit does
  uint64_t version = 0;    // of the policy
  bool allowed() const { return permitted || decision.effect == ledger::Effect::kAllowed; }
};

class Gate {
 public:
  explicit Gate(const ledger::View& directory) : directory_(directory) {}

  // nullopt: no policy, or a party is not in the directory: others will say so. kCorrupt, kFatal:
  // the directory.
  Result<std::optional<Ruling>> Judge(const Intent& intent, UnixMillis now) const;
  // The rules looked at, in order; empty where Judge has nothing to judge.
  Result<std::vector<ledger::PolicyStep>> Explain(const Intent& intent, UnixMillis now) const;

 private:
  struct Case {
    std::shared_ptr<const ledger::Policy> policy;
    uint64_t version = 0;
    ledger::PolicyQuery query;
  };
  Result<std::optional<Case>> CaseOf(const Intent& intent, UnixMillis now) const;
  Result<std::shared_ptr<const ledger::Policy>> InForce(const std::string& digest) const;

  const ledger::View& directory_;
  mutable std::mutex mutex_;
  mutable ledger::Memo parsed_;  // guarded by mutex_
};

// "aturan / rule D3: ...": the rule, its explanation and what to do, for the officer.
std::string AdviceOf(const Ruling& ruling, const Intent& intent);

}  // namespace rujukan::agency
