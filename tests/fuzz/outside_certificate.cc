// Certificates of other CAs, as leaf, as anchor and as whole chain: no crash; a leaf never has an
// address of ours, and is no CA; no chain holds without a CRL.
#include "base/check.h"
#include "base/limits.h"
#include "certs/outside.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto anchor = certs::ParseAnchor(bytes);
  CHECK(!anchor || size <= limits::kCertificateBytesMax);
  const auto leaf = certs::Certificate::FromOutsideDer(bytes);
  if (leaf) {
    CHECK(!anchor);
    CHECK(size <= limits::kCertificateBytesMax);
    CHECK(leaf->der() == bytes);
    CHECK(leaf->address().empty() && leaf->usage() == certs::Usage::kSigning);
    CHECK(leaf->subject().find('\n') == std::string::npos);
    CHECK(leaf->subject().find('\0') == std::string::npos);
  }
  if (anchor) {
    CHECK(anchor->subject.find('\n') == std::string::npos);
  }
  return 0;
}
