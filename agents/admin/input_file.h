// Files that a person hands to a command: a policy, a certificate, a CRL. Thread: any.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::admin {

// kNotFound: it cannot be read; kLimit: it is over `bytes_max`.
Result<std::string> ReadInput(const std::string& path, size_t bytes_max);

// DER out of a file that holds DER, or one PEM block (RFC 7468) with `label`: "CERTIFICATE",
// "X509 CRL". kInvalid: PEM of something else, or damaged; otherwise the bytes themselves, which
// only their own parser can judge.
Result<std::string> DerOf(std::string_view file, std::string_view label);

}  // namespace rujukan::admin
