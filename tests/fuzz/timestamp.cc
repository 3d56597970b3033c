// RFC 3161 tokens and answers: whatever parses is described the same way twice, none verifies with
// nobody to trust, and no answer is one to a request that was never made.
#include "certs/timestamp.h"

#include "base/check.h"
#include "certs/hash.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  const std::string_view bytes = fuzz::Bytes(data, size);
  const auto token = certs::ParseTimestampToken(bytes);
  if (token) {
    const auto again = certs::ParseTimestampToken(bytes);
    CHECK(again && again->imprint == token->imprint && again->time == token->time);
    CHECK(!certs::VerifyTimestamp(bytes, token->imprint, {}));
  }
  CHECK(!certs::TokenOfResponse(bytes, certs::Sha256("nobody asked for this"), "12345678"));
  return 0;
}
