// Tells the agency's own systems what happened: every event that a webhook wants, at least once and
// in order, each webhook for itself. What was not taken after kWebhookAttemptsMax tries becomes a
// dead letter, to be replayed, and the next event has its turn.
//
//   events (tables) --cursor of the webhook--> one POST under way a webhook --taken--> cursor moves
//                                                 | not taken: back-off, then dead letter
//   replays -------------------------------------/ go first
//
// Durable: cursors, attempts and dead letters are in the database before the next try, so being
// killed repeats at most the one that was under way. Thread: one of its own, woken by the Board; it
// also prunes events and kept replies that are too old.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "agents/agency/board.h"
#include "agents/agency/store.h"
#include "agents/agency/webhook_delivery.h"
#include "base/clock.h"

namespace rujukan::agency {

struct WebhookWorkerOptions {
  std::string agency;
  int64_t timeout_ms = 0;  // 0: limits::kWebhookTimeoutMs
  // Told when the database fails (delivery goes on when it works again) and when a webhook is
  // turned off.
  std::function<void(const std::string& what, const std::string& reason)> report =
      [](const std::string&, const std::string&) {};
};

class WebhookWorker {
 public:
  WebhookWorker(Store& store, Board& board, const Clock& clock, WebhookWorkerOptions options);
  // Ends when the board is stopped; a request under way is cut and made again after the next start.
  ~WebhookWorker();
  WebhookWorker(const WebhookWorker&) = delete;
  WebhookWorker& operator=(const WebhookWorker&) = delete;

 private:
  struct Task {
    WebhookRow hook;  // as it was when the try began
    Event event;
    bool replay = false;
    std::unique_ptr<OutgoingPost> post;
  };
  void Run();
  Result<void> Turn();
  Result<void> Prune(UnixMillis now);
  Result<void> StartDue(UnixMillis now);
  Result<std::optional<Task>> NextTask(const WebhookRow& hook);
  Result<std::optional<Event>> NextReplay(const std::string& hook);
  Result<void> Begin(Task task, UnixMillis now);
  Result<void> FinishDone();
  Result<void> Settle(const Task& task, const PostOutcome& outcome);
  Result<void> Keep(Tables& tables, const Task& task, const WebhookRow& after, Verdict verdict);

  Store& store_;
  Board& board_;
  const Clock& clock_;
  const WebhookWorkerOptions options_;
  void* const multi_;                      // libcurl's
  std::map<std::string, Task> under_way_;  // by webhook
  UnixMillis due_at_ = 0;                  // the earliest of what waits
  UnixMillis pruned_at_ = 0;
  std::thread thread_;
};

}  // namespace rujukan::agency
