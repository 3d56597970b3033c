#include "agents/agency/webhook.h"

#include <curl/curl.h>

#include <chrono>
#include <memory>

namespace rujukan::agency {
namespace {

constexpr long kConnectTimeoutS = 5;

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t Discard(char*, size_t size, size_t count, void*) {
  return size * count;
}

// "" when it was taken (2xx). No redirects: the address in the configuration is the one that
// counts.
std::string PostOnce(const WebhookOptions& options, const std::string& body) {
  const std::unique_ptr<CURL, CurlCloser> curl(curl_easy_init());
  if (!curl) {
    return "cannot start libcurl";
  }
  const std::unique_ptr<curl_slist, ListCloser> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  curl_easy_setopt(curl.get(), CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, kConnectTimeoutS);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, options.timeout_s);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Discard);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK) {
    return curl_easy_strerror(code);
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300 ? "" : "it answered " + std::to_string(status);
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
