// The pure stage: the broker's real core (admission, sequencer, fold, delivery) over a store in
// memory, agents without processes, and a network that delays, cuts and repeats by one seed. Time
// is a number. The same seed gives the same play. Thread: one owner.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "broker/engine/housekeeper.h"
#include "tests/scenarios/pure_agent.h"
#include "tests/scenarios/stage.h"
#include "tests/sim/broker_host.h"
#include "tests/sim/network.h"
#include "tests/unit/agency/scratch.h"

namespace rujukan::scenarios {

// How bad the network is. All zero: frames take a few milliseconds and all arrive.
struct Weather {
  uint64_t seed = 1;
  uint64_t cuts_per_mille = 0;        // of the steps of delivery
  uint64_t duplicates_per_mille = 0;  // of submissions, receipts and deliveries
  int64_t delay_ms_max = 5;
};

// Delays up to 400 ms, cuts, duplicates.
Weather BadWeather(uint64_t seed);

class PureStage : public Stage, private broker::Outlet {
 public:
  explicit PureStage(const Weather& weather = {});
  ~PureStage() override;

  Result<void> Open(const Script& script, UnixMillis begins) override;
  Result<void> AdvanceTo(UnixMillis time) override;
  Result<void> Settle() override;
  bool LookAgain(int) override { return false; }
  Result<Reply> Call(const std::string& who,
                     const std::string& method,
                     const std::string& path,
                     const std::string& body) override;
  Result<void> SetOnline(const std::string& who, bool online) override;
  Result<void> Skew(const std::string& who, int64_t ms) override;
  Result<void> RenewKeys(const std::string& who) override;
  Result<void> Restart(const std::string& who) override;
  Result<void> SetSuspended(const std::string& who, bool suspended) override;
  Result<void> Permit(const std::string& from, const std::string& to) override;
  Result<void> SetBroker(bool running) override;

  // The ledger as it stands, for checks beyond the agents' API.
  const broker::MemoryStore& store() const { return broker_->store(); }
  size_t cuts() const { return cuts_; }

 private:
  struct Actor {
    std::string name;
    std::unique_ptr<PureAgent> agent;
    bool online = true;
  };

  // broker::Outlet
  void Send(const broker::Peer& peer, std::string frame) override;
  void Cut(const std::string& user) override;
  void Drop(const broker::Peer& peer) override;
  void Resume() override {}

  Result<void> Cast(const Script& script);
  Result<void> Describe(const Script& script);
  Result<void> BeginLedger();
  Result<bool> MoveSomething();
  Result<bool> MoveBroker();
  Result<bool> MoveNetwork();
  Result<bool> MoveActors();
  void MaybeCut();
  bool AtRest() const;
  Result<void> LetTimePass();
  UnixMillis NextDeadline() const;
  Result<void> RunChores();
  Result<Actor*> Find(const std::string& who);
  Result<void> SubmitAsAdmin(v1::Act act);
  Result<void> LookAtDirectory();
  broker::Peer PeerOf(const std::string& route) const;

  const Weather weather_;
  sim::Random random_;
  agency::Scratch scratch_;
  testing::World world_;
  UnixMillis wall_ms_ = 0;
  UnixMillis steady_ms_ = 0;
  sim::SimClock broker_clock_;
  sim::Network network_;
  std::unique_ptr<PureDomain> domain_;
  std::vector<Actor> actors_;
  broker::MemoryStore genesis_;
  std::unique_ptr<sim::BrokerHost> broker_;
  std::vector<std::unique_ptr<broker::Chore>> chores_;
  Result<void> recorded_;  // what the chore handed in last
  std::string admin_answer_;
  bool settling_ = false;
  size_t cuts_ = 0;
};

}  // namespace rujukan::scenarios
