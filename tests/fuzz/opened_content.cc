// What somebody hands to an auditor as opened content: no crash, and nothing proves but the text
// that the header commits to.
#include "base/check.h"
#include "certs/hash.h"
#include "ledger/opened.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const auto opened = ledger::ParseOpened(fuzz::Bytes(data, size));
  if (!opened) {
    return 0;
  }
  v1::Header header;
  header.set_message_id(opened->message_id());
  CHECK(!ledger::ProveOpened(*opened, header));
  header.set_content_commitment(certs::Sha256(opened->opening()).str());
  const auto content = ledger::ProveOpened(*opened, header);
  CHECK(!content || opened->opening().find(*content) != std::string::npos);
  return 0;
}
