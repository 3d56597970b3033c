// Certificates out of PEM files (RFC 7468), as people get them from a CA. Pure; any thread.
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

}  // namespace rujukan::certs
