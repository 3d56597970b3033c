// Policy documents: no crash, an error says something, what parses keeps its limits, and in none of
// its own questions does urgency change whether a deny rule decides.
#include "base/check.h"
#include "base/limits.h"
#include "ledger/policy_example.h"
#include "ledger/policy_text.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto policy = ledger::ParsePolicy(fuzz::Bytes(data, size));
  if (!policy) {
    CHECK(policy.error().code == Errc::kInvalid || policy.error().code == Errc::kLimit);
    CHECK(!policy.error().context.empty());
    return 0;
  }
  CHECK(size <= limits::kPolicyBytesMax);
  CHECK(policy->rules().size() <= limits::kPolicyRulesMax);
  CHECK(policy->examples().size() <= limits::kPolicyExamplesMax);
  for (const ledger::ExampleFailure& failure : ledger::CheckExamples(*policy)) {
    CHECK(!failure.ToString().empty());
  }
  for (const ledger::PolicyExample& example : policy->examples()) {
    ledger::PolicyQuery query = example.query;
    query.emergency = false;
    const ledger::PolicyDecision calm = policy->Evaluate(query);
    query.emergency = true;
    const ledger::PolicyDecision urgent = policy->Evaluate(query);
    CHECK((calm.effect == ledger::Effect::kDenied) == (urgent.effect == ledger::Effect::kDenied));
    CHECK(policy->Explain(query).back().rule == urgent.rule);
  }
  return 0;
}
