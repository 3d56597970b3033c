// PEM (RFC 7468) for openssl to read; reading it: certs/pem.h. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rujukan::audit {

// "-----BEGIN label-----" and so on.
std::string PemOf(std::string_view label, std::string_view der);

// The public key of an Ed25519 key (RFC 8410). Requires: 32 bytes; anything else makes a PEM that
// openssl refuses.
std::string Ed25519Pem(std::string_view public_key);

}  // namespace rujukan::audit
