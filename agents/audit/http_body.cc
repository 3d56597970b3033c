#include "agents/audit/http_body.h"

namespace rujukan::audit {

size_t CollectBody(char* data, size_t size, size_t count, void* user) {
  auto* body = static_cast<HttpBody*>(user);
  const size_t added = size * count;
  if (body->bytes.size() + added > body->bytes_max) {
    body->too_large = true;
    return 0;  // libcurl stops the transfer
  }
  body->bytes.append(data, added);
  return added;
}

Result<std::string> BodyOf(CURLcode code, const std::string& url, HttpBody body) {
  if (body.too_large) {
    return Fail(Errc::kLimit, url + " is over " + std::to_string(body.bytes_max) + " bytes");
  }
  if (code != CURLE_OK) {
    return Fail(Errc::kUnavailable, url + ": " + curl_easy_strerror(code));
  }
  return std::move(body.bytes);
}

}  // namespace rujukan::audit
