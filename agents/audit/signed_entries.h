// The entries that a checkpoint signs, one after the other: what every command reads that shows
// entries to people.
#pragma once

#include <functional>
#include <string>

#include "agents/audit/log_files.h"
#include "ledger/checkpoint.h"

namespace rujukan::audit {

// Every leaf in order, until the end; withheld ones too. The leaves are the ledger's only if their
// root is the signed one, so what `visit` gathered must not be shown when this returns kCorrupt.
// Returns how many were withheld.
using SignedLeafVisitor =
    std::function<Result<void>(LogIndex index, const ledger::GivenLeaf& leaf)>;
Result<uint64_t> ForEachSignedLeaf(const LogFiles& files,
                                   const ledger::Checkpoint& checkpoint,
                                   const SignedLeafVisitor& visit);

}  // namespace rujukan::audit
