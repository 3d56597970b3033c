// PEM (RFC 7468) as openssl reads and writes it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan::audit {

// "-----BEGIN label-----" and so on.
std::string PemOf(std::string_view label, std::string_view der);

// The public key of an Ed25519 key (RFC 8410). Requires: 32 bytes; anything else makes a PEM that
// openssl refuses.
std::string Ed25519Pem(std::string_view public_key);

// The certificates of a file, in order; text around them is ignored. kInvalid: there are none, or
// one is not base64.
Result<std::vector<std::string>> CertificatesOfPem(std::string_view pem);

}  // namespace rujukan::audit
