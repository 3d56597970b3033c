// The framing inside a ciphertext (a recipient decrypts what any admitted sender framed): no crash,
// and the content lies within the frame.
#include "base/check.h"
#include "certs/padme.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view framed = fuzz::Bytes(data, size);
  const auto content = certs::UnframeContent(framed);
  if (!content) {
    return 0;
  }
  CHECK(content->size() + certs::kSaltSize + certs::kLengthSize <= size);
  const std::string again = certs::FrameContent(framed.substr(0, certs::kSaltSize), *content);
  const auto inside = certs::UnframeContent(again);
  CHECK(inside && *inside == *content);
  return 0;
}
