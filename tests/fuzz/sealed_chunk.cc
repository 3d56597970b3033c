// A sealed chunk: opens only with the key that sealed it, which nobody else has.
#include "base/check.h"
#include "certs/chunk.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  static const certs::ChunkKey kKey = certs::ChunkKey::Generate();
  const std::string_view bytes = fuzz::Bytes(data, size);
  CHECK(!kKey.Open(bytes, {0, 1}));
  CHECK(!kKey.Open(bytes, {1, 1}));
  const certs::ChunkPlace place{static_cast<uint32_t>(size % 7), 7};
  CHECK(*kKey.Open(kKey.Seal(bytes, place), place) == bytes);
  return 0;
}
