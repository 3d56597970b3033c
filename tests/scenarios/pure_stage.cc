#include "tests/scenarios/pure_stage.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "broker/engine/clocks_chore.h"
#include "certs/hash.h"
#include "certs/issue.h"
#include "ledger/policy_text.h"
#include "tests/scenarios/record.h"
#include "tests/sim/cast.h"

namespace rujukan::scenarios {
namespace {

constexpr const char* kAdminRoute = "admin";
constexpr size_t kMovesMax = 400'000;

}  // namespace

Weather BadWeather(uint64_t seed) {
  Weather weather;
  weather.seed = seed;
  weather.cuts_per_mille = 15;
  weather.duplicates_per_mille = 150;
  weather.delay_ms_max = 400;
  return weather;
}

PureStage::PureStage(const Weather& weather)
    : weather_(weather),
      random_(weather.seed),
      world_(std::string(ledger::DefaultPolicyText())),
      network_(random_) {
  network_.set_delay_max(weather.delay_ms_max);
}

PureStage::~PureStage() = default;

Result<void> PureStage::Open(const Script& script, UnixMillis begins) {
  constexpr int64_t kMinuteMs = 60'000;
  if (begins - kMinuteMs < world_.now()) {
    return Fail(Errc::kInvalid, "mulai setelah 2026-11-19 / a scenario begins after 2026-11-19");
  }
  world_.Advance(begins - kMinuteMs - world_.now());
  RETURN_IF_ERROR(Cast(script));
  RETURN_IF_ERROR(Describe(script));
  RETURN_IF_ERROR(BeginLedger());
  wall_ms_ = begins;
  broker_clock_.now = wall_ms_;
  RETURN_IF_ERROR(broker_->Start());
  for (Actor& actor : actors_) {
    RETURN_IF_ERROR(actor.agent->Start());
  }
  return Settle();
}

Result<void> PureStage::Cast(const Script& script) {
  v1::Genesis genesis;
  genesis.ParseFromString(world_.genesis().genesis());
  domain_ = std::make_unique<PureDomain>(
      PureDomain{network_,
                 random_,
                 {world_.log().verifier(), certs::Sha256(genesis.root_certificate())},
                 wall_ms_,
                 steady_ms_,
                 [this] { (void)Settle(); },
                 weather_.duplicates_per_mille});
  for (const Agency& agency : script.agencies) {
    const testing::Member& member = world_.AddAgency(agency.name);
    actors_.push_back(
        {agency.name,
         std::make_unique<PureAgent>(*domain_, actors_.size(), member, scratch_.file(agency.name)),
         true});
  }
  return {};
}

Result<void> PureStage::Describe(const Script& script) {
  for (const Agency& agency : script.agencies) {
    if (agency.fields.empty()) {
      continue;
    }
    ASSIGN_OR_RETURN(const Record record, RecordOf(script, agency, world_.now()));
    v1::Act standing;
    standing.mutable_set_standing()->set_address(Stage::AddressOf(agency.name));
    *standing.mutable_set_standing()->mutable_standing() = record.standing;
    v1::Act profile;
    profile.mutable_describe()->set_address(Stage::AddressOf(agency.name));
    *profile.mutable_describe()->mutable_profile() = record.profile;
    for (v1::Act& act : std::vector<v1::Act>{std::move(standing), std::move(profile)}) {
      if (const auto refusal = world_.Try(world_.ActEntry(std::move(act)))) {
        return Fail(Errc::kInvalid, agency.name + ": " + refusal->advice);
      }
    }
  }
  return {};
}

Result<void> PureStage::BeginLedger() {
  ASSIGN_OR_RETURN(const broker::Epoch epoch, genesis_.Fence());
  RETURN_IF_ERROR(genesis_.Append(epoch, sim::CommitOf(world_.entries())));
  auto& outlet = static_cast<broker::Outlet&>(*this);
  broker_ = std::make_unique<sim::BrokerHost>(
      genesis_, world_.log(), broker_clock_, outlet, random_, sim::Break::kNone);
  chores_.push_back(broker::MakeClocksChore(broker_->store(), [this](v1::Entry entry) {
    recorded_ = broker_->Record(std::move(entry));
  }));
  return {};
}

Result<PureStage::Actor*> PureStage::Find(const std::string& who) {
  for (Actor& actor : actors_) {
    if (actor.name == who) {
      return &actor;
    }
  }
  return Fail(Errc::kInvalid, "no agency " + who);
}

broker::Peer PureStage::PeerOf(const std::string& route) const {
  return {broker::Door::kMain, actors_[network_.AgentOf(route)].agent->address(), route};
}

void PureStage::Send(const broker::Peer& peer, std::string frame) {
  if (peer.route == kAdminRoute) {
    v1::ServerFrame parsed;
    parsed.ParseFromString(frame);
    if (parsed.has_accepted() || parsed.has_refused()) {
      admin_answer_ = std::move(frame);
    }
    return;
  }
  if (!network_.BrokerHolds(peer.route)) {
    broker_->Gone(peer);
    return;
  }
  if (random_.Chance(weather_.duplicates_per_mille)) {
    v1::ServerFrame parsed;
    parsed.ParseFromString(frame);
    if (parsed.has_deliver() || parsed.has_accepted() || parsed.has_notice()) {
      network_.SendDown(peer.route, frame, steady_ms_);
    }
  }
  network_.SendDown(peer.route, std::move(frame), steady_ms_);
}

void PureStage::Cut(const std::string& user) {
  for (const std::string& route : network_.RoutesAtBroker()) {
    if (PeerOf(route).user == user) {
      broker_->Gone(PeerOf(route));
      network_.CloseBrokerEnd(route, steady_ms_, 0);
    }
  }
}

void PureStage::Drop(const broker::Peer& peer) {
  if (network_.BrokerHolds(peer.route)) {
    broker_->Gone(peer);
    network_.CloseBrokerEnd(peer.route, steady_ms_, 0);
  }
}

void PureStage::MaybeCut() {
  const auto routes = network_.Routes();
  if (!routes.empty() && random_.Chance(weather_.cuts_per_mille)) {
    network_.Break(routes[random_.Below(routes.size())], steady_ms_, 50, 50);
    ++cuts_;
  }
}

Result<bool> PureStage::MoveNetwork() {
  if (const auto route = network_.NextBrokerLearns(steady_ms_)) {
    if (broker_->running()) {
      broker_->Gone(PeerOf(*route));
    }
    network_.CloseBrokerEnd(*route, steady_ms_, 0);
    return true;
  }
  if (const auto route = network_.NextAgentLearns(steady_ms_)) {
    actors_[network_.AgentOf(*route)].agent->OnBroken(*route);
    return true;
  }
  if (const auto up = network_.DueUp(steady_ms_); !up.empty()) {
    const std::string& route = up[random_.Below(up.size())];
    const broker::Peer peer = PeerOf(route);
    broker_->Offer({peer, network_.TakeUp(route)});
    return true;
  }
  if (const auto down = network_.DueDown(steady_ms_); !down.empty()) {
    const std::string& route = down[random_.Below(down.size())];
    PureAgent& agent = *actors_[network_.AgentOf(route)].agent;
    const std::string frame = network_.TakeDown(route);
    RETURN_IF_ERROR(agent.OnFrame(route, frame));
    return true;
  }
  return false;
}

Result<bool> PureStage::MoveBroker() {
  const auto steps = broker_->Enabled();
  if (steps.empty()) {
    return false;
  }
  RETURN_IF_ERROR(broker_->Do(steps[random_.Below(steps.size())]));
  return true;
}

Result<bool> PureStage::MoveActors() {
  bool moved = false;
  for (size_t i = 0; i < actors_.size(); ++i) {
    Actor& actor = actors_[i];
    if (broker_->running() && actor.online && actor.agent->WantsConnection()) {
      if (broker_->Admits(actor.agent->transport())) {
        actor.agent->OnConnected(network_.Connect(i));
      } else {
        actor.agent->OnNotAdmitted();
      }
      moved = true;
    }
    ASSIGN_OR_RETURN(const bool turned, actor.agent->Turn());
    moved = moved || turned;
  }
  return moved;
}

Result<bool> PureStage::MoveSomething() {
  ASSIGN_OR_RETURN(bool moved, MoveNetwork());
  if (moved) {
    MaybeCut();
    return true;
  }
  ASSIGN_OR_RETURN(moved, MoveBroker());
  if (moved) {
    return true;
  }
  return MoveActors();
}

// Whoever is suspended is shut out: it has no rest to come to.
bool PureStage::AtRest() const {
  if (network_.NextEvent() != INT64_MAX || broker_->NextEvent() != INT64_MAX) {
    return false;
  }
  return std::all_of(actors_.begin(), actors_.end(), [this](const Actor& actor) {
    const bool shut_out = !broker_->running() || !actor.online || !actor.agent->running() ||
                          !broker_->Admits(actor.agent->transport());
    return shut_out || actor.agent->AtRest();
  });
}

Result<void> PureStage::LetTimePass() {
  UnixMillis next = network_.NextEvent();
  if (broker_->NextEvent() != INT64_MAX) {
    next = std::min(next, steady_ms_ + std::max<int64_t>(0, broker_->NextEvent() - wall_ms_));
  }
  for (const Actor& actor : actors_) {
    if (actor.online && actor.agent->running()) {
      next = std::min(next, actor.agent->NextDeadline());
    }
  }
  constexpr int64_t kStepMsMax = 1'000;
  const int64_t step = std::clamp<int64_t>(next - steady_ms_, 1, kStepMsMax);
  steady_ms_ += step;
  wall_ms_ += step;
  broker_clock_.now = wall_ms_;
  return {};
}

Result<void> PureStage::Settle() {
  if (std::exchange(settling_, true)) {
    return {};  // from inside an agent's turn
  }
  Result<void> settled = Fail(Errc::kInvalid, "tidak berhenti bergerak / it does not come to rest");
  for (size_t i = 0; i < kMovesMax; ++i) {
    const auto moved = MoveSomething();
    if (!moved) {
      settled = Fail(moved.error());
      break;
    }
    if (*moved) {
      continue;
    }
    if (AtRest()) {
      settled = {};
      break;
    }
    RETURN_IF_ERROR(LetTimePass());
  }
  settling_ = false;
  return settled;
}

// When the ledger's next deadline is to be looked at; INT64_MAX: there is none.
UnixMillis PureStage::NextDeadline() const {
  UnixMillis next = INT64_MAX;
  const auto scanned =
      store().Scan(ledger::Table::kClock, "", "", [&next](std::string_view key, std::string_view) {
        next = static_cast<UnixMillis>(ReadBigEndian64(key.substr(0, 8)));
        return false;
      });
  CHECK(scanned.has_value());
  return next;
}

Result<void> PureStage::AdvanceTo(UnixMillis time) {
  RETURN_IF_ERROR(Settle());
  constexpr int64_t kLookMsMin = 1'000;
  while (wall_ms_ < time) {
    const UnixMillis due = broker_->running() ? NextDeadline() : INT64_MAX;
    wall_ms_ = std::min(time, std::max(due, wall_ms_ + kLookMsMin));
    broker_clock_.now = wall_ms_;
    RETURN_IF_ERROR(RunChores());
  }
  return LookAtDirectory();
}

// Round after round, as long as something is due.
Result<void> PureStage::RunChores() {
  constexpr int kRoundsMax = 64;
  const std::atomic<bool> stopping{false};
  for (int round = 0; round < kRoundsMax && broker_->running(); ++round) {
    for (const auto& chore : chores_) {
      RETURN_IF_ERROR(chore->Run(wall_ms_, stopping));
      RETURN_IF_ERROR(recorded_);
    }
    RETURN_IF_ERROR(Settle());
    if (NextDeadline() > wall_ms_) {
      return {};
    }
  }
  return {};
}

Result<Reply> PureStage::Call(const std::string& who,
                              const std::string& method,
                              const std::string& path,
                              const std::string& body) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  const auto reply = actor->agent->Call(method, path, body);
  return Reply{reply.status, reply.body};
}

