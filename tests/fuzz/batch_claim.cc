// Batch signatures from the wire: malformed sizes and paths are refused, and folding the path is
// deterministic.
#include "base/check.h"
#include "base/limits.h"
#include "certs/batch.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace rujukan;
  v1::BatchSignature signature;
  if (!signature.ParseFromArray(data, static_cast<int>(size))) {
    return 0;
  }
  const auto claim = certs::ClaimOf(certs::kHeaderContext, "statement", signature);
  if (!claim) {
    return 0;
  }
  CHECK(signature.batch_size() >= 1 && signature.batch_size() <= limits::kBatchStatementsMax);
  CHECK(signature.batch_index() < signature.batch_size());
  const auto again = certs::ClaimOf(certs::kHeaderContext, "statement", signature);
  CHECK(again && again->id() == claim->id());
  const auto other = certs::ClaimOf(certs::kDeliveryContext, "statement", signature);
  CHECK(other && other->message != claim->message);
  return 0;
}
