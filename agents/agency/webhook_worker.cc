#include "agents/agency/webhook_worker.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "certs/random.h"

namespace rujukan::agency {
namespace {

constexpr size_t kEventsPerLook = 256;
constexpr int64_t kIdleMsMax = 30'000;
constexpr int kBusyPollMs = 50;  // also how late another webhook's news may be noticed
constexpr int64_t kPruneEveryMs = 3600 * 1000;

uint32_t RandomNumber() {
  return static_cast<uint32_t>(ReadBigEndian64(certs::RandomBytes(8)));
}

}  // namespace

WebhookWorker::WebhookWorker(Store& store,
                             Board& board,
                             const Clock& clock,
                             WebhookWorkerOptions options)
    : store_(store),
      board_(board),
      clock_(clock),
      options_(std::move(options)),
      multi_(curl_multi_init()),
      thread_([this] { Run(); }) {
  CHECK(multi_ != nullptr);
}

WebhookWorker::~WebhookWorker() {
  board_.Stop();
  thread_.join();
  for (const auto& [id, task] : under_way_) {
    curl_multi_remove_handle(multi_, task.post->handle());
  }
  under_way_.clear();
  curl_multi_cleanup(multi_);
}

void WebhookWorker::Run() {
  bool failing = false;
  while (!board_.stopped()) {
    const uint64_t seen = board_.version();
    const auto turned = Turn();
    if (!turned && !std::exchange(failing, true)) {
      options_.report("webhooks_wait", turned.error().context);
    }
    failing = failing && !turned;
    if (!turned) {
      board_.WaitPast(board_.version(), kIdleMsMax);  // a full disk: nothing is lost meanwhile
    } else if (under_way_.empty()) {
      const int64_t left = due_at_ == 0 ? kIdleMsMax : due_at_ - clock_.Now();
      board_.WaitPast(seen, std::clamp<int64_t>(left, 0, kIdleMsMax));
    } else {
      curl_multi_poll(multi_, nullptr, 0, kBusyPollMs, nullptr);
    }
  }
}

Result<void> WebhookWorker::Turn() {
  const UnixMillis now = clock_.Now();
  RETURN_IF_ERROR(Prune(now));
  RETURN_IF_ERROR(StartDue(now));
  int running = 0;
  curl_multi_perform(multi_, &running);
  return FinishDone();
}

Result<void> WebhookWorker::Prune(UnixMillis now) {
  if (pruned_at_ != 0 && now - pruned_at_ < kPruneEveryMs) {
    return {};
  }
  pruned_at_ = now;
  return store_.Write([now](Tables& tables) -> Result<void> {
    RETURN_IF_ERROR(tables.PruneEvents(now));
    return tables.PruneReplies(now);
  });
}

Result<void> WebhookWorker::StartDue(UnixMillis now) {
  due_at_ = 0;
  ASSIGN_OR_RETURN(const auto hooks,
                   store_.Read([](Tables& tables) { return tables.ListWebhooks(); }));
  for (const auto& hook : hooks) {
    if (!hook.active || under_way_.count(hook.id) != 0) {
      continue;
    }
    if (hook.next_at > now) {
      due_at_ = due_at_ == 0 ? hook.next_at : std::min(due_at_, hook.next_at);
      continue;
    }
    ASSIGN_OR_RETURN(auto task, NextTask(hook));
    if (task) {
      RETURN_IF_ERROR(Begin(std::move(*task), now));
    }
  }
  return {};
}

// A replay whose event was pruned meanwhile comes to nothing.
Result<std::optional<Event>> WebhookWorker::NextReplay(const std::string& hook) {
  while (true) {
    std::vector<Event> events;
    ASSIGN_OR_RETURN(const auto cursor,
                     store_.Read([&](Tables& tables) -> Result<std::optional<int64_t>> {
                       ASSIGN_OR_RETURN(const auto next, tables.NextReplay(hook));
                       if (next) {
                         ASSIGN_OR_RETURN(events, tables.ListEvents(*next - 1, 1));
                       }
                       return next;
                     }));
    if (!cursor) {
      return std::optional<Event>();
    }
    if (!events.empty() && events[0].cursor == *cursor) {
      return std::optional(std::move(events[0]));
    }
    RETURN_IF_ERROR(
        store_.Write([&](Tables& tables) { return tables.DropDeadLetter(hook, *cursor); }));
  }
}

Result<std::optional<WebhookWorker::Task>> WebhookWorker::NextTask(const WebhookRow& hook) {
  ASSIGN_OR_RETURN(const auto filter, EventFilter::Parse(hook.events));
  ASSIGN_OR_RETURN(auto replay, NextReplay(hook.id));
  if (replay) {
    return std::optional(Task{hook, std::move(*replay), /*replay=*/true, nullptr});
  }
  int64_t cursor = hook.cursor;
  while (true) {
    ASSIGN_OR_RETURN(auto events, store_.Read([&](Tables& tables) {
      return tables.ListEvents(cursor, kEventsPerLook);
    }));
    for (auto& event : events) {
      if (filter.Wants(event.type)) {
        return std::optional(Task{hook, std::move(event), /*replay=*/false, nullptr});
      }
      cursor = event.cursor;
    }
    if (events.empty()) {
      break;
    }
  }
  if (cursor != hook.cursor) {  // nothing of these is wanted: they are not looked at again
    RETURN_IF_ERROR(store_.Write(
        [&](Tables& tables) { return tables.MoveWebhook(hook.id, hook.cursor, cursor); }));
  }
  return std::optional<Task>();
}

Result<void> WebhookWorker::Begin(Task task, UnixMillis now) {
  std::string body = WebhookBody(task.event, options_.agency);
  ASSIGN_OR_RETURN(auto headers,
                   WebhookHeaders(task.hook.secret, FormatUuid(task.event.id), now, body));
  const int64_t timeout =
      options_.timeout_ms == 0 ? limits::kWebhookTimeoutMs : options_.timeout_ms;
  task.post =
      std::make_unique<OutgoingPost>(task.hook.url, std::move(headers), std::move(body), timeout);
  curl_multi_add_handle(multi_, task.post->handle());
  under_way_.emplace(task.hook.id, std::move(task));
  return {};
}

Result<void> WebhookWorker::FinishDone() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) {
      continue;
    }
    const auto found = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& one) {
      return one.second.post->handle() == message->easy_handle;
    });
    CHECK(found != under_way_.end());
    const PostOutcome outcome = found->second.post->OutcomeOf(message->data.result);
    curl_multi_remove_handle(multi_, message->easy_handle);
    const Task task = std::move(found->second);
    under_way_.erase(found);
    RETURN_IF_ERROR(Settle(task, outcome));
  }
  return {};
}