Result<void> PureStage::SetOnline(const std::string& who, bool online) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  actor->online = online;
  if (!online && !actor->agent->route().empty()) {
    network_.Break(actor->agent->route(), steady_ms_, 0, 0);
  }
  return {};
}

Result<void> PureStage::Skew(const std::string& who, int64_t ms) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  actor->agent->clock().skew_ms = ms;
  return {};
}

Result<void> PureStage::SubmitAsAdmin(v1::Act act) {
  world_.Advance(wall_ms_ - world_.now());
  testing::Signed made = world_.SignAct(std::move(act));
  v1::ClientFrame frame;
  frame.mutable_act()->set_act(made.bytes);
  *frame.mutable_act()->mutable_signature() = made.signature;
  admin_answer_.clear();
  broker_->Offer(
      {{broker::Door::kMain, world_.admin().address, kAdminRoute}, frame.SerializeAsString()});
  RETURN_IF_ERROR(Settle());
  v1::ServerFrame answer;
  answer.ParseFromString(admin_answer_);
  if (!answer.has_accepted()) {
    return Fail(Errc::kDenied, answer.refused().advice());
  }
  return LookAtDirectory();
}

// As after half a minute: every agent has looked whether the directory has changed.
Result<void> PureStage::LookAtDirectory() {
  for (const Actor& actor : actors_) {
    actor.agent->LookAtDirectory();
  }
  return Settle();
}

