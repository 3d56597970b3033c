#include "agents/agency/apiclient.h"

#include <curl/curl.h>

#include <memory>

namespace rujukan::agency {
namespace {

constexpr size_t kReplyBytesMax = 64 * 1024 * 1024;

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t Append(char* data, size_t size, size_t count, void* out) {
  auto& text = *static_cast<std::string*>(out);
  if (text.size() + size * count > kReplyBytesMax) {
    return 0;
  }
  text.append(data, size * count);
  return size * count;
}

}  // namespace

Result<ApiReply> CallApi(const std::string& socket_path, const ApiCall& call) {
  const std::unique_ptr<CURL, CurlCloser> curl(curl_easy_init());
  if (!curl) {
    return Fail(Errc::kUnavailable, "cannot start libcurl");
  }
  const std::unique_ptr<curl_slist, ListCloser> headers(
      curl_slist_append(nullptr, "Content-Type: application/json"));
  const std::string url = "http://localhost" + call.path;
  ApiReply reply;
  curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, call.timeout_s);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &reply.body);
  if (call.method == "DELETE") {
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, call.method.c_str());
  }
  if (call.method == "POST" || call.method == "PUT" || call.method == "PATCH") {
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, call.method.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, call.body.data());
    curl_easy_setopt(
        curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) {
    return Fail(Errc::kUnavailable,
                "tidak ada rujukan-agent yang menjawab di " + socket_path +
                    "; jalankan `rujukan-agent run --home DIR` / no agent answers there (" +
                    curl_easy_strerror(code) + ")");
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  return reply;
}

}  // namespace rujukan::agency
