// Requests to join, which any stranger may send: no crash, no error of the broker's own.
#include "tests/fuzz/fold_entry.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  v1::Entry entry;
  entry.mutable_enrolment()->set_request(std::string(fuzz::Bytes(data, size)));
  entry.mutable_enrolment()->set_signature(std::string(64, 's'));
  fuzz::FoldEntry(entry);
  return 0;
}
