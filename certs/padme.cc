#include "certs/padme.h"

#include <bit>
#include <cstdint>

#include "base/bytes.h"
#include "base/check.h"
#include "certs/seal.h"

namespace rujukan::certs {

// Keeps the top log2(log2(L)) + 1 bits of the length and rounds the rest up.
uint64_t PadmeLength(uint64_t length) {
  if (length < 2) {
    return length;
  }
  const auto exponent = static_cast<unsigned>(std::bit_width(length)) - 1;
  const auto kept = static_cast<unsigned>(std::bit_width(exponent));
  const uint64_t mask = (uint64_t{1} << (exponent - kept)) - 1;
  return (length + mask) & ~mask;
}

std::string FrameContent(std::string_view salt, std::string_view content) {
  CHECK(salt.size() == kSaltSize && content.size() <= UINT32_MAX);
  const size_t size = kSaltSize + kLengthSize + content.size();
  std::string framed;
  framed.reserve(PadmeLength(size));
  framed.append(salt);
  AppendBigEndian32(static_cast<uint32_t>(content.size()), framed);
  framed.append(content);
  framed.resize(PadmeLength(size), '\0');
  return framed;
}

Result<std::string_view> UnframeContent(std::string_view framed) {
  if (framed.size() < kSaltSize + kLengthSize) {
    return Fail(Errc::kInvalid, "sealed content: shorter than its salt and length");
  }
  const uint32_t size = ReadBigEndian32(framed.substr(kSaltSize));
  const std::string_view rest = framed.substr(kSaltSize + kLengthSize);
  if (size > rest.size()) {
    return Fail(Errc::kInvalid, "sealed content: its length is beyond its end");
  }
  if (rest.find_first_not_of('\0', size) != std::string_view::npos) {
    return Fail(Errc::kInvalid, "sealed content: its padding is not zeros");
  }
  return rest.substr(0, size);
}

}  // namespace rujukan::certs
