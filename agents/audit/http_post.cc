#include "agents/audit/http_post.h"

#include <curl/curl.h>

#include <memory>

#include "base/limits.h"

namespace rujukan::audit {
namespace {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Body {
  std::string bytes;
  size_t bytes_max = 0;
  bool too_large = false;
};

size_t Collect(char* data, size_t size, size_t count, void* user) {
  auto* body = static_cast<Body*>(user);
  body->too_large = body->bytes.size() + size * count > body->bytes_max;
  if (body->too_large) {
    return 0;  // libcurl stops the transfer
  }
  body->bytes.append(data, size * count);
  return size * count;
}

}  // namespace

Result<std::string> Post(const std::string& url,
                         const std::string& content_type,
                         const std::string& body,
                         size_t bytes_max) {
  const std::unique_ptr<CURL, FreeCurl> curl(curl_easy_init());
  if (!curl) {
    return Fail(Errc::kUnavailable, "libcurl does not start");
  }
  const std::unique_ptr<curl_slist, FreeCurl> headers(
      curl_slist_append(nullptr, ("Content-Type: " + content_type).c_str()));
  Body answer{"", bytes_max};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(limits::kOutboundTimeoutMs));
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Collect);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(curl.get());
  if (answer.too_large) {
    return Fail(Errc::kLimit, url + " answers over " + std::to_string(bytes_max) + " bytes");
  }
  if (code != CURLE_OK) {
    return Fail(Errc::kUnavailable, url + ": " + curl_easy_strerror(code));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return Fail(Errc::kUnavailable, url + ": HTTP " + std::to_string(status));
  }
  return std::move(answer.bytes);
}

}  // namespace rujukan::audit
