#include "broker/outward/witness_list.h"

#include <set>

#include "base/limits.h"
#include "broker/outward/http_client.h"
#include "ledger/tlog_policy.h"

namespace rujukan::broker {
namespace {

Result<WitnessTarget> Target(ledger::NoteVerifier key, std::string base) {
  while (base.ends_with('/')) {
    base.pop_back();
  }
  if (auto checked = CheckHttpBase(base); !checked) {
    return Fail(Errc::kInvalid, "witness " + key.name + ": " + checked.error().context);
  }
  return WitnessTarget{std::move(key), std::move(base)};
}

}  // namespace

Result<WitnessTarget> ParseWitness(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) {
    return Fail(Errc::kInvalid, "a witness is given as \"VKEY URL\", with one space between");
  }
  ASSIGN_OR_RETURN(ledger::NoteVerifier key,
                   ledger::NoteVerifier::Parse(line.substr(0, space), ledger::kNoteCosignature));
  return Target(std::move(key), std::string(line.substr(space + 1)));
}

Result<std::vector<WitnessTarget>> WitnessesOfPolicy(std::string_view text) {
  ASSIGN_OR_RETURN(const ledger::TlogPolicy policy, ledger::TlogPolicy::Parse(text));
  std::vector<WitnessTarget> targets;
  for (const ledger::TlogPolicy::Witness& witness : policy.witnesses()) {
    ASSIGN_OR_RETURN(WitnessTarget target, Target(witness.key, witness.url));
    targets.push_back(std::move(target));
  }
  return targets;
}

Result<void> CheckWitnesses(const std::vector<WitnessTarget>& witnesses) {
  if (witnesses.size() > limits::kWitnessesMax) {
    return Fail(Errc::kLimit,
                std::to_string(witnesses.size()) + " witnesses; the limit is " +
                    std::to_string(limits::kWitnessesMax));
  }
  std::set<std::string> keys;
  for (const WitnessTarget& witness : witnesses) {
    if (!keys.insert(witness.key.public_key).second) {
      return Fail(Errc::kInvalid, "the key of witness " + witness.key.name + " is given twice");
    }
  }
  return {};
}

}  // namespace rujukan::broker
