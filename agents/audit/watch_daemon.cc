#include "agents/audit/watch_daemon.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "agents/audit/anchor.h"
#include "agents/link/durable_file.h"

namespace rujukan::audit {
namespace {

constexpr int64_t kMillisPerSecond = 1000;

}  // namespace

Result<std::unique_ptr<WatchDaemon>> WatchDaemon::Open(const WatchConfig& config,
                                                       const Clock& clock) {
  RETURN_IF_ERROR(CheckConfig(config));
  std::unique_ptr<WatchDaemon> daemon(new WatchDaemon(config, clock));
  RETURN_IF_ERROR(daemon->Lock());
  RETURN_IF_ERROR(daemon->OpenParts());
  return daemon;
}

WatchDaemon::~WatchDaemon() {
  Stop();
  if (lock_fd_ >= 0) {
    ::close(lock_fd_);
  }
}

Result<void> WatchDaemon::Lock() {
  ::mkdir(config_.data.c_str(), 0700);  // its parents are the operator's; Open says what is wrong
  const std::string path = config_.data + "/lock";
  lock_fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_fd_ < 0) {
    return Fail(Errc::kUnavailable, path + ": " + std::strerror(errno));
  }
  if (::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
    return Fail(Errc::kConflict,
                "another rujukan-audit serve runs in " + config_.data +
                    "; two witnesses with one key must never run");
  }
  return {};
}

Result<void> WatchDaemon::OpenParts() {
  ASSIGN_OR_RETURN(alerts_, AlertLog::Open(config_.data, config_.alert_command));
  const std::string key =
      config_.key_file.empty() ? config_.data + "/witness.key" : config_.key_file;
  ASSIGN_OR_RETURN(ledger::Cosigner cosigner, Witness::LoadKey(key, config_.name));
  witness_ = std::make_unique<Witness>(std::move(cosigner), config_.data);
  for (const WatchedLedger& ledger : config_.ledgers) {
    ASSIGN_OR_RETURN(const ledger::NoteVerifier key_of_log, ParseVkeyOrFile(ledger.vkey));
    ASSIGN_OR_RETURN(auto log,
                     WatchedLog::Open(ledger,
                                      config_.data + "/" + OriginHash(key_of_log.name),
                                      key_of_log,
                                      alerts_->OpenOf(key_of_log.name)));
    WatchedLog* const watched = log.get();
    RETURN_IF_ERROR(witness_->Know(key_of_log, [watched] { return watched->Show().refusal; }));
    BringCosigned(*watched);
    logs_.push_back(std::move(log));
  }
  witness_->Observe([this](const std::string& origin,
                           const std::string& note,
                           const ledger::Checkpoint& checkpoint,
                           const std::string& contradicts) {
    for (const auto& log : logs_) {
      if (log->log().name == origin) {
        log->Bring({"", note, checkpoint}, contradicts);
      }
    }
  });
  return {};
}

// What the witness has cosigned, of an earlier run too, is compared with what the addresses show.
void WatchDaemon::BringCosigned(WatchedLog& log) const {
  const auto note = witness_->Latest(OriginHash(log.log().name));
  if (!note) {
    return;  // nothing yet
  }
  if (auto checkpoint = ledger::OpenCheckpoint(*note, log.log())) {
    log.Bring({"", *note, std::move(*checkpoint)}, "");
  }
}

// An alert that could not be kept is an error of ours; the copy is as it was, so the next look
// finds it again only after a restart: say so loudly.
Result<void> WatchDaemon::Look(WatchedLog& log, const std::function<bool()>& stop) {
  ASSIGN_OR_RETURN(std::vector<AlertEvent> events, log.Round(clock_.Now(), stop));
  Result<void> kept;
  for (AlertEvent& event : events) {
    const auto told = alerts_->Tell(std::move(event));
    if (!told) {
      kept = Fail(Error{Errc::kFatal, "an alert could not be kept: " + told.error().context, 0});
    }
  }
  return kept;
}

Result<void> WatchDaemon::Once(const std::function<bool()>& stop) {
  for (const auto& log : logs_) {
    RETURN_IF_ERROR(Look(*log, stop));
  }
  return {};
}

void WatchDaemon::Follow(WatchedLog& log) {
  while (!IsStopping()) {
    const auto looked = Look(log, [this] { return IsStopping(); });
    if (!looked) {
      ++rounds_failed_;
      LogLine("error", "round", log.log().name + ": " + looked.error().ToString());
    }
    if (!looked && looked.error().code == Errc::kFatal) {
      failed_ = true;
      return;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(
        lock, std::chrono::milliseconds(config_.every_ms), [this] { return IsStopping(); });
  }
}

Result<void> WatchDaemon::Start() {
  if (!config_.listen.empty()) {
    ASSIGN_OR_RETURN(server_, WatchServer::Start(config_.listen, Handlers()));
  }
  for (const auto& log : logs_) {
    threads_.emplace_back([this, watched = log.get()] { Follow(*watched); });
  }
  return {};
}

void WatchDaemon::Stop() {
  server_.reset();  // first: nobody is answered by what is being taken down
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  threads_.clear();  // joins
}

WatchHandlers WatchDaemon::Handlers() {
  WatchHandlers handlers;
  handlers.add_checkpoint = [this](std::string_view body) {
    const ledger::WitnessAnswer answer =
        witness_->AddCheckpoint(body, clock_.Now() / kMillisPerSecond);
    return WatchReply{answer.status, answer.content_type, answer.body};
  };
  handlers.latest = [this](const std::string& hash) { return witness_->Latest(hash); };
  handlers.vkey = [this] { return witness_->verifier().ToVkey(); };
  handlers.status_json = [this] { return StatusAsJson(Status()); };
  handlers.metrics = [this] { return StatusAsMetrics(Status()); };
  handlers.ready = [this] {
    return std::all_of(
        logs_.begin(), logs_.end(), [](const auto& log) { return log->Show().polled_at_ms > 0; });
  };
  handlers.hosts = config_.hosts;
  return handlers;
}

WatchStatus WatchDaemon::Status() const {
  WatchStatus status;
  status.name = witness_->verifier().name;
  status.vkey = witness_->verifier().ToVkey();
  for (const auto& log : logs_) {
    status.ledgers.push_back(log->Show());
  }
  status.alerts_raised = alerts_->raised();
  status.witness_answers = witness_->counts().answers;
  status.commands_failed = alerts_->commands_failed();
  status.rounds_failed = rounds_failed_;
  status.now_ms = clock_.Now();
  return status;
}

}  // namespace rujukan::audit
