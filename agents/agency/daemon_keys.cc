// The daemon's keys: which of the home's are in force, renewing them, and the connection that goes
// with them.
#include <array>
#include <chrono>

#include "agents/agency/daemon.h"
#include "agents/agency/expiry.h"
#include "base/bytes.h"
#include "ledger/records.h"

namespace rujukan::agency {
namespace {

// A busy agency has no quiet moment; what is unanswered by then is simply sent again.
constexpr int64_t kQuietWaitMsMax = 10'000;
constexpr int64_t kEndingsEveryMs = 3'600'000;

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Result<void> Daemon::LoadOwn() {
  ASSIGN_OR_RETURN(const auto record,
                   store_->directory().Get(ledger::Table::kAgency, config_.address));
  if (record.value_or("") == own_record_) {
    return {};
  }
  ASSIGN_OR_RETURN(identity_, LoadIdentity(store_->directory(), config_.address, chain_));
  own_record_ = record.value_or("");
  const auto placed = identity_ ? PutKeysInPlace() : Result<void>();
  ShareIdentity();
  return placed;
}

// What opens content is copied for the API's threads, which disclose: the copies share the keys.
void Daemon::ShareIdentity() {
  auto shared = identity_ ? std::make_shared<const Identity>(*identity_) : nullptr;
  const std::lock_guard<std::mutex> lock(shared_mutex_);
  shared_identity_ = std::move(shared);
}

// Keys that came into force are moved where they belong. When that fails (a full disk), they work
// from where they are, and the next start tries again.
Result<void> Daemon::PutKeysInPlace() {
  ASSIGN_OR_RETURN(const auto agency, ledger::ReadAgency(store_->directory(), config_.address));
  const auto* transport = FindHeld(chain_.transport, agency ? agency->transport_key() : "");
  const std::array<std::pair<std::string_view, std::string>, 3> in_force{
      {{kSigningFile, identity_->signing_file},
       {kEncryptionFile, identity_->encryption_file},
       {kTransportFile, transport == nullptr ? std::string() : transport->file}}};
  bool moved = false;
  for (const auto& [name, file] : in_force) {
    const auto promoted = PromoteIfNext(name, file);
    if (!promoted) {
      log_.Warn("keys_not_in_place", {{"reason", promoted.error().context}});
      return {};
    }
    moved = moved || *promoted;
  }
  if (moved) {
    ASSIGN_OR_RETURN(chain_, ReadKeyChain(options_.home, options_.passphrase));
    ASSIGN_OR_RETURN(identity_, LoadIdentity(store_->directory(), config_.address, chain_));
    log_.Info("keys_renewed", {{"signing_key", ToHex(identity_->signing.key_id().view())}});
  }
  if (client_) {
    UseTransport(TransportInForce());
  }
  return {};
}

Result<bool> Daemon::PromoteIfNext(std::string_view name, const std::string& file_in_force) {
  if (file_in_force != std::string(name) + std::string(kNextSuffix)) {
    return false;
  }
  for (const FileMove& move : PlanPromotion(options_.home, name)) {
    RETURN_IF_ERROR(Apply(options_.home, move));
  }
  return true;
}

certs::TransportKeyPair Daemon::TransportInForce() const {
  v1::AgencyRecord agency;
  agency.ParseFromString(own_record_);
  const auto* held = FindHeld(chain_.transport, agency.transport_key());
  return held == nullptr ? chain_.transport.front().keys : held->keys;
}

// For the next connection. The one there is goes on until nothing is under way.
void Daemon::UseTransport(const certs::TransportKeyPair& keys) {
  if (transport_key_ == keys.public_key) {
    return;
  }
  client_->SetKeys(keys);
  transport_key_ = keys.public_key;
  reconnect_wanted_ = true;
  reconnect_wanted_at_ = SteadyNow();
}

void Daemon::ReconnectWhenQuiet() {
  const bool quiet = outbox_->in_flight() == 0 && client_->session().unanswered() == 0;
  if (reconnect_wanted_ && (quiet || SteadyNow() - reconnect_wanted_at_ >= kQuietWaitMsMax)) {
    reconnect_wanted_ = false;
    client_->Reconnect("a new transport key is in force");
  }
}

// The grant may be in the ledger while we still call under the key of before: then only the new one
// is let in. Tried in turn, with the link's own backoff between.
void Daemon::TryOtherTransport() {
  const auto* next = NextOf(chain_.transport);
  if (!rotation_->status().open() || next == nullptr) {
    return;
  }
  const bool on_next = transport_key_ == next->keys.public_key;
  const auto& other = on_next ? chain_.transport.front().keys : next->keys;
  client_->SetKeys(other);
  transport_key_ = other.public_key;
  log_.Info("trying_transport_key", {{"next", !on_next}});
}

Result<void> Daemon::RotateIfAsked() {
  if (!identity_ || !directory_current_) {
    return {};
  }
  bool wanted = rotate_wanted_.exchange(false);
  if (!wanted && config_.renews_itself) {
    ASSIGN_OR_RETURN(wanted, rotation_->TakeDue(*identity_, clock_->Now()));
  }
  if (!wanted) {
    return {};
  }
  const auto begun = rotation_->Begin(*identity_, clock_->Now());
  if (!begun && begun.error().code != Errc::kInvalid && begun.error().code != Errc::kUnavailable &&
      begun.error().code != Errc::kDenied) {
    return begun;
  }
  board_.Update([&](LinkStatus& status) {
    ++status.rotations_begun;
    status.rotation_error = begun ? "" : begun.error().context;
  });
  if (!begun) {
    log_.Warn("rotation_not_begun", {{"reason", begun.error().context}});
    return {};
  }
  // The new keys are in the home now: they have to be at hand when the grant puts them in force.
  ASSIGN_OR_RETURN(chain_, ReadKeyChain(options_.home, options_.passphrase));
  TellRotation();
  return SendRotation();
}

Result<void> Daemon::SendRotation() {
  ASSIGN_OR_RETURN(auto submission, rotation_->Unanswered());
  if (submission) {
    client_->Submit(std::move(*submission));
  }
  return {};
}

Result<void> Daemon::SettleActs(const Batch& batch) {
  for (const auto& receipted : batch.receipted) {
    RETURN_IF_ERROR(rotation_->TakeReceipt(receipted));
    acts_.TakeReceipt(receipted);
  }
  for (const auto& refusal : batch.refused) {
    RETURN_IF_ERROR(rotation_->TakeRefusal(refusal, identity_, clock_->Now()));
    acts_.TakeRefusal(refusal);
  }
  TellRotation();
  return directory_current_ ? SendRotation() : Result<void>();
}

Result<void> Daemon::SendActs() {
  ASSIGN_OR_RETURN(auto submissions, acts_.TakeNew(*identity_, clock_->Now()));
  for (auto& submission : submissions) {
    client_->Submit(std::move(submission));
  }
  return {};
}

// At the start and every hour: the log, and whoever listens to the webhook.
Result<void> Daemon::WarnOfEndings() {
  const int64_t now = SteadyNow();
  if (warned_at_ && now - *warned_at_ < kEndingsEveryMs) {
    return {};
  }
  const UnixMillis time = clock_->Now();
  ASSIGN_OR_RETURN(const auto endings, ListEndings(store_->directory(), config_.address, time));
  if (endings.empty()) {
    return {};  // the directory is still on its way
  }
  warned_at_ = now;
  ASSIGN_OR_RETURN(const auto warnings, store_->Write([&](Tables& tables) {
    return TakeWarnings(tables, endings, time);
  }));
  for (const auto& warning : warnings) {
    const Json event = WarningJson(warning, config_.address);
    log_.Warn("certificate_ends", event);
    if (webhook_) {
      webhook_->Post(event);
    }
  }
  return {};
}

// In the log once for each change.
void Daemon::TellRotation() {
  const auto& status = rotation_->status();
  if (std::exchange(rotation_told_, status.state) == status.state) {
    return;
  }
  log_.Info("rotation", {{"state", RotationName(status.state)}});
  board_.Notify();
}

}  // namespace rujukan::agency
