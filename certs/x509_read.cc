#include "certs/x509_read.h"

#include <openssl/err.h>

#include <ctime>

#include "base/limits.h"

namespace rujukan::certs {
namespace {

tl::unexpected<Error> Bad(const char* what) {
  ERR_clear_error();
  return Fail(Errc::kInvalid, what);
}

}  // namespace

Result<X509Ptr> ReadX509(std::string_view der) {
  if (der.size() > limits::kCertificateBytesMax) {
    return Fail(Errc::kLimit,
                "it has more than " + std::to_string(limits::kCertificateBytesMax) + " bytes");
  }
  const unsigned char* at = Raw(der);
  X509Ptr x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (x509 == nullptr) {
    return Bad("not X.509 in DER form");
  }
  // The key id is a hash of these bytes: one certificate must not have two encodings.
  if (ToDer<i2d_X509>(x509.get()) != der) {
    return Bad("bytes after its end, or not in DER form");
  }
  if ((X509_get_extension_flags(x509.get()) & EXFLAG_INVALID) != 0) {
    return Bad("an extension does not parse");
  }
  return x509;
}

Result<std::string> ReadSerial(const ASN1_INTEGER* serial) {
  const OpensslPtr<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(serial, nullptr));
  if (number == nullptr || BN_is_negative(number.get()) != 0 || BN_is_zero(number.get()) != 0) {
    return Bad("a serial number is not positive");
  }
  std::string bytes(static_cast<size_t>(BN_num_bytes(number.get())), '\0');
  if (bytes.size() > limits::kSerialBytesMax) {
    return Bad("a serial number is longer than RFC 5280 allows");
  }
  BN_bn2bin(number.get(), Raw(bytes));
  return bytes;
}

Result<std::string> ReadName(const X509_NAME* name) {
  constexpr auto kFlags = static_cast<unsigned long>(XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  const BioPtr bio = WriteBio();
  if (X509_NAME_print_ex(bio.get(), name, 0, kFlags) < 0) {
    return Bad("a name in it is not text");
  }
  return TakeBio(bio.get());
}

Result<UnixMillis> ReadTime(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) {
    return Bad("its validity is not a time");
  }
  return static_cast<UnixMillis>(timegm(&parts)) * 1000;
}

}  // namespace rujukan::certs
