// Must fail: shows that a crash in a target is noticed. libFuzzer finds the word in a second.
#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes = rujukan::fuzz::Bytes(data, size);
  CHECK(bytes.size() < 3 || bytes[0] != 'c' || bytes[1] != 'r' || bytes[2] != 'y');
  return 0;
}
