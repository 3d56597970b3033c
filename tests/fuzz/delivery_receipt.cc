// Delivery receipts from the wire: no crash, and what parses names a message and a digest.
#include "base/check.h"
#include "ledger/header.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto receipt = ledger::ParseDeliveryReceipt(fuzz::Bytes(data, size));
  if (!receipt) {
    CHECK(!receipt.error().advice.empty());
    return 0;
  }
  CHECK(receipt->message_id().size() == 16);
  CHECK(receipt->header_digest().size() == 32);
  return 0;
}
