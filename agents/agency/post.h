// One POST of JSON to a system of the agency's, with libcurl. No redirects: the address that was
// configured is the one that counts. What is answered is not read, but for its status.
//
// Thread: one at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

typedef void CURL;  // NOLINT(modernize-use-using): as libcurl declares it
struct curl_slist;

namespace rujukan::agency {

struct PostOutcome {
  int status = 0;             // 0: no answer
  std::string failure;        // "": taken (2xx); never the address, which may hold a token
  int64_t retry_after_s = 0;  // what the receiver asked for; 0: nothing
};

class OutgoingPost {
 public:
  // `headers` as "name: value"; Content-Type is there already.
  OutgoingPost(std::string url,
               std::vector<std::string> headers,
               std::string body,
               int64_t timeout_ms);
  ~OutgoingPost();
  OutgoingPost(const OutgoingPost&) = delete;
  OutgoingPost& operator=(const OutgoingPost&) = delete;

  PostOutcome Perform();  // waits
  // For a multi handle: the transfer, and what became of it by its CURLcode.
  CURL* handle() const { return curl_; }
  PostOutcome OutcomeOf(int code) const;

 private:
  const std::string body_;
  CURL* curl_;
  curl_slist* headers_ = nullptr;
};

// kInvalid: not http or https, no host, with a user, password or fragment, or longer than
// limits::kWebhookUrlBytesMax; the text is for the field.
Result<void> CheckPostUrl(const std::string& url);

}  // namespace rujukan::agency
