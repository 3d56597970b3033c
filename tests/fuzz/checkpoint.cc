// Checkpoint texts: what parses, written again, parses to the same.
#include "ledger/checkpoint.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto checkpoint = ledger::Checkpoint::Parse(bytes);
  if (!checkpoint) {
    return 0;
  }
  const std::string text = checkpoint->Text();
  CHECK(bytes.starts_with(text));  // extension lines may follow
  const auto again = ledger::Checkpoint::Parse(text);
  CHECK(again && again->Text() == text);
  return 0;
}
