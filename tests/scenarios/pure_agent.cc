#include "tests/scenarios/pure_agent.h"

#include <filesystem>

#include "base/check.h"
#include "base/limits.h"
#include "certs/keyfile.h"
#include "ledger/directory_root.h"
#include "ledger/records.h"

namespace rujukan::scenarios {
namespace {

using agency::Tables;

constexpr uint32_t kCredit = 64;
constexpr size_t kOutgoingMax = 64;
constexpr int64_t kGoneNoticeMsMax = 1'000;
constexpr std::string_view kAnchorName = "anchor_note";

agency::Config ConfigOf(const testing::Member& member) {
  agency::Config config;
  config.address = member.address;
  config.official_name = member.address + " (CONTOH)";
  config.officer.set_peran("petugas");
  config.officer.set_nama("CONTOH");
  config.renews_itself = false;
  return config;
}

void WriteKeys(const agency::Home& home, const testing::Member& member) {
  CHECK(home.MakeDirectory().has_value());
  CHECK(certs::WriteKeyFile(home.PathOf("signing.key"), member.signing_key, "").has_value());
  CHECK(certs::WriteKeyFile(home.PathOf("encryption.key"), member.encryption_key, "").has_value());
  CHECK(certs::WriteRawKeyFile(
            home.PathOf("transport.key"), "rujukan transport key", member.transport.secret_key)
            .has_value());
  CHECK(certs::WriteRawKeyFile(home.PathOf("store.key"), "rujukan store key", std::string(32, 'k'))
            .has_value());
}

// "/v1/legs/x?isi=0&limit=2"
agency::ApiRequest RequestOf(const std::string& method,
                             const std::string& path_and_query,
                             const std::string& body) {
  agency::ApiRequest request;
  request.method = method;
  request.body = body;
  const size_t mark = path_and_query.find('?');
  request.path = path_and_query.substr(0, mark);
  std::string rest = mark == std::string::npos ? "" : path_and_query.substr(mark + 1);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string pair = rest.substr(0, end);
    rest = end == rest.size() ? "" : rest.substr(end + 1);
    const size_t equals = std::min(pair.find('='), pair.size());
    request.query[pair.substr(0, equals)] = equals == pair.size() ? "" : pair.substr(equals + 1);
  }
  return request;
}

}  // namespace

PureAgent::PureAgent(const PureDomain& domain,
                     size_t number,
                     const testing::Member& member,
                     const std::string& directory)
    : domain_(domain),
      number_(number),
      home_(directory),
      config_(ConfigOf(member)),
      machine_clock_(domain.wall_ms),
      transport_(member.transport) {
  WriteKeys(home_, member);
}

agency::ApiContext PureAgent::MakeContext() {
  const auto now = [this] { domain_.run_to_rest(); };
  return agency::ApiContext{
      *store_,
      *board_,
      config_,
      *clock_,
      domain_.pins.log,
      [this, now] {
        outbox_dirty_ = true;
        now();
      },
      [this, now] {
        refresh_wanted_ = true;
        now();
      },
      [] {},
      *acts_,
      [] {},
      [this, now] {
        review_wanted_ = true;
        outbox_dirty_ = true;
        now();
      },
      [this] {
        return identity_ ? std::make_shared<const agency::Identity>(*identity_) : nullptr;
      }};
}

Result<void> PureAgent::Start() {
  board_ = std::make_unique<agency::Board>();
  clock_ = std::make_unique<agency::CorrectedClock>(machine_clock_, *board_);
  acts_ = std::make_unique<agency::ActDesk>();
  ASSIGN_OR_RETURN(chain_, agency::ReadKeyChain(home_, ""));
  ASSIGN_OR_RETURN(store_, agency::Store::Open(home_.database_path(), chain_->store));
  directory_ = std::make_unique<link::Directory>(store_->directory(), domain_.pins);
  inbox_ = std::make_unique<agency::Inbox>(*store_);
  outbox_ = std::make_unique<agency::Outbox>(*store_);
  ASSIGN_OR_RETURN(auto rotation, agency::Rotation::Open(*store_, home_, ""));
  rotation_ = std::make_unique<agency::Rotation>(std::move(rotation));
  erasures_ = std::make_unique<agency::Erasures>(*store_, config_.officer, config_.erases_itself);
  notices_ = std::make_unique<agency::Notices>(*store_);
  ASSIGN_OR_RETURN(directory_head_, directory_->NextIndex());
  own_record_.clear();
  identity_.reset();
  RETURN_IF_ERROR(LoadOwn());
  api_ = std::make_unique<agency::Api>(MakeContext());
  ASSIGN_OR_RETURN(auto anchor,
                   store_->Read([](Tables& tables) { return tables.GetMeta(kAnchorName); }));
  link::SessionOptions options;
  options.log = domain_.pins.log;
  options.last_note = std::move(anchor);
  options.seed = domain_.random.Next();
  ASSIGN_OR_RETURN(session_, link::Session::Make(std::move(options)));
  outbox_dirty_ = true;
  review_wanted_ = true;
  return {};
}

