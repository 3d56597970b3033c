// tlog-proof receipts: one spelling each, and none verifies under a key that never signed.
#include "ledger/receipt.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

namespace {

const rujukan::ledger::NoteVerifier& Stranger() {
  static const rujukan::ledger::NoteVerifier kStranger = {
      "rujukan/asing.contoh.test", 1, std::string(32, '\x09')};
  return kStranger;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto receipt = ledger::Receipt::Parse(bytes);
  if (!receipt) {
    return 0;
  }
  CHECK(receipt->Text() == bytes);
  CHECK(!ledger::VerifyReceipt(*receipt, "entry", Stranger()));
  return 0;
}
