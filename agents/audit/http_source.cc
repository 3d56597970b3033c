#include "agents/audit/http_source.h"

#include <algorithm>

#include "agents/audit/http_body.h"
#include "base/limits.h"

namespace rujukan::audit {
namespace {

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
    HttpBody body{"", bytes_max};
    curl_easy_setopt(curl_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_.get(), CURLOPT_WRITEDATA, &body);
    const CURLcode code = curl_easy_perform(curl_.get());
    ASSIGN_OR_RETURN(std::string given, BodyOf(code, url, std::move(body)));
    long status = 0;
    curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
    RETURN_IF_ERROR(CheckStatus(status, url, given));
    return given;
  }

  const std::string& name() const override { return base_url_; }

 private:
  void Configure() {
    CURL* curl = curl_.get();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &CollectBody);
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