void PureAgent::Kill() {
  domain_.network.CloseAgentEnd(route_, domain_.steady_ms, kGoneNoticeMsMax);
  route_.clear();
  session_.reset();
  api_.reset();
  notices_.reset();
  erasures_.reset();
  rotation_.reset();
  outbox_.reset();
  inbox_.reset();
  directory_.reset();
  store_.reset();
  deferred_.clear();
  deferred_notices_.clear();
  directory_asked_ = false;
  directory_current_ = false;
}

bool PureAgent::WantsConnection() const {
  return running() && session_->WantsConnection(domain_.steady_ms);
}

void PureAgent::OnConnected(const std::string& route) {
  route_ = route;
  session_->OnConnected(domain_.steady_ms);
  Flush();
}

// As the daemon: a grant may be in the ledger while we still call under the key of before.
void PureAgent::OnNotAdmitted() {
  const auto* next = agency::NextOf(chain_->transport);
  if (rotation_->status().open() && next != nullptr) {
    const bool on_next = transport_.public_key == next->keys.public_key;
    transport_ = on_next ? chain_->transport.front().keys : next->keys;
  }
  session_->OnDisconnected(domain_.steady_ms, "not admitted, or nobody listens");
}

void PureAgent::OnBroken(const std::string& route) {
  domain_.network.CloseAgentEnd(route, domain_.steady_ms, kGoneNoticeMsMax);
  if (running() && route == route_) {
    route_.clear();
    session_->OnDisconnected(domain_.steady_ms, "connection lost");
  }
}

Result<void> PureAgent::OnFrame(const std::string& route, const std::string& frame) {
  if (!running() || route != route_) {
    return {};
  }
  session_->OnFrame(frame, domain_.steady_ms);
  Flush();
  return {};
}

void PureAgent::Flush() {
  for (std::string& frame : session_->TakeFrames()) {
    if (domain_.random.Chance(domain_.duplicates_per_mille)) {
      v1::ClientFrame parsed;
      parsed.ParseFromString(frame);
      if (parsed.has_submit() || parsed.has_delivery()) {
        domain_.network.SendUp(route_, frame, domain_.steady_ms);
      }
    }
    domain_.network.SendUp(route_, std::move(frame), domain_.steady_ms);
  }
}

void PureAgent::Submit(link::Submission submission) {
  session_->Submit(std::move(submission), domain_.steady_ms);
}

Result<bool> PureAgent::Turn() {
  if (!running()) {
    return false;
  }
  session_->OnTick(domain_.steady_ms);
  auto events = session_->TakeEvents();
  bool moved = !events.empty();
  RETURN_IF_ERROR(Handle(std::move(events)));
  if (session_->live() && !directory_asked_ && std::exchange(refresh_wanted_, false)) {
    AskDirectory();
    moved = true;
  }
  ASSIGN_OR_RETURN(const bool asked, AskNotices());
  moved = moved || asked;
  if (std::exchange(review_wanted_, false)) {
    ASSIGN_OR_RETURN(const auto reviewed, erasures_->Review(config_.address, clock_->Now()));
    review_wanted_ = reviewed.again;
    outbox_dirty_ = outbox_dirty_ || reviewed.queued;
    moved = true;
  }
  if (session_->live() && directory_current_ && identity_) {
    const size_t before = session_->unanswered();
    RETURN_IF_ERROR(SendWhatIsDue());
    moved = moved || session_->unanswered() != before;
  }
  Flush();
  return moved;
}

