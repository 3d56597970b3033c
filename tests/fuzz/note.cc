// Signed notes: no crash, and a note signed by nobody we know never opens.
#include "ledger/note.h"

#include "base/check.h"
#include "base/limits.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto note = ledger::ParseNote(bytes);
  if (note) {
    CHECK(note->signatures.size() <= limits::kNoteSignaturesMax);
    CHECK(!note->text.empty() && note->text.back() == '\n');
  }
  CHECK(!ledger::OpenNote(bytes, {}));
  if (const auto verifier = ledger::NoteVerifier::Parse(bytes)) {
    CHECK(verifier->ToVkey() == bytes);
  }
  return 0;
}
