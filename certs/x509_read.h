// What certificates, outside certificates and CRLs are all read with (RFC 5280 s4.1, s5.1).
// Internal to certs/. Each failure is kInvalid with half a sentence about the thing read ("its
// validity is not a time"), for the caller to put its own noun before.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {

// A certificate of any CA: at most limits::kCertificateBytesMax (kLimit), nothing after it, every
// extension known to OpenSSL well formed.
Result<X509Ptr> ReadX509(std::string_view der);

// Positive, at most limits::kSerialBytesMax bytes, big-endian, without leading zeros.
Result<std::string> ReadSerial(const ASN1_INTEGER* serial);

// RFC 4514, one line: control characters are escaped, others stay UTF-8.
Result<std::string> ReadName(const X509_NAME* name);

Result<UnixMillis> ReadTime(const ASN1_TIME* time);

}  // namespace rujukan::certs
