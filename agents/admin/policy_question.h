// A question to a policy about two members or two made-up agencies: what `policy test` asks. Pure,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "ledger/policy.h"
#include "ledger/view.h"

namespace rujukan::admin {

struct Question {
  std::string from;  // a member's address, or a name like dinsos.18.71
  std::string to;
  std::string kind;
  std::vector<std::string> facts;  // emergency, secret, and the words of tested examples
};

struct PolicyAnswer {
  ledger::PolicyDecision decision;
  std::vector<ledger::PolicyStep> steps;  // rules in the order in which they were looked at
};

// Members are seen as the directory has them, permits included; names as tested examples see them.
// kNotFound: no such agency; kInvalid: a word that means nothing here (the text says which to use).
// Requires: `directory` is not null when an address is asked about (kInvalid).
Result<PolicyAnswer> AskPolicy(const ledger::Policy& policy,
                               const Question& question,
                               const ledger::View* directory,
                               UnixMillis now);

}  // namespace rujukan::admin
