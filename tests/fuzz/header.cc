// Headers from the wire: no crash, and what parses keeps the limits it is parsed under.
#include "ledger/header.h"

#include "base/check.h"
#include "base/limits.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto header = ledger::ParseHeader(fuzz::Bytes(data, size));
  if (!header) {
    CHECK(!header.error().advice.empty());
    return 0;
  }
  CHECK(size <= limits::kHeaderBytesMax);
  CHECK(header->message_id().size() == 16);
  CHECK(header->to_size() >= 1 && header->to_size() <= static_cast<int>(limits::kRecipientsMax));
  CHECK(header->leg_id().empty() || header->to_size() == 1);
  CHECK(header->content_digest().size() == 32);
  return 0;
}
