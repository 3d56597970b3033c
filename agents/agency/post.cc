#include "agents/agency/post.h"

#include <curl/curl.h>

#include <algorithm>

#include "base/check.h"
#include "base/limits.h"

namespace rujukan::agency {
namespace {

constexpr int64_t kConnectTimeoutMs = 5'000;

size_t Discard(char*, size_t size, size_t count, void*) {
  return size * count;
}

struct UrlCloser {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// "" when the part is not there.
std::string PartOf(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) {
    return "";
  }
  std::string copy(text);
  curl_free(text);
  return copy;
}

}  // namespace

OutgoingPost::OutgoingPost(std::string url,
                           std::vector<std::string> headers,
                           std::string body,
                           int64_t timeout_ms)
    : body_(std::move(body)), curl_(curl_easy_init()) {
  CHECK(curl_ != nullptr);
  headers.insert(headers.begin(), {"Content-Type: application/json", "Expect:"});
  for (const auto& header : headers) {
    headers_ = curl_slist_append(headers_, header.c_str());
  }
  curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl_, CURLOPT_USERAGENT, "rujukan-agent");
  curl_easy_setopt(
      curl_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(timeout_ms, kConnectTimeoutMs)));
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout_ms));
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &Discard);
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(curl_, CURLOPT_POST, 1L);
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body_.data());
  curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
}

OutgoingPost::~OutgoingPost() {
  curl_easy_cleanup(curl_);
  curl_slist_free_all(headers_);
}

PostOutcome OutgoingPost::Perform() {
  return OutcomeOf(curl_easy_perform(curl_));
}

PostOutcome OutgoingPost::OutcomeOf(int code) const {
  PostOutcome outcome;
  if (code != CURLE_OK) {
    outcome.failure = curl_easy_strerror(static_cast<CURLcode>(code));
    return outcome;
  }
  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl_, CURLINFO_RETRY_AFTER, &retry_after);
  outcome.status = static_cast<int>(status);
  outcome.retry_after_s = retry_after;
  if (status < 200 || status >= 300) {
    outcome.failure = "it answered " + std::to_string(status);
  }
  return outcome;
}

Result<void> CheckPostUrl(const std::string& url) {
  const std::unique_ptr<CURLU, UrlCloser> parts(curl_url());
  CHECK(parts != nullptr);
  const bool printable =
      std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  const bool parsed = printable && url.size() <= limits::kWebhookUrlBytesMax &&
                      curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) == CURLUE_OK;
  const std::string scheme = parsed ? PartOf(parts.get(), CURLUPART_SCHEME) : "";
  if ((scheme != "http" && scheme != "https") || PartOf(parts.get(), CURLUPART_HOST).empty()) {
    return Fail(Errc::kInvalid,
                "alamat http:// atau https:// yang utuh, paling panjang 512 bita / a whole http or "
                "https address of at most 512 bytes");
  }
  if (!PartOf(parts.get(), CURLUPART_USER).empty() ||
      !PartOf(parts.get(), CURLUPART_PASSWORD).empty() ||
      !PartOf(parts.get(), CURLUPART_FRAGMENT).empty()) {
    return Fail(Errc::kInvalid,
                "tanpa nama pengguna, kata sandi atau # / without user, password or fragment: the "
                "signature says who calls");
  }
  return {};
}

}  // namespace rujukan::agency
