// Certificate requests of agencies that ask to join: no crash; what parses names an address.
#include "base/check.h"
#include "certs/issue.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto csr = certs::ParseCsr(fuzz::Bytes(data, size));
  CHECK(!csr || !csr->address.empty());
  return 0;
}
