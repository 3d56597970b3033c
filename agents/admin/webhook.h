// Tells another system by HTTP POST of a JSON body: warnings of what ends. Thread: any.
#pragma once

#include <string>

#include "base/result.h"

namespace rujukan::admin {

// Done when the other side answers 2xx. No redirects, no proxy: the body goes where it was sent.
// kUnavailable: no answer, or another one; kInvalid: not an http or https address.
Result<void> PostJson(const std::string& url, const std::string& body);

}  // namespace rujukan::admin
