// One run: a broker, some agents, a network, chance. A step is the smallest thing that can happen:
// one frame arrives, one stage of the broker's order of duties is done, one agent handles one
// event, one thing breaks. After every step all invariants are checked; after the last the network
// is healed and everything must come to rest as it should.
//
// The run (order, faults, times, decisions) is a function of the options alone. Thread: one owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/sim/agent_host.h"
#include "tests/sim/break.h"
#include "tests/sim/broker_host.h"
#include "tests/sim/cast.h"

namespace rujukan::sim {

struct Options {
  uint64_t seed = 1;
  uint64_t steps = 1000;  // with faults; those until everything is at rest come on top
  Break broken = Break::kNone;
  bool verbose = false;
};

struct Report {
  Violation violation;
  std::string tail;  // the last lines of the trace
  uint64_t steps = 0;
  uint64_t digest = 0;  // of the whole trace
  size_t messages = 0;  // accepted
  size_t receipts = 0;
  size_t checkpoints = 0;
  size_t broker_crashes = 0;
  size_t agent_crashes = 0;
};

class Simulation : private broker::Outlet {
 public:
  Simulation(const Cast& cast, Options options);
  Report Run();

 private:
  struct Action {
    enum class Kind {
      kUp,
      kDown,
      kBroker,
      kAgentWork,
      kAgentTick,
      kConnect,
      kAgentLearns,
      kBrokerLearns,
      kStartBroker,
      kStartAgent
    };
    Kind kind = Kind::kUp;
    std::string route;
    size_t agent = 0;
    BrokerHost::Step step = BrokerHost::Step::kExamine;
  };
  // How often each fault comes, in a thousand steps: every run has its own mix.
  struct Menu {
    uint64_t break_connection = 0;
    uint64_t mute = 0;
    uint64_t crash_broker = 0;
    uint64_t append_fault = 0;
    uint64_t crash_agent = 0;
    uint64_t disk_full = 0;
    uint64_t clock_step = 0;
    uint64_t compose = 0;
    uint64_t revoke_at = 0;   // step; 0: never
    uint64_t suspend_at = 0;  // step; 0: never
    uint64_t resume_at = 0;   // step; or when healed
  };

  // broker::Outlet: what leaves the broker.
  void Send(const broker::Peer& peer, std::string frame) override;
  void Cut(const std::string& user) override;
  void Drop(const broker::Peer& peer) override;
  void Resume() override {}

  void DrawMenu();
  void Tell(std::string_view text) { trace_.Line(now_ - start_ms_, text); }
  void Note(Violation wrong);
  void Step(bool faults);
  void MaybeFault();
  void Revoke();
  void Suspend();
  void MaybeResume(bool healed);
  void SubmitByAdmin(v1::Act act);
  void BreakSomething();
  void CrashBroker(bool power_cut);
  void CheckStep();
  std::vector<Action> Enabled() const;
  void AddAgentActions(std::vector<Action>& actions) const;
  void Do(const Action& action);
  void DoBroker(BrokerHost::Step step);
  void DoUp(const std::string& route);
  void Connect(size_t agent);
  void AdvanceTime();
  void SetClock();
  void Heal();
  Violation AtRest() const;
  Violation CheckTooLate(const AgentHost& agent) const;
  Violation SenderAtRest(const AgentHost& agent) const;
  broker::Peer PeerOf(const std::string& route) const;
  Report Finish();

  const Cast& cast_;
  const Options options_;
  Random random_;
  Trace trace_;
  UnixMillis start_ms_;
  UnixMillis now_;
  int64_t broker_skew_ms_ = 0;
  SimClock clock_;  // the broker's
  Network network_;
  Witness witness_;
  LedgerModel model_;
  Menu menu_;
  AgentWorld agent_world_;
  std::unique_ptr<BrokerHost> broker_;
  std::vector<std::unique_ptr<AgentHost>> agents_;  // the last is the admin
  std::vector<UnixMillis> agent_starts_at_;
  UnixMillis broker_starts_at_ = 0;
  bool disk_full_ = false;
  bool resuming_ = false;  // the admin has asked for it
  Violation violation_;
  TreeSize checked_size_ = 0;
  Report report_;
};

}  // namespace rujukan::sim