bool PureAgent::AtRest() const {
  return session_->live() && directory_current_ && identity_.has_value() &&
         session_->unanswered() == 0 && !outbox_dirty_ && !review_wanted_ && !refresh_wanted_ &&
         !directory_asked_ && !reconnect_wanted_ && notices_->current();
}

Result<void> PureAgent::Handle(std::vector<link::Event> events) {
  if (events.empty()) {
    return {};
  }
  Batch batch;
  for (auto& event : events) {
    RETURN_IF_ERROR(Sort(event, batch));
  }
  RETURN_IF_ERROR(SettleRotation(batch));
  const KeyId signer = identity_ ? identity_->signing.key_id() : KeyId();
  RETURN_IF_ERROR(outbox_->Settle(batch.receipted, batch.refused, signer, clock_->Now()));
  if (identity_) {
    ASSIGN_OR_RETURN(auto receipts, inbox_->SignAnew(batch.refused, *identity_, clock_->Now()));
    for (auto& receipt : receipts) {
      Submit(std::move(receipt));
    }
  }
  outbox_dirty_ = outbox_dirty_ || !batch.receipted.empty() || !batch.refused.empty();
  review_wanted_ = review_wanted_ || !batch.receipted.empty();
  RETURN_IF_ERROR(TakeDeliveries(std::move(batch.deliveries), /*final_try=*/false));
  board_->Notify();
  return {};
}

Result<void> PureAgent::Sort(link::Event& event, Batch& batch) {
  if (auto* delivered = std::get_if<link::Delivered>(&event)) {
    FollowEntry(delivered->proven);
    batch.deliveries.push_back(std::move(*delivered));
  } else if (auto* receipted = std::get_if<link::Receipted>(&event)) {
    FollowEntry(receipted->proven);
    batch.receipted.push_back(std::move(*receipted));
  } else if (auto* refused = std::get_if<link::Refusal>(&event)) {
    batch.refused.push_back(std::move(*refused));
  } else if (const auto* noticed = std::get_if<link::Noticed>(&event)) {
    FollowEntry(noticed->proven);
    return OnNoticed(*noticed);
  } else if (const auto* about_legs = std::get_if<link::LegNoticed>(&event)) {
    return OnLegNoticed(*about_legs);
  } else if (const auto* welcomed = std::get_if<link::Welcomed>(&event)) {
    return OnWelcomed(*welcomed);
  } else if (const auto* arrived = std::get_if<link::DirectoryArrived>(&event)) {
    return OnDirectory(*arrived);
  } else if (const auto* alarm = std::get_if<link::Alarm>(&event)) {
    return Fail(alarm->error);
  } else if (std::holds_alternative<link::Disconnected>(event)) {
    batch.deliveries.clear();
    directory_current_ = false;
    directory_asked_ = false;
    deferred_.clear();
    notices_->Lost();
    board_->Update([](agency::LinkStatus& status) { status.state = "CONNECTING"; });
  }
  return {};
}

void PureAgent::FollowEntry(const link::Proven& proven) {
  const LogIndex named =
      ledger::IsDirectoryEntry(proven.entry) ? proven.index + 1 : proven.entry.directory_previous();
  refresh_wanted_ = refresh_wanted_ || named > directory_head_;
}

Result<void> PureAgent::OnWelcomed(const link::Welcomed& welcomed) {
  RETURN_IF_ERROR(
      store_->Write([&](Tables& tables) { return tables.PutMeta(kAnchorName, welcomed.note); }));
  const int64_t offset = welcomed.broker_time - machine_clock_.Now();
  const int64_t used = std::abs(offset) > limits::kClockSkewMsMax / 5 ? offset : 0;
  const bool first = !board_->status().connected();
  board_->Update([&](agency::LinkStatus& status) {
    status.state = "LIVE";
    status.tree_size = welcomed.checkpoint.size;
    status.clock_offset_ms = used;
  });
  if (first) {
    directory_current_ = false;
    statuses_wanted_ = true;
    inbox_->Reconnected();
    AskDirectory();
  }
  return {};
}

