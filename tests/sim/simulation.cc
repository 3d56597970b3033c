#include "tests/sim/simulation.h"

#include <algorithm>

#include "base/check.h"

namespace rujukan::sim {
namespace {

constexpr int64_t kAgentSkewMsMax = 3 * 60 * 1000;  // with the broker's own: within the limit
constexpr int64_t kDownMsMax = 20'000;
constexpr uint64_t kRestStepsMax = 60'000;

}  // namespace

Simulation::Simulation(const Cast& cast, Options options)
    : cast_(cast),
      options_(options),
      random_(options.seed),
      trace_(options.verbose),
      start_ms_(cast.world.now() + 1000),
      now_(start_ms_),
      network_(random_),
      witness_(cast.world.log().verifier()),
      agent_world_{network_,
                   witness_,
                   random_,
                   cast.world.log().verifier(),
                   cast.members,
                   3 + random_.Below(Cast::kAgenciesMax - 2),
                   options.broken} {
  SetClock();
  auto& outlet = static_cast<broker::Outlet&>(*this);
  broker_ = std::make_unique<BrokerHost>(
      cast.store, cast.world.log(), clock_, outlet, random_, options.broken);
  for (size_t i = 0; i < agent_world_.agencies; ++i) {
    const int64_t skew = random_.Between(-kAgentSkewMsMax, kAgentSkewMsMax);
    agents_.push_back(std::make_unique<AgentHost>(agent_world_, i, skew));
  }
  agents_.push_back(std::make_unique<AgentHost>(agent_world_, cast.members.size() - 1, 0));
  agent_starts_at_.assign(agents_.size(), now_);
  broker_starts_at_ = now_;
  DrawMenu();
}

// Swarm testing: each run has some faults often, some seldom and some never.
void Simulation::DrawMenu() {
  const auto rate = [this](uint64_t most) {
    return random_.Chance(400) ? 0 : 1 + random_.Below(most);
  };
  menu_.break_connection = rate(25);
  menu_.mute = rate(8);
  menu_.crash_broker = rate(15);
  menu_.append_fault = rate(10);
  menu_.crash_agent = rate(20);
  menu_.disk_full = rate(10);
  menu_.clock_step = rate(5);
  menu_.compose = 40 + random_.Below(80);
  menu_.revoke_at = random_.Chance(300) ? options_.steps / 2 : 0;
  Random aside(~options_.seed);  // runs without a suspension stay as they were
  if (menu_.revoke_at == 0 && aside.Chance(500)) {
    menu_.suspend_at = 1 + aside.Below(options_.steps);
    menu_.resume_at = menu_.suspend_at + aside.Below(options_.steps);
  }
  network_.set_delay_max(random_.Chance(300) ? 5000 : 40);
}

Report Simulation::Run() {
  for (uint64_t i = 0; i < options_.steps && !violation_; ++i) {
    Step(/*faults=*/true);
  }
  if (!violation_) {
    Heal();
  }
  Violation unrest = "not begun";
  for (uint64_t i = 0; i < kRestStepsMax && !violation_ && unrest; ++i) {
    Step(/*faults=*/false);
    if (i % 32 == 0) {
      unrest = AtRest();
    }
  }
  if (!violation_ && unrest) {
    Note("healed, but it does not come to rest: " + *unrest);
  }
  if (!violation_) {
    Note(witness_.CheckPast(broker_->store(), SIZE_MAX));
    Note(model_.CompareAll(broker_->store()));
  }
  return Finish();
}

Report Simulation::Finish() {
  report_.violation = violation_;
  report_.tail = trace_.Tail();
  report_.digest = trace_.digest();
  report_.messages = model_.messages().size();
  report_.receipts = witness_.receipts();
  report_.checkpoints = witness_.checkpoints();
  return report_;
}

void Simulation::Note(Violation wrong) {
  if (wrong && !violation_) {
    Tell("VIOLATION: " + *wrong);
    violation_ = std::move(wrong);
  }
}

void Simulation::SetClock() {
  clock_.now = now_ + broker_skew_ms_;
}

void Simulation::Step(bool faults) {
  ++report_.steps;
  if (faults) {
    MaybeFault();
  }
  MaybeResume(/*healed=*/!faults);
  const std::vector<Action> actions = Enabled();
  // Now and then time passes although there is something to do: whoever is slow falls behind.
  if (actions.empty() || (faults && random_.Chance(30))) {
    AdvanceTime();
  } else {
    Do(actions[random_.Below(actions.size())]);
  }
  CheckStep();
}

void Simulation::AdvanceTime() {
  UnixMillis next = std::min(network_.NextEvent(), broker_->NextEvent() - broker_skew_ms_);
  if (!broker_->running()) {
    next = std::min(network_.NextEvent(), broker_starts_at_);
  }
  for (size_t i = 0; i < agents_.size(); ++i) {
    next = std::min(next, agents_[i]->running() ? agents_[i]->NextEvent() : agent_starts_at_[i]);
  }
  now_ = std::max(now_ + 1, std::min(next, now_ + 60'000));
  SetClock();
}

std::vector<Simulation::Action> Simulation::Enabled() const {
  using Kind = Action::Kind;
  std::vector<Action> actions;
  for (const std::string& route : network_.DueUp(now_)) {
    actions.push_back({Kind::kUp, route});
  }
  for (const std::string& route : network_.DueDown(now_)) {
    actions.push_back({Kind::kDown, route});
  }
  for (const BrokerHost::Step step : broker_->Enabled()) {
    actions.push_back({Kind::kBroker, "", 0, step});
  }
  if (!broker_->running() && broker_starts_at_ <= now_) {
    actions.push_back({Kind::kStartBroker, ""});
  }
  if (const auto route = network_.NextAgentLearns(now_)) {
    actions.push_back({Kind::kAgentLearns, *route});
  }
  if (const auto route = network_.NextBrokerLearns(now_)) {
    actions.push_back({Kind::kBrokerLearns, *route});
  }
  AddAgentActions(actions);
  return actions;
}

void Simulation::AddAgentActions(std::vector<Action>& actions) const {
  using Kind = Action::Kind;
  for (size_t i = 0; i < agents_.size(); ++i) {
    const AgentHost& agent = *agents_[i];
    if (!agent.running()) {
      if (agent_starts_at_[i] <= now_) {
        actions.push_back({Kind::kStartAgent, "", i});
      }
      continue;
    }
    if (agent.HasWork()) {
      actions.push_back({Kind::kAgentWork, "", i});
    }
    if (agent.WantsConnection(now_)) {
      actions.push_back({Kind::kConnect, "", i});
    } else if (agent.NextEvent() <= now_) {
      actions.push_back({Kind::kAgentTick, "", i});
    }
  }
}

void Simulation::Do(const Action& action) {
  using Kind = Action::Kind;
  switch (action.kind) {
    case Kind::kUp:
      return DoUp(action.route);
    case Kind::kDown:
      return Note(agents_[network_.AgentOf(action.route)]->OnFrame(
          action.route, network_.TakeDown(action.route), now_));
    case Kind::kBroker:
      return DoBroker(action.step);
    case Kind::kAgentWork: {
      std::string told;
      Note(agents_[action.agent]->Work(now_, told));
      Note(CheckTooLate(*agents_[action.agent]));
      if (!told.empty()) {
        Tell(agents_[action.agent]->address() + " " + told);
      }
      return;
    }
    case Kind::kAgentTick:
      return agents_[action.agent]->Tick(now_);
    case Kind::kConnect:
      return Connect(action.agent);
    case Kind::kAgentLearns:
      return agents_[network_.AgentOf(action.route)]->OnBroken(action.route, now_);
    case Kind::kBrokerLearns:
      broker_->Gone(PeerOf(action.route));
      return network_.CloseBrokerEnd(action.route, now_, 0);
    case Kind::kStartBroker: {
      Tell("broker starts");
      if (const auto started = broker_->Start(); !started) {
        Note("the broker does not start: " + started.error().ToString());
      }
      return;
    }
    case Kind::kStartAgent:
      Tell(agents_[action.agent]->address() + " starts");
      return agents_[action.agent]->Start(now_);
  }
}

void Simulation::DoUp(const std::string& route) {
  broker_->Offer({PeerOf(route), network_.TakeUp(route)});
}

void Simulation::DoBroker(BrokerHost::Step step) {
  static constexpr const char* kNames[] = {
      "examines", "sequences", "persists", "advances", "signs", "answers", "carries", "delivers"};
  Tell(std::string("broker ") + kNames[static_cast<size_t>(step)]);
  if (const auto done = broker_->Do(step); !done) {
    if (done.error().context.find("(injected)") == std::string::npos) {
      return Note("the broker failed: " + done.error().ToString());
    }
    Tell(done.error().context);
    CrashBroker(/*power_cut=*/random_.Chance(500));
  }
}

void Simulation::Connect(size_t agent) {
  AgentHost& host = *agents_[agent];
  const size_t number = agent + 1 == agents_.size() ? cast_.members.size() - 1 : agent;
  if (!broker_->running() || !broker_->Admits(cast_.members[number]->transport.public_key)) {
    return host.OnNotConnected(now_);
  }
  const std::string route = network_.Connect(agent);
  Tell(host.address() + " connects as " + route);
  host.OnConnected(route, now_);
}

broker::Peer Simulation::PeerOf(const std::string& route) const {
  return {broker::Door::kMain, agents_[network_.AgentOf(route)]->address(), route};
}

void Simulation::Send(const broker::Peer& peer, std::string frame) {
  if (!network_.BrokerHolds(peer.route)) {
    if (options_.broken != Break::kDeafOutlet) {
      broker_->Gone(peer);  // as broker/net: who writes to a lost route is told so, again
    }
    return;
  }
  Note(witness_.OnFrame(peer, frame, broker_->store()));
  network_.SendDown(peer.route, std::move(frame), now_);
}

void Simulation::Cut(const std::string& user) {
  for (const std::string& route : network_.RoutesAtBroker()) {
    if (PeerOf(route).user == user) {
      Tell("broker cuts " + route);
      broker_->Gone(PeerOf(route));
      network_.CloseBrokerEnd(route, now_, 1000);
    }
  }
}

void Simulation::Drop(const broker::Peer& peer) {
  if (network_.BrokerHolds(peer.route)) {
    Tell("broker drops " + peer.route);
    broker_->Gone(peer);
    network_.CloseBrokerEnd(peer.route, now_, 1000);
  }
}

void Simulation::CrashBroker(bool power_cut) {
  Tell(power_cut ? "broker loses power" : "broker is killed");
  ++report_.broker_crashes;
  broker_->Crash(power_cut);
  for (const std::string& route : network_.RoutesAtBroker()) {
    network_.CloseBrokerEnd(route, now_, kDownMsMax);
  }
  broker_starts_at_ = now_ + random_.Between(0, kDownMsMax);
  Note(model_.CompareEntries(broker_->store(), witness_.promised()));
  if (!violation_) {
    Note(model_.Follow(broker_->store()));  // what was written by the Append that failed
    Note(witness_.CheckPast(broker_->store(), SIZE_MAX));
    Note(model_.CompareAll(broker_->store()));
  }
}

void Simulation::CheckStep() {
  const auto size = broker_->store().Size();
  if (violation_ || *size == checked_size_) {
    return;
  }
  checked_size_ = *size;
  Note(model_.Follow(broker_->store()));
  Note(witness_.CheckDeliveries(model_));
  Note(witness_.CheckPast(broker_->store(), 3));
}

}  // namespace rujukan::sim
