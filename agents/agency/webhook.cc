#include "agents/agency/webhook.h"

#include <chrono>

#include "agents/agency/post.h"

namespace rujukan::agency {
namespace {

std::string PostOnce(const WebhookOptions& options, const std::string& body) {
  return OutgoingPost(options.url, {}, body, options.timeout_s * 1000).Perform().failure;
}

}  // namespace

Webhook::Webhook(WebhookOptions options, Report report)
    : options_(std::move(options)), report_(std::move(report)), thread_([this] { Run(); }) {}

Webhook::~Webhook() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Webhook::Post(const Json& event) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.size() >= kWebhookQueueMax) {
      return;
    }
    waiting_.push_back(event.dump());
  }
  changed_.notify_all();
}

void Webhook::Run() {
  while (true) {
    std::string body;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) {
        return;
      }
      body = std::move(waiting_.front());
      waiting_.pop_front();
    }
    report_(Deliver(body));
  }
}

std::string Webhook::Deliver(const std::string& body) {
  std::string failure;
  for (int attempt = 1; attempt <= kWebhookTries; ++attempt) {
    failure = PostOnce(options_, body);
    const bool last = attempt == kWebhookTries;
    if (failure.empty() || last || !WaitToRetry(options_.retry_ms * attempt)) {
      break;
    }
  }
  return failure;
}

bool Webhook::WaitToRetry(int64_t ms) {
  std::unique_lock<std::mutex> lock(mutex_);
  return !changed_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return stopping_; });
}

}  // namespace rujukan::agency
