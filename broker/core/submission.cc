#include "broker/core/submission.h"

#include "certs/hash.h"

namespace rujukan::broker {
namespace {

// Length of the varint at the start of `bytes` and its value; 0 when there is none.
size_t ReadVarint(std::string_view bytes, uint64_t& value) {
  value = 0;
  for (size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<uint8_t>(bytes[i]);
    value |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) {
      return i + 1;
    }
  }
  return 0;
}

}  // namespace

Digest SubmissionDigest(std::string_view frame) {
  constexpr uint64_t kLengthDelimited = 2;
  uint64_t tag = 0;
  uint64_t length = 0;
  const size_t tag_bytes = ReadVarint(frame, tag);
  if (tag_bytes != 0 && (tag & 7) == kLengthDelimited) {
    const std::string_view rest = frame.substr(tag_bytes);
    const size_t length_bytes = ReadVarint(rest, length);
    if (length_bytes != 0 && length == rest.size() - length_bytes) {
      return certs::Sha256(rest.substr(length_bytes));
    }
  }
  return certs::Sha256(frame);
}

}  // namespace rujukan::broker
