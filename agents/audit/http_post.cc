#include "agents/audit/http_post.h"

#include <memory>

#include "agents/audit/http_body.h"
#include "base/limits.h"

namespace rujukan::audit {
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
  HttpBody answer{"", bytes_max};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(limits::kOutboundTimeoutMs));
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &CollectBody);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer);
  const CURLcode code = curl_easy_perform(curl.get());
  ASSIGN_OR_RETURN(std::string given, BodyOf(code, url, std::move(answer)));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return Fail(Errc::kUnavailable, url + ": HTTP " + std::to_string(status));
  }
  return given;
}

}  // namespace rujukan::audit