void PureAgent::AskDirectory() {
  const auto next = directory_->NextIndex();
  if (directory_asked_ || !next) {
    return;
  }
  v1::ClientFrame frame;
  frame.mutable_directory()->set_from_index(*next);
  directory_asked_ = session_->Ask(frame, domain_.steady_ms);
}

Result<void> PureAgent::OnDirectory(const link::DirectoryArrived& arrived) {
  directory_asked_ = false;
  ASSIGN_OR_RETURN(const auto writes, directory_->Check(arrived.page));
  if (!writes.empty()) {
    const auto kept = store_->Write([&](Tables& tables) -> Result<void> {
      RETURN_IF_ERROR(tables.ApplyRecords(writes));
      RETURN_IF_ERROR(agency::Inbox::TakeRecords(tables, writes));
      return rotation_->Observe(arrived.page, tables);
    });
    RETURN_IF_ERROR(kept);
    ASSIGN_OR_RETURN(directory_head_, directory_->NextIndex());
    review_wanted_ = true;
    RETURN_IF_ERROR(LoadOwn());
  }
  if (arrived.page.more()) {
    AskDirectory();
    return {};
  }
  return OnDirectoryCurrent();
}

Result<void> PureAgent::OnDirectoryCurrent() {
  board_->Update([](agency::LinkStatus& status) { ++status.directory_refreshes; });
  if (!identity_) {
    return {};
  }
  RETURN_IF_ERROR(rotation_->Review(*identity_));
  if (!std::exchange(directory_current_, true)) {
    ASSIGN_OR_RETURN(auto receipts, inbox_->Unrecorded(limits::kSendWindowMax));
    for (auto& receipt : receipts) {
      Submit(std::move(receipt));
    }
    outbox_dirty_ = true;
    session_->SetCredit(kCredit, domain_.steady_ms);
  }
  for (const auto& notice : std::exchange(deferred_notices_, {})) {
    ASSIGN_OR_RETURN([[maybe_unused]] const bool known, inbox_->TakeNotice(notice, clock_->Now()));
  }
  return TakeDeliveries(std::exchange(deferred_, {}), /*final_try=*/true);
}

Result<bool> PureAgent::AskNotices() {
  if (!session_->live()) {
    return false;
  }
  ASSIGN_OR_RETURN(const auto request, notices_->Next());
  if (request && !session_->Ask(*request, domain_.steady_ms)) {
    notices_->Lost();
  }
  return request.has_value();
}

Result<void> PureAgent::OnLegNoticed(const link::LegNoticed& page) {
  for (const link::Proven& proven : page.entries) {
    FollowEntry(proven);
  }
  return notices_->Take(page, clock_->Now());
}

Result<void> PureAgent::OnNoticed(const link::Noticed& notice) {
  ASSIGN_OR_RETURN(const bool known, inbox_->TakeNotice(notice, clock_->Now()));
  if (!known) {
    refresh_wanted_ = true;
    deferred_notices_.push_back(notice);
  }
  outbox_dirty_ = true;
  return {};
}

Result<void> PureAgent::TakeDeliveries(std::vector<link::Delivered> deliveries, bool final_try) {
  if (deliveries.empty() || !identity_) {
    return {};
  }
  ASSIGN_OR_RETURN(auto taken,
                   inbox_->Take(std::move(deliveries), final_try, *identity_, clock_->Now()));
  for (auto& receipt : taken.receipts) {
    Submit(std::move(receipt));
  }
  for (auto& delivered : taken.deferred) {
    deferred_.push_back(std::move(delivered));
  }
  refresh_wanted_ = refresh_wanted_ || !taken.deferred.empty();
  outbox_dirty_ = true;
  review_wanted_ = true;
  return {};
}

Result<void> PureAgent::SendWhatIsDue() {
  if (std::exchange(reconnect_wanted_, false)) {
    const std::string route = route_;
    OnBroken(route);  // over the new transport key from now on
    return {};
  }
  ASSIGN_OR_RETURN(auto acts, acts_->TakeNew(*identity_, clock_->Now()));
  for (auto& act : acts) {
    Submit(std::move(act));
  }
  ASSIGN_OR_RETURN(auto rotation, rotation_->Unanswered());
  if (rotation) {
    Submit(std::move(*rotation));
  }
  if (outbox_->in_flight() < kOutgoingMax && std::exchange(outbox_dirty_, false)) {
    const size_t room = kOutgoingMax - outbox_->in_flight();
    ASSIGN_OR_RETURN(auto submissions, outbox_->Next(room, *identity_, clock_->Now()));
    outbox_dirty_ = submissions.size() == room;
    for (auto& submission : submissions) {
      Submit(std::move(submission));
    }
  }
  return std::exchange(statuses_wanted_, false) ? AskStatuses() : Result<void>();
}

