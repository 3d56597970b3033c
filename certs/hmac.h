// HMAC-SHA256 (RFC 2104, through OpenSSL): says who wrote something, to whoever has the same key.
// Thread: any.
#pragma once

#include <string_view>

#include "base/ids.h"

namespace rujukan::certs {

Digest HmacSha256(std::string_view key, std::string_view message);

}  // namespace rujukan::certs
