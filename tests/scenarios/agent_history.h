// Random histories at the agents: what officers ask their agents to do, sensible or not, in any
// order, played on the pure stage. After every request the invariants that only agents can keep are
// looked at. One seed, one history. Thread: one owner.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/scenarios/body.h"
#include "tests/scenarios/pure_stage.h"

namespace rujukan::scenarios {

class AgentHistory {
 public:
  // `script` has the agencies, templates and nothing else; `silent` is the agency that must
  // not be told, `accused` the one that is complained about.
  AgentHistory(const Script& script, uint64_t seed, std::string silent, std::string accused);

  Result<void> Open();
  // One request; an error says which invariant does not hold.
  Result<void> Step();

  struct Figures {
    size_t requests = 0;
    size_t taken = 0;
    size_t legs = 0;
    size_t complaints = 0;
    size_t readings = 0;
    size_t contents = 0;  // shown in a reading
    size_t known = 0;     // legs whose receiver has the second stage
  };
  const Figures& figures() const { return figures_; }

 private:
  struct Leg {
    std::string from;
    std::string to;
    std::string id;
    std::string secret;  // a word of its second stage
    bool emergency = false;
    bool accepted = false;
  };

  const std::string& Anybody();
  Result<Reply> Ask(const Deed& deed, const std::string& path);
  Result<void> Refer();
  Result<std::string> AnyAction(const std::string& who, const std::string& leg);
  Result<void> Act();
  Result<void> Complain();
  Result<void> Write();  // to who must not be told
  Result<void> CheckStages();
  Result<void> CheckSilence();
  Result<void> CheckComplaints();
  Result<void> CheckReadings();
  Result<void> CheckResponsible();
  Result<Json> Get(const std::string& who, const std::string& path);

  const Script& script_;
  sim::Random random_;
  PureStage stage_;
  const std::string silent_;
  const std::string accused_;
  UnixMillis now_ = 0;
  std::vector<Leg> legs_;
  std::vector<std::string> complaints_;
  Figures figures_;
};

}  // namespace rujukan::scenarios
