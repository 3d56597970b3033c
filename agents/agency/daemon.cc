#include "agents/agency/daemon.h"

#include <unistd.h>

#include "agents/agency/api.h"
#include "agents/agency/file.h"
#include "agents/agency/notify_send.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "certs/keyfile.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr std::string_view kAnchorName = "anchor_note";

}  // namespace

Daemon::Daemon(
    DaemonOptions options, Config config, KeyChain chain, link::TrustPins pins, HomeLock lock)
    : options_(std::move(options)),
      config_(std::move(config)),
      pins_(std::move(pins)),
      lock_(std::move(lock)),
      chain_(std::move(chain)) {}

Daemon::~Daemon() {
  board_.Stop();  // long polls end, so that the servers can
  webhook_worker_.reset();
  checker_.reset();
  socket_server_.reset();
  loopback_server_.reset();
}

Result<std::unique_ptr<Daemon>> Daemon::Open(DaemonOptions options, const Clock& clock) {
  ASSIGN_OR_RETURN(auto config, options.home.ReadConfig());
  ASSIGN_OR_RETURN(auto pins, PinsOf(config));
  ASSIGN_OR_RETURN(auto chain, ReadKeyChain(options.home, options.passphrase));
  ASSIGN_OR_RETURN(auto lock, HomeLock::Take(options.home));
  std::unique_ptr<Daemon> daemon(new Daemon(
      std::move(options), std::move(config), std::move(chain), std::move(pins), std::move(lock)));
  RETURN_IF_ERROR(daemon->OpenParts(clock));
  RETURN_IF_ERROR(daemon->StartApi());
  daemon->StartChecker();
  return daemon;
}

Result<void> Daemon::OpenParts(const Clock& clock) {
  machine_clock_ = &clock;
  clock_ = std::make_unique<CorrectedClock>(clock, board_);
  ASSIGN_OR_RETURN(store_, Store::Open(options_.home.database_path(), chain_.store));
  directory_ = std::make_unique<link::Directory>(store_->directory(), pins_);
  inbox_ = std::make_unique<Inbox>(*store_);
  outbox_ = std::make_unique<Outbox>(*store_);
  ASSIGN_OR_RETURN(auto rotation, Rotation::Open(*store_, options_.home, options_.passphrase));
  rotation_ = std::make_unique<Rotation>(std::move(rotation));
  RETURN_IF_ERROR(OpenAttachments());
  RETURN_IF_ERROR(OpenEvidence());
  ASSIGN_OR_RETURN(directory_head_, directory_->NextIndex());
  for (const auto& file : chain_.unread) {
    log_.Warn("key_not_read", {{"file", file}});
  }
  RETURN_IF_ERROR(LoadOwn());
  if (!config_.webhook_url.empty()) {
    webhook_ = std::make_unique<Webhook>(WebhookOptions{config_.webhook_url},
                                         [this](const std::string& failure) {
                                           if (!failure.empty()) {
                                             log_.Warn("webhook_failed", {{"reason", failure}});
                                           }
                                         });
  }
  notifier_ = std::make_unique<Notifier>(NotifyTargetsOf(config_.notices));
  RETURN_IF_ERROR(OpenWitnesses());
  return OpenClient();
}

Result<void> Daemon::OpenWitnesses() {
  if (!config_.follows_witnesses) {
    return {};
  }
  const auto policy = ReadFile(options_.home.witness_policy_path(), limits::kTlogPolicyBytesMax);
  if (!policy) {
    return Fail(policy.error().code,
                "config.json says \"saksi\", but there is no " +
                    options_.home.witness_policy_path() + ": " + policy.error().context);
  }
  auto rule = link::WitnessRule::Make(*policy, pins_.log);
  if (!rule) {
    return Fail(rule.error().code, "saksi.policy: " + rule.error().context);
  }
  witnesses_ = std::move(*rule);
  ReviewWitnesses();
  return {};
}

Result<void> Daemon::OpenClient() {
  ASSIGN_OR_RETURN(auto anchor,
                   store_->Read([](Tables& tables) { return tables.GetMeta(kAnchorName); }));
  const auto transport = TransportInForce();
  transport_key_ = transport.public_key;
  link::ClientOptions link_options{{config_.endpoint, config_.broker_key}, transport, {}};
  link_options.session.log = pins_.log;
  link_options.session.last_note = std::move(anchor);
  link_options.session.follows_witnesses = config_.follows_witnesses;
  link_options.session.seed = ReadBigEndian64(certs::RandomBytes(8));
  ASSIGN_OR_RETURN(client_, link::Client::Open(std::move(link_options)));
  return {};
}

Result<std::string> Daemon::EnsureToken() const {
  const std::string path = options_.home.token_path();
  if (access(path.c_str(), F_OK) != 0) {
    RETURN_IF_ERROR(certs::WriteSecretFile(path, ToHex(certs::RandomBytes(32)) + "\n"));
  }
  ASSIGN_OR_RETURN(auto token, certs::ReadSecretFile(path));
  while (!token.empty() && token.back() == '\n') {
    token.pop_back();
  }
  return token;
}

