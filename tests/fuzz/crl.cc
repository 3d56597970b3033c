// Revocation lists from outside: no crash; what parses keeps its bytes and limits, and lists
// exactly the serial numbers it says.
#include "certs/crl.h"

#include "base/check.h"
#include "base/limits.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto crl = certs::Crl::FromDer(bytes);
  if (crl) {
    CHECK(size <= limits::kCrlBytesMax);
    CHECK(crl->der() == bytes);
    CHECK(crl->this_update() < crl->next_update());
    CHECK(!crl->Lists(""));
    for (const std::string& serial : crl->serials()) {
      CHECK(!serial.empty() && serial.size() <= limits::kSerialBytesMax && serial.front() != '\0');
      CHECK(crl->Lists(serial));
    }
  }
  return 0;
}
