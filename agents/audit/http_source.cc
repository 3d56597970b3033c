#include "agents/audit/http_source.h"

#include <curl/curl.h>

#include <algorithm>

#include "base/limits.h"

namespace rujukan::audit {
namespace {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What the write callback fills. Counts bytes after decompression, so a small body that unpacks to
// gigabytes is cut at the same limit.
struct Body {
  std::string bytes;
  size_t bytes_max = 0;
  bool too_large = false;
};

size_t Collect(char* data, size_t size, size_t count, void* user) {
  auto* body = static_cast<Body*>(user);
  const size_t added = size * count;
  if (body->bytes.size() + added > body->bytes_max) {
    body->too_large = true;
    return 0;  // libcurl stops the transfer
  }
  body->bytes.append(data, added);
  return added;
}

// What the other side says about it, one line of it.
std::string FirstLine(const std::string& body) {
  constexpr size_t kShown = 300;
  const std::string line = body.substr(0, std::min(body.find_first_of("\r\n"), kShown));
  return line.empty() ? line : "; it says: " + line;
}

Result<void> CheckStatus(long status, const std::string& url, const std::string& body) {
  if (status == 200) {
    return {};
  }
  const std::string answer = url + ": HTTP " + std::to_string(status);
  if (status == 404 || status == 410) {
    return Fail(Errc::kNotFound, answer + FirstLine(body));
  }
  if (status == 401 || status == 403) {
    return Fail(Errc::kDenied,
                answer + FirstLine(body) +
                    "; read as an auditor: --home DIR --purpose WHY, or --token-file");
  }
  return Fail(Errc::kUnavailable, answer);
}

class HttpSource : public Source {
 public:
  HttpSource(CURL* curl, std::string base_url, const std::string& token)
      : curl_(curl), base_url_(std::move(base_url)) {
    while (base_url_.ends_with('/')) {
      base_url_.pop_back();
    }
    if (!token.empty()) {
      headers_.reset(curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str()));
    }
    Configure();
  }

  Result<std::string> Read(const std::string& path, size_t bytes_max) override {
    const std::string url = base_url_ + "/" + path;
    Body body;
    body.bytes_max = bytes_max;
    curl_easy_setopt(curl_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &body);
    const CURLcode code = curl_easy_perform(curl_.get());
    if (body.too_large) {
      return Fail(Errc::kLimit, url + " is over " + std::to_string(bytes_max) + " bytes");
    }
    if (code != CURLE_OK) {
      return Fail(Errc::kUnavailable, url + ": " + curl_easy_strerror(code));
    }
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    RETURN_IF_ERROR(CheckStatus(status, url, body.bytes));
    return std::move(body.bytes);
  }

  const std::string& name() const override { return base_url_; }

 private:
  void Configure() {
    CURL* curl = curl_.get();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Collect);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);  // the token stays with this address
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, limits::kDownloadTimeoutS);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  }

  const std::unique_ptr<CURL, FreeCurl> curl_;
  std::string base_url_;
  std::unique_ptr<curl_slist, FreeCurl> headers_;
};

}  // namespace

Result<std::unique_ptr<Source>> OpenHttpSource(std::string base_url, const std::string& token) {
  CURL* curl = curl_easy_init();
  if (curl == nullptr) {
    return Fail(Errc::kUnavailable, "libcurl does not start");
  }
  return std::unique_ptr<Source>(std::make_unique<HttpSource>(curl, std::move(base_url), token));
}

}  // namespace rujukan::audit
