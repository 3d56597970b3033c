// The daemon's link thread: what it does with each event, and what it does unasked.
#include <chrono>

#include "agents/agency/daemon.h"
#include "base/limits.h"
#include "ledger/directory_root.h"

namespace rujukan::agency {
namespace {

constexpr uint32_t kCredit = 64;               // 16 MiB of content at the most in memory
constexpr size_t kOutgoingMax = 64;            // submissions in flight, for the same reason
constexpr int64_t kDirectoryEveryMs = 30'000;  // how old the directory may become
constexpr int kIdleWaitMs = 30'000;
constexpr int64_t kJudgeEveryMs = 1'000;  // how late an age is noticed
constexpr int kRotationEveryMs = 1'000;   // while new keys are waited for

int64_t SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Result<void> Daemon::Step() {
  // Also while files wait to be scrubbed.
  const bool rotating = rotation_->status().open() || review_again_;
  RETURN_IF_ERROR(Handle(client_->Poll(ChunksDueMs(rotating ? kRotationEveryMs : kIdleWaitMs))));
  const bool live = client_->session().live();
  const int64_t every_ms = rotating ? kRotationEveryMs : kDirectoryEveryMs;
  // An answer already on its way may be older than the wish.
  if (live && !directory_asked_ &&
      (refresh_wanted_.exchange(false) || SteadyNow() - asked_at_ >= every_ms)) {
    AskDirectory();
  }
  RETURN_IF_ERROR(AskNotices());
  RETURN_IF_ERROR(RotateIfAsked());
  RETURN_IF_ERROR(WarnOfEndings());
  RETURN_IF_ERROR(TellWhatWaits());
  RETURN_IF_ERROR(ReviewErasures());
  ReviewWitnesses();
  if (live && directory_current_ && identity_) {
    ReconnectWhenQuiet();
    RETURN_IF_ERROR(SendActs());
    RETURN_IF_ERROR(SendAnchor());
    RETURN_IF_ERROR(SendOutbox());
    RETURN_IF_ERROR(SendChunks());
    if (std::exchange(statuses_wanted_, false)) {
      RETURN_IF_ERROR(AskStatuses());
    }
  }
  return {};
}

Result<void> Daemon::Handle(std::vector<link::Event> events) {
  if (events.empty()) {
    return {};
  }
  Batch batch;
  for (auto& event : events) {
    RETURN_IF_ERROR(Sort(event, batch));
  }
  RETURN_IF_ERROR(SettleActs(batch));
  RETURN_IF_ERROR(SettleAnchor(batch));
  const KeyId signer = identity_ ? identity_->signing.key_id() : KeyId();
  RETURN_IF_ERROR(outbox_->Settle(batch.receipted, batch.refused, signer, clock_->Now()));
  RETURN_IF_ERROR(SignReceiptsAnew(batch.refused));
  for (const auto& refusal : batch.refused) {
    log_.Warn("refused",
              {{"reason", v1::RefusalReason::Code_Name(refusal.reason)},
               {"retry_after_ms", refusal.retry_after_ms}});
  }
  outbox_dirty_ = outbox_dirty_ || !batch.receipted.empty() || !batch.refused.empty();
  review_wanted_ = review_wanted_ || !batch.receipted.empty();
  transfers_dirty_ = transfers_dirty_ || !batch.receipted.empty();
  RETURN_IF_ERROR(TakeDeliveries(std::move(batch.deliveries), /*final_try=*/false));
  board_.Notify();
  return {};
}

Result<void> Daemon::Sort(link::Event& event, Batch& batch) {
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
  } else if (const auto* chunk = std::get_if<link::ChunkAnswered>(&event)) {
    return OnChunk(*chunk);
  } else if (const auto* down = std::get_if<link::Disconnected>(&event)) {
    batch.deliveries.clear();
    OnDisconnected(*down);
  } else if (const auto* alarm = std::get_if<link::Alarm>(&event)) {
    OnAlarm(*alarm);
  }
  return {};
}

// Every entry names the last directory entry before it: one that we do not have yet is asked for
// at once instead of at the next turn.
void Daemon::FollowEntry(const link::Proven& proven) {
  const LogIndex named =
      ledger::IsDirectoryEntry(proven.entry) ? proven.index + 1 : proven.entry.directory_previous();
  if (named > directory_head_) {
    refresh_wanted_ = true;
  }
}

void Daemon::AskDirectory() {
  const auto next = directory_->NextIndex();
  if (directory_asked_ || !next) {
    return;
  }
  v1::ClientFrame frame;
  frame.mutable_directory()->set_from_index(*next);
  directory_asked_ = client_->Ask(frame);
  asked_at_ = SteadyNow();
}

Result<void> Daemon::OnDirectory(const link::DirectoryArrived& arrived) {
  directory_asked_ = false;
  auto writes = directory_->Check(arrived.page);
  if (!writes) {
    if (writes.error().code == Errc::kFatal) {
      return Fail(writes.error());
    }
    OnAlarm(link::Alarm{writes.error(), arrived.page.DebugString()});
    stop_ = true;  // whom to encrypt to cannot be trusted any more
    return Fail(Errc::kCorrupt, writes.error().context);
  }
  if (!writes->empty()) {
    const auto kept = store_->Write([&](Tables& tables) -> Result<void> {
      RETURN_IF_ERROR(tables.ApplyRecords(*writes));
      RETURN_IF_ERROR(Inbox::TakeRecords(tables, *writes));
      return rotation_->Observe(arrived.page, tables);
    });
    RETURN_IF_ERROR(kept);
    ASSIGN_OR_RETURN(directory_head_, directory_->NextIndex());
    review_wanted_ = true;  // a hold may have come
    RETURN_IF_ERROR(LoadOwn());
  }
  if (arrived.page.more()) {
    AskDirectory();
    return {};
  }
  return OnDirectoryCurrent();
}

Result<void> Daemon::OnDirectoryCurrent() {
  board_.Update([](LinkStatus& status) { ++status.directory_refreshes; });
  if (!identity_) {
    return {};
  }
  RETURN_IF_ERROR(rotation_->Review(*identity_));
  TellRotation();
  if (!std::exchange(directory_current_, true)) {
    RETURN_IF_ERROR(SendRotation());
    ASSIGN_OR_RETURN(auto receipts, inbox_->Unrecorded(limits::kSendWindowMax));
    for (auto& receipt : receipts) {
      client_->Submit(std::move(receipt));
    }
    outbox_dirty_ = true;
    client_->SetCredit(kCredit);
  }
  if (std::exchange(deferred_need_newer_, false)) {
    AskDirectory();
    return {};
  }
  for (const auto& notice : std::exchange(deferred_notices_, {})) {
    // Still unknown: a receipt will be asked for again after the next connection.
    ASSIGN_OR_RETURN([[maybe_unused]] const bool known, TakeLate(notice));
  }
  return TakeDeliveries(std::exchange(deferred_, {}), /*final_try=*/true);
}

Result<void> Daemon::TakeDeliveries(std::vector<link::Delivered> deliveries, bool final_try) {
  if (deliveries.empty() || !identity_) {
    return {};
  }
  ASSIGN_OR_RETURN(auto taken,
                   inbox_->Take(std::move(deliveries), final_try, *identity_, clock_->Now()));
  for (auto& receipt : taken.receipts) {
    client_->Submit(std::move(receipt));
  }
  if (!taken.deferred.empty()) {
    // An answer already on its way may be older than these messages: it does not count as a
    // refresh.
    deferred_need_newer_ = directory_asked_;
    for (auto& delivered : taken.deferred) {
      deferred_.push_back(std::move(delivered));
    }
    AskDirectory();
  }
  TellNews(taken);
  outbox_dirty_ = true;  // an acceptance may have released a second stage
  transfers_dirty_ = true;
  review_wanted_ = true;
  log_.Info("received", {{"messages", taken.stored}, {"unreadable", taken.unreadable}});
  return {};
}

Result<void> Daemon::OnNoticed(const link::Noticed& notice) {
  auto taken = inbox_->TakeNotice(notice, clock_->Now());
  if (taken && !*taken) {
    // Its signer is not in our directory yet: after the refresh it is taken again. Of what holds
    // mail the broker tells once, so it is kept here.
    refresh_wanted_ = true;
    deferred_need_newer_ = deferred_need_newer_ || directory_asked_;
    if (deferred_notices_.size() < limits::kStatusNoticesMax) {
      deferred_notices_.push_back(notice);
    } else {
      statuses_wanted_ = true;
    }
  }
  if (!taken) {
    const Errc code = taken.error().code;
    if (code == Errc::kFatal || code == Errc::kUnavailable) {
      return Fail(taken.error());
    }
    log_.Warn("false_delivery_receipt", {{"reason", taken.error().context}});
  }
  return {};
}

// What was missed, or closed, while we were away; and the next page of it.
Result<void> Daemon::AskNotices() {
  if (!client_->session().live()) {
    return {};
  }
  ASSIGN_OR_RETURN(const auto request, notices_->Next());
  if (request && !client_->Ask(*request)) {
    notices_->Lost();
  }
  return {};
}

Result<void> Daemon::OnLegNoticed(const link::LegNoticed& page) {
  for (const link::Proven& proven : page.entries) {
    FollowEntry(proven);
  }
  RETURN_IF_ERROR(notices_->Take(page, clock_->Now()));
  if (!page.entries.empty()) {
    log_.Info("leg_notices", {{"entries", page.entries.size()}});
  }
  TellMissed(page);
  return {};
}

Result<bool> Daemon::TakeLate(const link::Noticed& notice) {
  auto taken = inbox_->TakeNotice(notice, clock_->Now());
  if (taken || taken.error().code == Errc::kFatal || taken.error().code == Errc::kUnavailable) {
    return taken;
  }
  log_.Warn("false_notice", {{"reason", taken.error().context}});
  return false;
}

// Our delivery receipts that were refused for their date or their key: made anew, once a
// connection.
Result<void> Daemon::SignReceiptsAnew(const std::vector<link::Refusal>& refused) {
  if (!identity_) {
    return {};
  }
  ASSIGN_OR_RETURN(auto receipts, inbox_->SignAnew(refused, *identity_, clock_->Now()));
  for (auto& receipt : receipts) {
    client_->Submit(std::move(receipt));
  }
  return {};
}

// Also without news: cosignatures grow old. By the machine's own clock, not by the one that the
// broker may have set right: it would tell what is old.
void Daemon::ReviewWitnesses() {
  const LinkStatus before = board_.status();
  const UnixMillis now = machine_clock_->Now();
  const bool settled = before.state == judged_state_ && cosigned_ == judged_;
  if (!witnesses_ || (settled && std::abs(now - judged_at_) < kJudgeEveryMs)) {
    return;
  }
  judged_ = cosigned_;
  judged_at_ = now;
  const auto verdict = witnesses_->Judge(cosigned_, now);
  const bool holds = config_.requires_witnesses && !verdict.met;
  const std::string state = before.connected() ? (holds ? "UNWITNESSED" : "LIVE") : before.state;
  judged_state_ = state;
  const bool known = before.witnesses.followed && before.witnesses.met == verdict.met;
  if (known && before.state == state && before.witnesses.missing == verdict.missing) {
    return;
  }
  board_.Update([&](LinkStatus& status) {
    status.state = state;
    status.witnesses = {
        true, config_.requires_witnesses, verdict.met, verdict.missing, verdict.problem};
  });
  outbox_dirty_ = true;  // what was held may leave
  if (before.connected() && !verdict.met) {
    log_.Warn("unwitnessed", {{"reason", verdict.problem}, {"held", holds}});
  } else if (before.connected() && before.witnesses.met != verdict.met) {
    log_.Info("witnessed", {{"cosignatures", verdict.good}});
  }
}

Result<void> Daemon::SendOutbox() {
  if (outbox_->in_flight() >= kOutgoingMax || !outbox_dirty_.exchange(false)) {
    return {};
  }
  const size_t room = kOutgoingMax - outbox_->in_flight();
  // A child is never left waiting for a witness.
  const auto least =
      board_.status().state == "UNWITNESSED" ? v1::Urgency::AMAT_SEGERA : v1::Urgency::UNSPECIFIED;
  ASSIGN_OR_RETURN(auto submissions, outbox_->Next(room, *identity_, clock_->Now(), least));
  outbox_dirty_ = outbox_dirty_ || submissions.size() == room;
  for (auto& submission : submissions) {
    client_->Submit(std::move(submission));
  }
  return {};
}

// Receipts for our messages that came while we were away.
Result<void> Daemon::AskStatuses() {
  int64_t after = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto ids, store_->Read([&](Tables& tables) {
      return tables.Undelivered(after, limits::kStatusIdsMax);
    }));
    if (ids.empty()) {
      return {};
    }
    v1::ClientFrame frame;
    for (const auto& [local, id] : ids) {
      frame.mutable_status()->add_message_ids(id.str());
      after = local;
    }
    client_->Ask(frame);
  }
}

}  // namespace rujukan::agency
