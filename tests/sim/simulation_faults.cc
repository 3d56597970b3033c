// Simulation's faults, its healing, and what must hold when all is at rest.
#include "tests/sim/simulation.h"

namespace rujukan::sim {
namespace {

constexpr int64_t kDownMsMax = 20'000;
constexpr int64_t kLearnMsMax = 40'000;
constexpr int64_t kBrokerSkewMsMax = 60'000;

}  // namespace

void Simulation::MaybeFault() {
  if (random_.Chance(menu_.compose)) {
    AgentHost& agent = *agents_[random_.Below(agent_world_.agencies)];
    Tell(agent.address() + " " + agent.Compose(now_));
  }
  if (random_.Chance(menu_.break_connection)) {
    BreakSomething();
  }
  if (broker_->running() && random_.Chance(menu_.crash_broker)) {
    CrashBroker(/*power_cut=*/random_.Chance(500));
  }
  if (random_.Chance(menu_.append_fault)) {
    broker_->SetFault(random_.Chance(500) ? AppendFault::kFailsWritten
                                          : AppendFault::kFailsUnwritten);
  }
  const size_t victim = random_.Below(agents_.size());
  if (agents_[victim]->running() && random_.Chance(menu_.crash_agent)) {
    Tell(agents_[victim]->address() + " crashes");
    ++report_.agent_crashes;
    agents_[victim]->Crash(now_);
    agent_starts_at_[victim] = now_ + random_.Between(0, kDownMsMax);
  }
  if (random_.Chance(disk_full_ ? 50 : menu_.disk_full)) {
    disk_full_ = !disk_full_;
    Tell(disk_full_ ? "disk full" : "disk has room");
    broker_->SetFull(disk_full_);
  }
  if (random_.Chance(menu_.clock_step)) {
    broker_skew_ms_ = random_.Between(-kBrokerSkewMsMax, kBrokerSkewMsMax);
    SetClock();
    Tell("broker's clock is set");
  }
  if (menu_.revoke_at != 0 && report_.steps == menu_.revoke_at) {
    Revoke();
  }
  if (menu_.suspend_at != 0 && report_.steps == menu_.suspend_at) {
    Suspend();
  }
}

void Simulation::SubmitByAdmin(v1::Act act) {
  const std::string id = MessageId(MakeUuid7(now_, random_.TenBytes())).str();
  agents_.back()->SubmitAct(cast_.Sign(std::move(act), id, now_));
}

void Simulation::Revoke() {
  const std::string& address = agents_[random_.Below(agent_world_.agencies)]->address();
  Tell("admin revokes " + address);
  v1::Act act;
  act.mutable_revoke()->set_address(address);
  act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
  SubmitByAdmin(std::move(act));
}

void Simulation::Suspend() {
  const std::string& address = agents_[random_.Below(agent_world_.agencies)]->address();
  const bool bounce = random_.Chance(500);
  Tell("admin suspends " + address + (bounce ? " and bounces its mail" : ""));
  v1::Act act;
  act.mutable_suspend()->set_address(address);
  act.mutable_suspend()->set_pending_mail(bounce ? v1::PendingMail::BOUNCE : v1::PendingMail::HOLD);
  SubmitByAdmin(std::move(act));
}

// Only what is suspended in the ledger can be resumed.
void Simulation::MaybeResume(bool healed) {
  if (resuming_ || model_.suspended().empty() || (!healed && report_.steps < menu_.resume_at)) {
    return;
  }
  resuming_ = true;
  const std::string& address = *model_.suspended().begin();
  Tell("admin resumes " + address);
  v1::Act act;
  act.mutable_resume()->set_address(address);
  SubmitByAdmin(std::move(act));
}

void Simulation::BreakSomething() {
  const std::vector<std::string> routes = network_.Routes();
  if (routes.empty()) {
    return;
  }
  const std::string& route = routes[random_.Below(routes.size())];
  if (menu_.mute != 0 && random_.Chance(menu_.mute * 50)) {
    const bool up = random_.Chance(500);
    Tell(route + (up ? " goes mute upwards" : " goes mute downwards"));
    network_.Mute(route, up);
    return;
  }
  Tell(route + " breaks");
  network_.Break(
      route, now_, random_.Chance(300) ? kLearnMsMax : 50, random_.Chance(300) ? kLearnMsMax : 50);
}

void Simulation::Heal() {
  Tell("healed");
  disk_full_ = false;
  broker_->SetFull(false);
  broker_->SetFault(AppendFault::kNone);
  broker_skew_ms_ = 0;
  SetClock();
  network_.set_delay_max(40);
  for (const std::string& route : network_.Routes()) {
    network_.Break(route, now_, 1000, 1000);  // those that are mute would stay so
  }
}

// nullopt: nothing is owed to anybody any more.
Violation Simulation::AtRest() const {
  for (const auto& agent : agents_) {
    if (model_.revoked().count(agent->address()) != 0) {
      continue;
    }
    if (!agent->running() || agent->HasWork()) {
      return agent->address() + " has not done its work";
    }
    if (Violation owed = SenderAtRest(*agent)) {
      return owed;
    }
    for (const auto& [id, incoming] : agent->disk().inbox) {
      const bool bounced = model_.messages().at(id).bounced.count(agent->address()) != 0;
      if (!incoming.recorded && !bounced) {
        return agent->address() + " has no receipt for its delivery receipt of " + Short(id);
      }
    }
  }
  for (const auto& [id, message] : model_.messages()) {
    for (const std::string& to : message.to) {
      const bool owed = model_.revoked().count(to) == 0 && message.bounced.count(to) == 0;
      if (owed && witness_.TimesGiven(to, id) != 1) {
        return "message " + Short(id) + " was accepted, but not given to " + to;
      }
    }
  }
  return std::nullopt;
}

// Only what has bounced meanwhile is settled before its recipient says so.
Violation Simulation::CheckTooLate(const AgentHost& agent) const {
  for (const auto& [id, incoming] : agent.disk().inbox) {
    if (incoming.too_late && model_.messages().at(id).bounced.count(agent.address()) == 0) {
      return agent.address() + " was finally refused " + Short(id) + ": ALREADY_DELIVERED";
    }
  }
  return std::nullopt;
}

Violation Simulation::SenderAtRest(const AgentHost& agent) const {
  for (const AgentHost::Outgoing& outgoing : agent.disk().outbox) {
    const std::string& id = outgoing.submission.subject;
    if (outgoing.fate == AgentHost::Fate::kWaiting) {
      return agent.address() + " has no answer for " + Short(id);
    }
    const auto message = model_.messages().find(id);
    if (outgoing.submission.kind != v1::Subject::MESSAGE) {
      continue;
    }
    if ((message != model_.messages().end()) != (outgoing.fate == AgentHost::Fate::kAccepted)) {
      return agent.address() + " and the ledger differ about " + Short(id);
    }
    if (message != model_.messages().end() && outgoing.noticed != message->second.delivered) {
      return agent.address() + " does not know of a delivery of " + Short(id);
    }
  }
  return std::nullopt;
}

}  // namespace rujukan::sim
