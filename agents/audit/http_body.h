// What libcurl's transfers of this room share: an answer that is never larger than was asked for,
// and handles that free themselves. Thread: one owner.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <string>

#include "base/result.h"

namespace rujukan::audit {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What the write callback fills. Counts bytes after decompression, so a small body that unpacks to
// gigabytes is cut at the same limit.
struct HttpBody {
  std::string bytes;
  size_t bytes_max = 0;
  bool too_large = false;
};

// CURLOPT_WRITEFUNCTION; CURLOPT_WRITEDATA is an HttpBody.
size_t CollectBody(char* data, size_t size, size_t count, void* body);

// The body of a finished transfer of `url`. kLimit: it was cut. kUnavailable: nothing came.
Result<std::string> BodyOf(CURLcode code, const std::string& url, HttpBody body);

}  // namespace rujukan::audit
