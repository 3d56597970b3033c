// Entry bundles: the first byte is the width; what parses, put together again, is the same bytes.
#include "base/check.h"
#include "ledger/tile.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  if (size == 0) {
    return 0;
  }
  const uint32_t width = uint32_t{data[0]} + 1;
  const std::string_view bytes = fuzz::Bytes(data + 1, size - 1);
  const auto entries = ledger::ParseBundle(bytes, width);
  if (!entries) {
    return 0;
  }
  CHECK(entries->size() == width);
  std::string again;
  for (const std::string& entry : *entries) {
    ledger::AppendToBundle(entry, again);
  }
  CHECK(again == bytes);
  return 0;
}
