// The watch as a program: one thread a ledger, the witness and its server, the alerts. Its folder:
//   DATA/lock                        held while it runs: two witnesses with one state would cosign
//                                    two histories
//   DATA/witness.key                 0600, made on the first run
//   DATA/<sha256 of origin>/...      watched_log.h, and `cosigned` of witness.h
//   DATA/alerts.jsonl, evidence/     alert_log.h
// Thread: one owner; Status is for any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "agents/audit/alert_log.h"
#include "agents/audit/watch_config.h"
#include "agents/audit/watch_server.h"
#include "agents/audit/watch_status.h"
#include "agents/audit/witness.h"
#include "base/clock.h"

namespace rujukan::audit {

class WatchDaemon {
 public:
  // kConflict: another watch runs in this folder. kDenied: the key file is open to others.
  // kInvalid, kLimit: the configuration. kCorrupt: what was cosigned before cannot be read.
  static Result<std::unique_ptr<WatchDaemon>> Open(const WatchConfig& config, const Clock& clock);
  ~WatchDaemon();  // stops; rounds under way end at the next bundle
  WatchDaemon(const WatchDaemon&) = delete;
  WatchDaemon& operator=(const WatchDaemon&) = delete;

  // One look at every ledger, on this thread.
  Result<void> Once(const std::function<bool()>& stop);

  // Server and threads until Stop. kUnavailable: the address is taken.
  Result<void> Start();
  void Stop();
  // True after a thread gave up: durable state unknown, start again.
  bool failed() const { return failed_; }

  WatchStatus Status() const;
  std::string url() const { return server_ ? server_->url() : ""; }
  const ledger::NoteVerifier& witness_key() const { return witness_->verifier(); }

 private:
  WatchDaemon(WatchConfig config, const Clock& clock) : config_(std::move(config)), clock_(clock) {}
  Result<void> Lock();
  Result<void> OpenParts();
  WatchHandlers Handlers();
  void BringCosigned(WatchedLog& log) const;
  Result<void> Look(WatchedLog& log, const std::function<bool()>& stop);
  void Follow(WatchedLog& log);
  bool IsStopping() const { return stopping_; }

  const WatchConfig config_;
  const Clock& clock_;
  int lock_fd_ = -1;
  std::unique_ptr<AlertLog> alerts_;
  std::unique_ptr<Witness> witness_;
  std::vector<std::unique_ptr<WatchedLog>> logs_;
  std::unique_ptr<WatchServer> server_;
  std::vector<std::jthread> threads_;

  std::atomic<bool> stopping_ = false;
  std::atomic<bool> failed_ = false;
  std::atomic<uint64_t> rounds_failed_ = 0;
  std::mutex mutex_;  // for the wait between two looks only
  std::condition_variable changed_;
};

}  // namespace rujukan::audit