Result<void> WebhookWorker::Settle(const Task& task, const PostOutcome& outcome) {
  WebhookRow after = task.hook;
  const Verdict verdict = JudgeTry(after, outcome, clock_.Now(), RandomNumber());
  RETURN_IF_ERROR(store_.Write([&](Tables& tables) { return Keep(tables, task, after, verdict); }));
  if (!after.active) {
    options_.report("webhook_disabled", outcome.failure);
  }
  board_.Notify();
  return {};
}

Result<void> WebhookWorker::Keep(Tables& tables,
                                 const Task& task,
                                 const WebhookRow& after,
                                 Verdict verdict) {
  const std::string& id = task.hook.id;
  ASSIGN_OR_RETURN(const auto now, tables.FindWebhook(id));
  if (!now) {
    return {};  // removed meanwhile
  }
  RETURN_IF_ERROR(tables.SetDeliveryState(after));
  if (!after.active) {
    Event event{EventType::kWebhookDisabled, clock_.Now()};
    ASSIGN_OR_RETURN(event.subject, ParseUuid(id));
    RETURN_IF_ERROR(tables.PutEvent(event));
  }
  if (verdict == Verdict::kTryAgain) {
    return {};
  }
  if (verdict == Verdict::kDead) {
    RETURN_IF_ERROR(tables.DropReplay(id, task.event.cursor));
    RETURN_IF_ERROR(tables.PutDeadLetter({id,
                                          task.event.cursor,
                                          task.event.id,
                                          static_cast<int64_t>(task.event.type),
                                          limits::kWebhookAttemptsMax,
                                          after.last_error,
                                          clock_.Now()}));
  } else {
    RETURN_IF_ERROR(tables.DropDeadLetter(id, task.event.cursor));
  }
  return task.replay ? Result<void>() : tables.MoveWebhook(id, task.hook.cursor, task.event.cursor);
}

}  // namespace rujukan::agency