Result<void> Daemon::StartApi() {
  auto api =
      std::make_shared<Api>(ApiContext{*store_,
                                       board_,
                                       config_,
                                       *clock_,
                                       pins_.log,
                                       [this] {
                                         outbox_dirty_ = true;
                                         client_->Wake();
                                       },
                                       [this] {
                                         refresh_wanted_ = true;
                                         client_->Wake();
                                       },
                                       [this] {
                                         rotate_wanted_ = true;
                                         client_->Wake();
                                       },
                                       acts_,
                                       [this] {
                                         anchor_wanted_ = true;
                                         client_->Wake();
                                       },
                                       [this] {
                                         review_wanted_ = true;
                                         outbox_dirty_ = true;
                                         client_->Wake();
                                       },
                                       [this] {
                                         const std::lock_guard<std::mutex> lock(shared_mutex_);
                                         return shared_identity_;
                                       },
                                       spool_.get(),
                                       &progress_,
                                       [this] {
                                         transfers_dirty_ = true;
                                         client_->Wake();
                                       },
                                       [this] { return notifier_->Statuses(); }});
  const auto handler = [api](const ApiRequest& request) { return api->Handle(request); };
  const auto streams = [api](const ApiRequest& request) { return api->Begin(request); };
  if (!options_.api.empty()) {
    ASSIGN_OR_RETURN(auto token, EnsureToken());
    ASSIGN_OR_RETURN(loopback_server_,
                     HttpServer::OnLoopback(options_.api, std::move(token), handler, streams));
    log_.Info("api", {{"address", "127.0.0.1:" + std::to_string(loopback_server_->port())}});
  }
  ASSIGN_OR_RETURN(socket_server_,
                   HttpServer::OnSocket(options_.home.socket_path(), handler, streams));
  webhook_worker_ = std::make_unique<WebhookWorker>(
      *store_,
      board_,
      *clock_,
      WebhookWorkerOptions{
          config_.address, 0, [this](const std::string& what, const std::string& reason) {
            log_.Warn(what, {{"reason", reason}});
          }});
  log_.Info("started", {{"address", config_.address}, {"broker", config_.endpoint}});
  return {};
}

void Daemon::Stop() {
  stop_ = true;
  client_->Wake();
}

Result<void> Daemon::Run() {
  while (!stop_) {
    RETURN_IF_ERROR(Step());
  }
  log_.Info("stopped");
  return {};
}

void Daemon::OnDisconnected(const link::Disconnected& down) {
  directory_current_ = false;
  directory_asked_ = false;
  notices_->Lost();
  transfers_->LinkLost();
  deferred_.clear();  // the broker delivers them again
  statuses_wanted_ = statuses_wanted_ || !deferred_notices_.empty();
  const bool unknown = down.reason.find("does not admit") != std::string::npos;
  board_.Update([&](LinkStatus& status) {
    status.state = unknown ? "NOT_ADMITTED" : "CONNECTING";
    status.last_error = down.reason;
  });
  if (unknown) {
    TryOtherTransport();
  }
  log_.Warn("disconnected", {{"reason", down.reason}, {"retry_in_ms", down.retry_in_ms}});
}

// The evidence is kept beside the database: two notes that contradict each other convict the
// broker.
void Daemon::OnAlarm(const link::Alarm& alarm) {
  board_.Update([&](LinkStatus& status) {
    status.state = "ALARM";
    status.alarm = alarm.error.context;
  });
  log_.Warn("alarm", {{"reason", alarm.error.context}});
  const auto kept =
      ReplaceFile(options_.home.PathOf("alarm.txt"), alarm.error.context + "\n\n" + alarm.evidence);
  if (!kept) {
    log_.Warn("alarm_not_kept", {{"reason", kept.error().context}});
  }
}

Result<void> Daemon::OnWelcomed(const link::Welcomed& welcomed) {
  const auto kept =
      store_->Write([&](Tables& tables) { return tables.PutMeta(kAnchorName, welcomed.note); });
  RETURN_IF_ERROR(kept);
  const int64_t offset = welcomed.broker_time - machine_clock_->Now();
  // Small differences are the network's; larger ones would get our messages refused.
  const int64_t used = std::abs(offset) > limits::kClockSkewMsMax / 5 ? offset : 0;
  const bool first = !board_.status().connected();
  cosigned_ = welcomed.cosigned;
  board_.Update([&](LinkStatus& status) {
    if (first) {
      status.state = "LIVE";
    }
    status.last_error.clear();
    status.tree_size = welcomed.checkpoint.size;
    status.clock_offset_ms = used;
  });
  ReviewWitnesses();
  if (used != 0) {
    log_.Warn("clock_differs", {{"offset_ms", used}});
  }
  if (first) {
    log_.Info("connected", {{"tree_size", welcomed.checkpoint.size}});
    directory_current_ = false;
    statuses_wanted_ = true;
    inbox_->Reconnected();
    AskDirectory();
  }
  return {};
}

}  // namespace rujukan::agency
