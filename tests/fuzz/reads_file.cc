// An agency's read trail as an auditor gets it: no crash, and what parsed whole is written again as
// it was.
#include "ledger/reads_file.h"
#include "base/check.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view text = fuzz::Bytes(data, size);
  const auto file = ledger::ParseReadsFile(text);
  if (!file) {
    return 0;
  }
  std::string again = ledger::ReadsFileHead(file->agency, file->size);
  for (const ledger::ReadLeaf& leaf : file->leaves) {
    again += ledger::ReadsFileLine(leaf);
  }
  const bool ends_a_line = text.back() == '\n';
  CHECK(!file->broken.empty() || !ends_a_line || again == text);
  const auto second = ledger::ParseReadsFile(again);
  CHECK(second && second->leaves.size() == file->leaves.size() && second->broken.empty());
  return 0;
}