Result<void> PureStage::RenewKeys(const std::string& who) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  RETURN_IF_ERROR(actor->agent->AskForNewKeys());
  RETURN_IF_ERROR(Settle());
  ASSIGN_OR_RETURN(const auto requested, actor->agent->RequestedKeys());
  constexpr int64_t kYearMs = 365LL * 24 * 3'600'000;
  const certs::Validity validity{wall_ms_ - 3'600'000, wall_ms_ + kYearMs};
  const std::string address = Stage::AddressOf(who);
  v1::Act act;
  v1::GrantKeys& grant = *act.mutable_grant_keys();
  grant.set_address(address);
  grant.set_request_act(requested.act_id);
  ASSIGN_OR_RETURN(
      const auto signing,
      certs::IssueLeaf(world_.issuer(),
                       {requested.signing.Public(), address, certs::Usage::kSigning, validity}));
  ASSIGN_OR_RETURN(
      const auto encryption,
      certs::IssueLeaf(
          world_.issuer(),
          {requested.encryption.Public(), address, certs::Usage::kEncryption, validity}));
  grant.set_signing_certificate(signing.der());
  grant.set_encryption_certificate(encryption.der());
  return SubmitAsAdmin(std::move(act));
}

Result<void> PureStage::Restart(const std::string& who) {
  ASSIGN_OR_RETURN(Actor * actor, Find(who));
  actor->agent->Kill();
  return actor->agent->Start();
}

