// Has witnesses cosign the newest checkpoint: C2SP tlog-witness, `add-checkpoint`
// (docs/formats/witness.md). Each witness is shown how the checkpoint continues the last one it
// cosigned; what it answers is verified, put under the note and kept.
//
// Thread: the housekeeper's. Durability: the cosigned checkpoint is kept by `keep`; what each
// witness has seen is asked of it again after a restart.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "broker/core/journal.h"
#include "broker/engine/housekeeper.h"
#include "broker/outward/http_port.h"
#include "broker/outward/outward_status.h"
#include "broker/outward/witness_list.h"

namespace rujukan::broker {

struct CosignPorts {
  const Store& store;
  HttpPort& http;
  OutwardStatus& status;
  std::function<Result<void>(const Journal::KeptCheckpoint&)> keep;  // Engine::KeepCosigned
};

struct CosignOptions {
  std::vector<WitnessTarget> witnesses;
  int64_t every_ms = 0;  // at least limits::kCosignEveryMsMin
};

// A witness that fails is left alone for a while, longer each time, up to a minute: the others do
// not wait for its time-out in every round. A ledger that does not grow is cosigned anew every
// limits::kCosignedAgeMsMax / 3, so that agents that require witnesses see recent ones.
std::unique_ptr<Chore> MakeCosignChore(CosignPorts ports, CosignOptions options);

}  // namespace rujukan::broker
