// HttpPort over libcurl: http, https and unix sockets. Redirects are not followed: the address in
// the configuration is the one that counts. Certificates are those the machine trusts.
#pragma once

#include <memory>

#include "broker/outward/http_port.h"

namespace rujukan::broker {

// kInvalid: neither http://, https:// nor unix:/path. Names the address.
Result<void> CheckHttpBase(const std::string& base);

std::unique_ptr<HttpPort> MakeHttpClient();

}  // namespace rujukan::broker
