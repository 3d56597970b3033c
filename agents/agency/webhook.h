// Tells the agency's own systems what needs somebody's attention: one POST of JSON to the address
// in config.json, about certificates that end. No content, no key, no name of a person is ever in
// it.
//
// Thread: a thread of its own does the sending, so that a slow or dead receiver holds nothing up;
// Post from any. Not durable: what could not be delivered in kWebhookTries is dropped, and the
// outcome told to `report`. The log and the metrics have the same.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "agents/agency/json.h"

namespace rujukan::agency {

inline constexpr int kWebhookTries = 3;
inline constexpr size_t kWebhookQueueMax = 32;  // more wait only when nobody listens

struct WebhookOptions {
  std::string url;
  long timeout_s = 10;
  int64_t retry_ms = 5'000;  // before the second try; twice that before the third
};

class Webhook {
 public:
  // `report` is called on the webhook's thread: "" on success, else why it was given up.
  using Report = std::function<void(const std::string& failure)>;
  Webhook(WebhookOptions options, Report report);
  ~Webhook();  // ends a wait between tries; a request under way has its time-out
  Webhook(const Webhook&) = delete;
  Webhook& operator=(const Webhook&) = delete;

  // Dropped when kWebhookQueueMax wait already.
  void Post(const Json& event);

 private:
  void Run();
  std::string Deliver(const std::string& body);
  bool WaitToRetry(int64_t ms);

  const WebhookOptions options_;
  const Report report_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> waiting_;  // guarded by mutex_
  bool stopping_ = false;            // guarded by mutex_
  std::thread thread_;
};

}  // namespace rujukan::agency
