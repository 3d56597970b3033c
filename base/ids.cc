#include "base/ids.h"

#include "base/bytes.h"
#include "base/check.h"

namespace rujukan {
namespace {

constexpr std::array<size_t, 4> kHyphens = {8, 13, 18, 23};
constexpr size_t kUuidTextSize = 36;

}  // namespace

std::string FormatUuid(std::string_view sixteen_bytes) {
  CHECK(sixteen_bytes.size() == 16);
  std::string text = ToHex(sixteen_bytes);
  for (const size_t at : kHyphens) {
    text.insert(at, "-");
  }
  return text;
}

Result<std::string> ParseUuid(std::string_view text) {
  if (text.size() != kUuidTextSize) {
    return Fail(Errc::kInvalid,
                "an id has 36 characters, like 019a7c1e-0000-7000-8000-000000000001");
  }
  std::string hex;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hyphen =
        i == kHyphens[0] || i == kHyphens[1] || i == kHyphens[2] || i == kHyphens[3];
    if (hyphen != (text[i] == '-')) {
      return Fail(Errc::kInvalid, "an id has hyphens after 8, 12, 16 and 20 digits");
    }
    if (!hyphen) {
      hex.push_back(text[i]);
    }
  }
  return FromHex(hex);
}

std::array<uint8_t, 16> MakeUuid7(int64_t unix_ms, const std::array<uint8_t, 10>& random) {
  std::array<uint8_t, 16> uuid{};
  for (size_t i = 0; i < 6; ++i) {
    uuid[i] = static_cast<uint8_t>(static_cast<uint64_t>(unix_ms) >> (40 - 8 * i));
  }
  for (size_t i = 0; i < random.size(); ++i) {
    uuid[6 + i] = random[i];
  }
  uuid[6] = static_cast<uint8_t>(0x70 | (uuid[6] & 0x0f));
  uuid[8] = static_cast<uint8_t>(0x80 | (uuid[8] & 0x3f));
  return uuid;
}

}  // namespace rujukan
