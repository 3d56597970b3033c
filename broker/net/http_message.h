// A request and an answer of the broker's HTTP side, as far as its routes look at them, and the
// answers that several routes give.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::broker {

struct HttpRequest {
  std::string_view method;
  std::string_view path;  // as sent, not unescaped, without the query
  std::string_view host;
  std::string_view authorization;
  size_t body_bytes = 0;  // announced or sent so far
};

struct HttpResponse {
  unsigned status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string cache_control = "no-store";
  std::string body;
  std::string extra_header;  // "" or the one further header this status asks for (Allow, ...)
  std::string extra_value;
};

inline constexpr std::string_view kOctets = "application/octet-stream";
inline constexpr std::string_view kForever = "max-age=31536000, immutable";

// A sentence for people.
HttpResponse HttpText(unsigned status, std::string_view sentence);
// What a failed read of the log is to a client; the reason stays in the broker's log.
HttpResponse HttpFailure(const Error& error);

}  // namespace rujukan::broker
