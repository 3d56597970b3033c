// One bounded POST over libcurl: to a time-stamping authority. Redirects are not followed.
#pragma once

#include <string>

#include "base/result.h"

namespace rujukan::audit {

// The answer's body. kUnavailable: no answer within limits::kOutboundTimeoutMs, or another status
// than 200. kLimit: over `bytes_max`.
Result<std::string> Post(const std::string& url,
                         const std::string& content_type,
                         const std::string& body,
                         size_t bytes_max);

}  // namespace rujukan::audit
