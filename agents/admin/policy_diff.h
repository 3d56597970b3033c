// What a new policy document would change, statement by statement: rules by their id, groups by
// their name, types and tests by what they say. Comments and order within a class are not looked
// at. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/policy.h"

namespace rujukan::admin {

struct PolicyChange {
  enum class Kind { kAdded, kRemoved, kChanged };
  Kind kind = Kind::kAdded;
  std::string what;    // "deny D1", "group care", "test"
  std::string before;  // the statement; "" when added
  std::string after;   // "" when removed
};

// Requires: both documents parse (ledger::ParsePolicy).
std::vector<PolicyChange> DiffPolicies(std::string_view before, std::string_view after);

// Examples of the policy in force that a draft decides otherwise than now: whom it affects, in the
// words in which the present policy was approved.
struct ChangedExample {
  std::string question;
  std::string before;  // "allowed by A1"
  std::string after;
};
std::vector<ChangedExample> ChangedExamples(const ledger::Policy& before,
                                            const ledger::Policy& after);

}  // namespace rujukan::admin
