// PEM (RFC 7468): certificates as people get them from a CA, and keys and certificates for openssl
// to read. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan::certs {

// The certificates in `pem`, as DER, in order; other text and other blocks are passed over. What a
// certificate is worth is not looked at. kInvalid: there is none, or one is no base64; names
// `file`.
Result<std::vector<std::string>> CertificatesIn(std::string_view pem, const std::string& file);

// "-----BEGIN label-----" and so on.
std::string PemOf(std::string_view label, std::string_view der);

// The public key of an Ed25519 key (RFC 8410). Requires: 32 bytes; anything else makes a PEM that
// openssl refuses.
std::string Ed25519Pem(std::string_view public_key);

}  // namespace rujukan::certs
