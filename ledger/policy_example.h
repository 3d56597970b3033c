// Questions to a policy as a person writes them, `dinsos.18.71 lksa.18.71.003 PENITIPAN emergency`:
// in the tested examples of the document and on a command line. Pure, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ledger/policy.h"

namespace rujukan::ledger {

// Type and region out of the name of an agency: "lksa.18.72.003" is an lksa of 18.72. A name
// without a region is national. For questions by hand only: the fold takes the region of the
// directory.
Party PartyOfName(std::string_view name);

// FROM TO KIND and any of: emergency, agreement (an unexpired one is shared), catchment (the
// recipient serves the sender's region), top-secret-with-clearance, and the conditions of deny
// rules. KIND is a kind of referral, PEMBERITAHUAN, or RUJUKAN: a referral whose kind is not
// visible. What is not said is false, not unseen. kInvalid says which word to change.
Result<PolicyQuery> ParseQuestion(std::span<const std::string_view> words);

struct ExampleFailure {
  const PolicyExample* example;  // of the policy
  PolicyDecision got;

  std::string ToString() const;  // "line 90: hotline ...: expected denied by D1, is allowed by A2"
};

// Every example of the document whose outcome or rule is another one than it says; empty: all hold.
std::vector<ExampleFailure> CheckExamples(const Policy& policy);

}  // namespace rujukan::ledger
