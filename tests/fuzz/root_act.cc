// Root acts, which any stranger may send: no crash, no error of the broker's own.
#include "tests/fuzz/fold_entry.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  v1::Entry entry;
  entry.mutable_root_act()->set_act(std::string(fuzz::Bytes(data, size)));
  entry.mutable_root_act()->set_signature("none");
  fuzz::FoldEntry(entry);
  return 0;
}
