#include "broker/outward/http_client.h"

#include <curl/curl.h>

#include "base/check.h"
#include "base/limits.h"

namespace rujukan::broker {
namespace {

constexpr int kLookEveryMs = 100;  // whether we shall stop
constexpr std::string_view kUnixScheme = "unix:";

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeMulti {  // CURL and CURLM are the same type to C++
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// One call under way. The handle points into it, so it stays where it is.
class Transfer {
 public:
  explicit Transfer(const HttpCall& call) : call_(call), curl_(curl_easy_init()) {
    CHECK(curl_ != nullptr);
    headers_.reset(curl_slist_append(nullptr, ("Content-Type: " + call.content_type).c_str()));
    // Without a wait for "100 Continue", which small servers do not send.
    CHECK(curl_slist_append(headers_.get(), "Expect:") != nullptr);
    SetPlace();
    SetBounds();
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return curl_.get(); }
  void Finish(CURLcode code) { code_ = code; }

  Result<PostAnswer> Take() {
    const std::string where = call_.base + call_.path;
    if (too_large_) {
      return Fail(Errc::kLimit,
                  where + " answers over " + std::to_string(call_.answer_bytes_max) + " bytes");
    }
    if (code_ != CURLE_OK) {
      return Fail(Errc::kUnavailable, where + ": " + curl_easy_strerror(code_));
    }
    const char* type = nullptr;
    curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &answer_.status);
    curl_easy_getinfo(handle(), CURLINFO_CONTENT_TYPE, &type);
    answer_.content_type = type == nullptr ? "" : type;
    return std::move(answer_);
  }

 private:
  void SetPlace() {
    std::string url = call_.base + call_.path;
    if (call_.base.starts_with(kUnixScheme)) {
      const std::string socket = call_.base.substr(kUnixScheme.size());
      curl_easy_setopt(handle(), CURLOPT_UNIX_SOCKET_PATH, socket.c_str());
      url = "http://localhost" + (call_.path.empty() ? "/" : call_.path);
    }
    curl_easy_setopt(handle(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle(), CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle(), CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(handle(), CURLOPT_USERAGENT, "rujukan-broker");
    curl_easy_setopt(handle(), CURLOPT_POST, 1L);
    curl_easy_setopt(handle(), CURLOPT_POSTFIELDS, call_.body.data());
    curl_easy_setopt(
        handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call_.body.size()));
  }

  void SetBounds() {
    constexpr auto kTimeoutMs = static_cast<long>(limits::kOutboundTimeoutMs);
    curl_easy_setopt(handle(), CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(handle(), CURLOPT_CONNECTTIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(handle(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle(), CURLOPT_WRITEFUNCTION, &Transfer::Collect);
    curl_easy_setopt(handle(), CURLOPT_WRITEDATA, this);
    curl_easy_setopt(handle(), CURLOPT_PRIVATE, this);
  }

  static size_t Collect(char* data, size_t size, size_t count, void* user) {
    auto* self = static_cast<Transfer*>(user);
    const size_t added = size * count;
    if (self->answer_.body.size() + added > self->call_.answer_bytes_max) {
      self->too_large_ = true;
      return 0;  // libcurl ends the transfer
    }
    self->answer_.body.append(data, added);
    return added;
  }

  const HttpCall& call_;
  const std::unique_ptr<CURL, FreeCurl> curl_;
  std::unique_ptr<curl_slist, FreeCurl> headers_;
  CURLcode code_ = CURLE_OPERATION_TIMEDOUT;  // until it is over
  bool too_large_ = false;
  PostAnswer answer_;
};

class CurlClient : public HttpPort {
 public:
  CurlClient() : multi_(curl_multi_init()) { CHECK(multi_ != nullptr); }

  std::vector<Result<PostAnswer>> Post(const std::vector<HttpCall>& calls,
                                       const std::atomic<bool>& stopping) override {
    std::vector<std::unique_ptr<Transfer>> transfers;
    for (const HttpCall& call : calls) {
      transfers.push_back(std::make_unique<Transfer>(call));
      CHECK(curl_multi_add_handle(multi_.get(), transfers.back()->handle()) == CURLM_OK);
    }
    Drive(stopping);
    std::vector<Result<PostAnswer>> answers;
    for (const auto& transfer : transfers) {
      curl_multi_remove_handle(multi_.get(), transfer->handle());
      answers.push_back(transfer->Take());
    }
    return answers;
  }

 private:
  // Every transfer has a time-out of its own, so this ends.
  void Drive(const std::atomic<bool>& stopping) {
    int running = 0;
    do {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
        return;
      }
      TakeFinished();
      if (running > 0) {
        curl_multi_poll(multi_.get(), nullptr, 0, kLookEveryMs, nullptr);
      }
    } while (running > 0 && !stopping);
  }

  void TakeFinished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg == CURLMSG_DONE) {
        Transfer* transfer = nullptr;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        transfer->Finish(message->data.result);
      }
    }
  }

  const std::unique_ptr<CURLM, FreeMulti> multi_;
};

}  // namespace

Result<void> CheckHttpBase(const std::string& base) {
  const bool unix_socket = base.starts_with("unix:/");
  const bool url = (base.starts_with("http://") && base.size() > 7) ||
                   (base.starts_with("https://") && base.size() > 8);
  if (!unix_socket && !url) {
    return Fail(Errc::kInvalid,
                "\"" + base + "\" is not an address: http://..., https://... or unix:/path");
  }
  return {};
}

std::unique_ptr<HttpPort> MakeHttpClient() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  CHECK(kStarted == CURLE_OK);
  return std::make_unique<CurlClient>();
}

}  // namespace rujukan::broker
