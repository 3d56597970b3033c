// Archive files: whatever the bytes, opening and verifying end, and no stranger's file is good.
#include "ledger/archive.h"

#include "base/check.h"
#include "tests/fuzz/input.h"

namespace {

using namespace rujukan;

class Input : public ledger::ArchiveBytes {
 public:
  explicit Input(std::string_view bytes) : bytes_(bytes) {}
  uint64_t Size() const override { return bytes_.size(); }
  Result<std::string> Read(uint64_t offset, size_t length) const override {
    CHECK(offset <= bytes_.size() && length <= bytes_.size() - offset);  // never asked for more
    return std::string(bytes_.substr(offset, length));
  }

 private:
  const std::string_view bytes_;
};

const ledger::NoteVerifier& Stranger() {
  static const ledger::NoteVerifier kStranger = {
      "rujukan/asing.contoh.test", 1, std::string(32, '\x09')};
  return kStranger;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Input input(fuzz::Bytes(data, size));
  const auto archive = ledger::Archive::Open(input);
  if (!archive) {
    return 0;
  }
  const auto faults = archive->Verify(Stranger());
  CHECK(!faults || !faults->empty());
  CHECK(archive->ReadBundle(archive->header().range.first / ledger::kTileWidth));
  return 0;
}
