#include "agents/agency/apiclient.h"

#include <curl/curl.h>

#include <istream>
#include <memory>
#include <ostream>

namespace rujukan::agency {
namespace {

constexpr size_t kReplyBytesMax = 64 * 1024 * 1024;

struct CurlCloser {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Answering {
  CURL* curl;
  std::string& body;
  std::ostream* download;
};

size_t Append(char* data, size_t size, size_t count, void* self) {
  const auto& answering = *static_cast<Answering*>(self);
  const size_t bytes = size * count;
  long status = 0;
  curl_easy_getinfo(answering.curl, CURLINFO_RESPONSE_CODE, &status);
  if (answering.download != nullptr && status < 400) {
    answering.download->write(data, static_cast<std::streamsize>(bytes));
    return answering.download->good() ? bytes : 0;
  }
  if (answering.body.size() + bytes > kReplyBytesMax) {
    return 0;
  }
  answering.body.append(data, bytes);
  return bytes;
}

size_t ReadUpload(char* data, size_t size, size_t count, void* self) {
  auto& upload = *static_cast<std::istream*>(self);
  upload.read(data, static_cast<std::streamsize>(size * count));
  return static_cast<size_t>(upload.gcount());
}

void SetBody(CURL* curl, const ApiCall& call) {
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
  const size_t bytes = call.upload == nullptr ? call.body.size() : call.upload_bytes;
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bytes));
  if (call.upload == nullptr) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body.data());
  } else {
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, &ReadUpload);
    curl_easy_setopt(curl, CURLOPT_READDATA, call.upload);
  }
}

}  // namespace

Result<ApiReply> CallApi(const std::string& socket_path, const ApiCall& call) {
  const std::unique_ptr<CURL, CurlCloser> curl(curl_easy_init());
  if (!curl) {
    return Fail(Errc::kUnavailable, "cannot start libcurl");
  }
  const std::unique_ptr<curl_slist, ListCloser> headers(
      curl_slist_append(nullptr, ("Content-Type: " + call.content_type).c_str()));
  const std::string url = "http://localhost" + call.path;
  ApiReply reply;
  Answering answering{curl.get(), reply.body, call.download};
  curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, socket_path.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, call.timeout_s);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answering);
  if (call.method == "DELETE") {
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, call.method.c_str());
  }
  if (call.method == "POST" || call.method == "PUT" || call.method == "PATCH") {
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    SetBody(curl.get(), call);
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
