#include "agents/admin/webhook.h"

#include <curl/curl.h>

#include <memory>

namespace rujukan::admin {
namespace {

constexpr long kTimeoutS = 15;
constexpr long kStatusOk = 200;
constexpr long kStatusRedirect = 300;

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// The answer's body is of no interest.
size_t Drop(char* /*data*/, size_t size, size_t count, void* /*out*/) {
  return size * count;
}

// An address may carry a token in its path or query: error texts do not repeat it.
tl::unexpected<Error> NotTold(const std::string& why) {
  return Fail(Errc::kUnavailable, "the webhook was not told: " + why);
}

}  // namespace

Result<void> PostJson(const std::string& url, const std::string& body) {
  if (url.rfind("http://", 0) != 0 && url.rfind("https://", 0) != 0) {
    return Fail(Errc::kInvalid, "--webhook is an address like https://host/path");
  }
  const std::unique_ptr<CURL, CurlCloser> curl(curl_easy_init());
  const std::unique_ptr<curl_slist, ListCloser> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  if (!curl || !headers) {
    return NotTold("libcurl does not start");
  }
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, kTimeoutS);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Drop);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) {
    return NotTold(curl_easy_strerror(code));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  return status >= kStatusOk && status < kStatusRedirect
             ? Result<void>()
             : NotTold("it answered " + std::to_string(status));
}

}  // namespace rujukan::admin
