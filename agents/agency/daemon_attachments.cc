// The daemon's part in attachments: chunks on the link thread, behind messages; checks beside it.
#include <chrono>

#include "agents/agency/daemon.h"

namespace rujukan::agency {
namespace {

UnixMillis SteadyNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Result<void> Daemon::OpenAttachments() {
  RETURN_IF_ERROR(RemoveScanLeftovers(options_.home.directory()));
  spool_ = std::make_unique<ChunkSpool>(options_.home.attachments_path());
  RETURN_IF_ERROR(spool_->Prepare());
  RETURN_IF_ERROR(SweepSpool());
  transfers_ = std::make_unique<Transfers>(*store_, *spool_, config_.officer, progress_);
  return {};
}

// After the API has started: what it finds may be told at once.
void Daemon::StartChecker() {
  checker_ = std::make_unique<AttachmentChecker>(
      AttachmentChecker::Parts{*store_,
                               *spool_,
                               *clock_,
                               config_.scanner,
                               options_.home.directory(),
                               [this] { board_.Notify(); },
                               [this](const Error& error) {
                                 log_.Warn("attachment_check", {{"reason", error.context}});
                               }});
}

// Files of attachments that were erased; before an erasure is attested.
Result<void> Daemon::SweepSpool() {
  return store_->Read([&](Tables& tables) -> Result<void> {
    ASSIGN_OR_RETURN(const auto live, tables.AttachmentRoots());
    return spool_->Sweep(live);
  });
}

int Daemon::ChunksDueMs(int at_most) const {
  if (!client_->session().live() || !directory_current_) {
    return at_most;
  }
  const UnixMillis due = transfers_->NextDue();
  const int64_t left = due == INT64_MAX ? at_most : due - SteadyNow();
  return static_cast<int>(std::clamp<int64_t>(left, 0, at_most));
}

Result<void> Daemon::SendChunks() {
  if (transfers_dirty_.exchange(false)) {
    RETURN_IF_ERROR(transfers_->Review());
  }
  ASSIGN_OR_RETURN(const auto frames, transfers_->Next(SteadyNow()));
  for (const v1::ClientFrame& frame : frames) {
    client_->Ask(frame);
  }
  return {};
}

Result<void> Daemon::OnChunk(const link::ChunkAnswered& answer) {
  ASSIGN_OR_RETURN(const Transfers::Outcome outcome,
                   transfers_->Take(answer.frame, {config_.address, clock_->Now(), SteadyNow()}));
  outbox_dirty_ = outbox_dirty_ || outcome.queued;
  if (outcome.arrived) {
    checker_->Wake();
  }
  if (outcome.changed) {
    board_.Notify();
  }
  return {};
}

}  // namespace rujukan::agency