Result<void> PureAgent::AskStatuses() {
  ASSIGN_OR_RETURN(const auto ids, store_->Read([](Tables& tables) {
    return tables.Undelivered(0, limits::kStatusIdsMax);
  }));
  v1::ClientFrame frame;
  for (const auto& [local, id] : ids) {
    frame.mutable_status()->add_message_ids(id.str());
  }
  if (!ids.empty()) {
    session_->Ask(frame, domain_.steady_ms);
  }
  return {};
}

Result<void> PureAgent::LoadOwn() {
  ASSIGN_OR_RETURN(const auto record,
                   store_->directory().Get(ledger::Table::kAgency, config_.address));
  if (!record || *record == own_record_) {
    return {};
  }
  own_record_ = *record;
  for (const auto name : {agency::kSigningFile, agency::kEncryptionFile, agency::kTransportFile}) {
    ASSIGN_OR_RETURN(identity_, LoadIdentity(store_->directory(), config_.address, *chain_));
    const auto* held = agency::FindHeld(chain_->transport, [&] {
      v1::AgencyRecord agency;
      agency.ParseFromString(own_record_);
      return agency.transport_key();
    }());
    const std::string in_force = name == agency::kSigningFile      ? identity_->signing_file
                                 : name == agency::kEncryptionFile ? identity_->encryption_file
                                 : held == nullptr                 ? std::string()
                                                                   : held->file;
    if (in_force == std::string(name) + std::string(agency::kNextSuffix)) {
      for (const auto& move : agency::PlanPromotion(home_, name)) {
        RETURN_IF_ERROR(Apply(home_, move));
      }
      ASSIGN_OR_RETURN(chain_, agency::ReadKeyChain(home_, ""));
      ASSIGN_OR_RETURN(identity_, LoadIdentity(store_->directory(), config_.address, *chain_));
    }
  }
  if (session_ && transport_.public_key != chain_->transport.front().keys.public_key) {
    reconnect_wanted_ = true;
  }
  transport_ = chain_->transport.front().keys;
  return {};
}

Result<void> PureAgent::SettleRotation(const Batch& batch) {
  for (const auto& receipted : batch.receipted) {
    RETURN_IF_ERROR(rotation_->TakeReceipt(receipted));
    acts_->TakeReceipt(receipted);
  }
  for (const auto& refusal : batch.refused) {
    RETURN_IF_ERROR(rotation_->TakeRefusal(refusal, identity_, clock_->Now()));
    acts_->TakeRefusal(refusal);
  }
  return {};
}

agency::ApiReply PureAgent::Call(const std::string& method,
                                 const std::string& path_and_query,
                                 const std::string& body) {
  return api_->Handle(RequestOf(method, path_and_query, body));
}

Result<void> PureAgent::AskForNewKeys() {
  RETURN_IF_ERROR(rotation_->Begin(*identity_, clock_->Now()));
  ASSIGN_OR_RETURN(chain_, agency::ReadKeyChain(home_, ""));
  return {};
}

Result<PureAgent::Requested> PureAgent::RequestedKeys() const {
  v1::SubmitAct submitted;
  v1::Act act;
  if (!submitted.ParseFromString(rotation_->status().act) ||
      !act.ParseFromString(submitted.act())) {
    return Fail(Errc::kCorrupt, "no request for keys");
  }
  ASSIGN_OR_RETURN(auto signing, certs::ReadKeyFile(home_.PathOf("signing.key.next"), ""));
  ASSIGN_OR_RETURN(auto encryption, certs::ReadKeyFile(home_.PathOf("encryption.key.next"), ""));
  return Requested{act.act_id(), std::move(signing), std::move(encryption)};
}

}  // namespace rujukan::scenarios
