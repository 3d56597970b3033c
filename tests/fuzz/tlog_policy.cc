// Trust policies: no crash, and what no witness has cosigned meets no quorum but `none`.
#include "ledger/tlog_policy.h"

#include "base/check.h"
#include "base/limits.h"
#include "tests/fuzz/input.h"

namespace {

const std::string& Uncosigned() {
  using namespace rujukan;
  static const std::string kNote =
      ledger::NoteSigner::Make("log", *certs::Ed25519Key::FromSeed(std::string(32, 'l')))
          ->Sign("log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  return kNote;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto policy = ledger::TlogPolicy::Parse(fuzz::Bytes(data, size));
  if (!policy) {
    return 0;
  }
  CHECK(policy->witnesses().size() <= limits::kWitnessesMax);
  for (const auto& group : policy->groups()) {
    CHECK(group.threshold >= 1 && group.threshold <= group.members.size());
  }
  const auto verdict = policy->Evaluate(Uncosigned());
  CHECK(verdict && verdict->met == (policy->quorum() == "none"));
  CHECK(verdict->good.empty() && verdict->missing.empty() == (policy->quorum() == "none"));
  return 0;
}
