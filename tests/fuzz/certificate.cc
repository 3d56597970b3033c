// Certificates from outside: no crash, and what parses keeps exactly the bytes it came from.
#include "certs/certificate.h"

#include "base/check.h"
#include "base/limits.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto certificate = certs::Certificate::FromDer(bytes);
  if (certificate) {
    CHECK(size <= limits::kCertificateBytesMax);
    CHECK(certificate->der() == bytes);
    CHECK(certs::Certificate::FromPem(certificate->Pem()));
  }
  return 0;
}
