// Scoped bundles: the first byte is the width; what parses, put together again, is the same bytes.
#include "ledger/scoped_bundle.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  if (size == 0) {
    return 0;
  }
  const uint32_t width = uint32_t{data[0]} + 1;
  const std::string_view bytes = fuzz::Bytes(data + 1, size - 1);
  const auto leaves = ledger::ParseScopedBundle(bytes, width);
  const size_t salvaged = ledger::SalvageScopedBundle(bytes, width).size();
  if (!leaves) {
    CHECK(salvaged <= width);
    return 0;
  }
  CHECK(leaves->size() == width && salvaged == width);
  std::string again;
  for (const ledger::GivenLeaf& leaf : *leaves) {
    if (leaf.withheld) {
      ledger::AppendWithheld(*leaf.withheld, again);
    } else {
      ledger::AppendToBundle(leaf.entry, again);
    }
  }
  CHECK(again == bytes);
  return 0;
}
