// Whom the broker asks for cosignatures, as its operator wrote it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/note.h"

namespace rujukan::broker {

struct WitnessTarget {
  ledger::NoteVerifier key;  // type kNoteCosignature
  std::string base;          // submission prefix, without the final '/'
};

// "VKEY URL". kInvalid: says which half is wrong.
Result<WitnessTarget> ParseWitness(std::string_view line);

// The witnesses of a C2SP tlog-policy, all of which must have a URL; its quorum is for those who
// read checkpoints, not for us. kInvalid.
Result<std::vector<WitnessTarget>> WitnessesOfPolicy(std::string_view text);

// kInvalid: one key twice. kLimit: over limits::kWitnessesMax.
Result<void> CheckWitnesses(const std::vector<WitnessTarget>& witnesses);

}  // namespace rujukan::broker