Result<void> PureStage::SetSuspended(const std::string& who, bool suspended) {
  v1::Act act;
  if (suspended) {
    act.mutable_suspend()->set_address(Stage::AddressOf(who));
    act.mutable_suspend()->set_note("CONTOH");
  } else {
    act.mutable_resume()->set_address(Stage::AddressOf(who));
    act.mutable_resume()->set_note("CONTOH");
  }
  return SubmitAsAdmin(std::move(act));
}

Result<void> PureStage::Permit(const std::string& from, const std::string& to) {
  constexpr int64_t kDayMs = 24LL * 3'600'000;
  v1::Act act;
  act.mutable_permit()->set_from(Stage::AddressOf(from));
  act.mutable_permit()->set_to(Stage::AddressOf(to));
  act.mutable_permit()->set_expires_at_ms(wall_ms_ + kDayMs);
  act.mutable_permit()->set_note("CONTOH");
  return SubmitAsAdmin(std::move(act));
}

Result<void> PureStage::SetBroker(bool running) {
  if (running) {
    return broker_->Start();
  }
  broker_->Crash(/*power_cut=*/false);
  for (const std::string& route : network_.RoutesAtBroker()) {
    network_.CloseBrokerEnd(route, steady_ms_, 0);
  }
  return {};
}

}  // namespace rujukan::scenarios
