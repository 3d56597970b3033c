// The broker's outward duties as configured: reads witnesses and trusted authorities, and gives the
// engine its chores.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/app/config.h"
#include "broker/engine/engine.h"
#include "broker/outward/http_port.h"
#include "broker/outward/outward_status.h"
#include "broker/outward/witness_list.h"

namespace rujukan::broker {

// Outlives the engine that it was added to.
class Outward {
 public:
  // kInvalid, kLimit: an address, key or certificate; names the option. kNotFound, kUnavailable: a
  // file that cannot be read.
  static Result<std::unique_ptr<Outward>> Make(const RunConfig& config);

  void AddTo(Engine& engine, const Store& store);  // before Engine::Start
  std::string MetricsText(UnixMillis now) const { return status_.MetricsText(now); }

 private:
  Outward() = default;

  std::vector<WitnessTarget> witnesses_;
  int64_t cosign_every_ms_ = 0;
  std::string tsa_;
  std::vector<std::string> tsa_anchors_;
  int64_t stamp_every_ms_ = 0;
  std::unique_ptr<HttpPort> http_;
  OutwardStatus status_;
};

}  // namespace rujukan::broker
