#include "base/bytes.h"

#include <array>
#include <limits>

#include "base/check.h"

namespace rujukan {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kNotADigit = 0xff;

constexpr std::array<uint8_t, 256> MakeReverse(std::string_view digits) {
  std::array<uint8_t, 256> reverse{};
  for (auto& value : reverse) {
    value = kNotADigit;
  }
  for (size_t i = 0; i < digits.size(); ++i) {
    reverse[static_cast<uint8_t>(digits[i])] = static_cast<uint8_t>(i);
  }
  return reverse;
}

constexpr auto kHexReverse = MakeReverse(kHexDigits);
constexpr auto kBase64Reverse = MakeReverse(kBase64Digits);

uint8_t At(std::string_view bytes, size_t i) {
  return static_cast<uint8_t>(bytes[i]);
}

template <class T>
void AppendBigEndian(T value, std::string& out) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

template <class T>
T ReadBigEndian(std::string_view bytes) {
  CHECK(bytes.size() >= sizeof(T));
  uint64_t value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = (value << 8) | At(bytes, i);
  }
  return static_cast<T>(value);
}

}  // namespace

std::string ToHex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    out.push_back(kHexDigits[At(bytes, i) >> 4]);
    out.push_back(kHexDigits[At(bytes, i) & 0xf]);
  }
  return out;
}

Result<std::string> FromHex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return Fail(Errc::kInvalid, "hex text has an odd number of digits");
  }
  std::string out;
  out.reserve(text.size() / 2);
  for (size_t i = 0; i < text.size(); i += 2) {
    const uint8_t high = kHexReverse[At(text, i)];
    const uint8_t low = kHexReverse[At(text, i + 1)];
    if (high == kNotADigit || low == kNotADigit) {
      return Fail(Errc::kInvalid, "hex text has a character that is not 0-9 or a-f");
    }
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

// Receipts are mostly base64: room is made once, not asked for at every character.
void AppendBase64(std::string_view bytes, std::string& out) {
  const size_t start = out.size();
  out.resize(start + (bytes.size() + 2) / 3 * 4, '=');
  char* to = out.data() + start;
  size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const uint32_t group =
        static_cast<uint32_t>(At(bytes, i) << 16 | At(bytes, i + 1) << 8) | At(bytes, i + 2);
    *to++ = kBase64Digits[group >> 18];
    *to++ = kBase64Digits[group >> 12 & 63];
    *to++ = kBase64Digits[group >> 6 & 63];
    *to++ = kBase64Digits[group & 63];
  }
  const size_t rest = bytes.size() - i;  // the padding is there already
  if (rest == 1) {
    const uint32_t group = static_cast<uint32_t>(At(bytes, i) << 16);
    *to++ = kBase64Digits[group >> 18];
    *to++ = kBase64Digits[group >> 12 & 63];
  } else if (rest == 2) {
    const uint32_t group = static_cast<uint32_t>(At(bytes, i) << 16 | At(bytes, i + 1) << 8);
    *to++ = kBase64Digits[group >> 18];
    *to++ = kBase64Digits[group >> 12 & 63];
    *to++ = kBase64Digits[group >> 6 & 63];
  }
}

std::string ToBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  AppendBase64(bytes, out);
  return out;
}

Result<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return Fail(Errc::kInvalid, "base64 text is not a multiple of 4 characters");
  }
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const size_t padding = !last || text[i + 3] != '=' ? 0U : (text[i + 2] == '=' ? 2U : 1U);
    uint32_t group = 0;
    for (size_t j = 0; j < 4; ++j) {
      const uint8_t digit = j >= 4 - padding ? uint8_t{0} : kBase64Reverse[At(text, i + j)];
      if (digit == kNotADigit) {
        return Fail(Errc::kInvalid, "base64 text has a character outside the standard alphabet");
      }
      group = group << 6 | digit;
    }
    const uint32_t unused = padding == 0 ? 0U : (padding == 1 ? 0xffU : 0xffffU);
    if ((group & unused) != 0) {
      return Fail(Errc::kInvalid, "base64 text has unused bits that are not zero");
    }
    for (size_t j = 0; j < 3 - padding; ++j) {
      out.push_back(static_cast<char>(group >> (16 - 8 * j) & 0xff));
    }
  }
  return out;
}

void AppendBigEndian16(uint16_t value, std::string& out) {
  AppendBigEndian(value, out);
}
void AppendBigEndian32(uint32_t value, std::string& out) {
  AppendBigEndian(value, out);
}
void AppendBigEndian64(uint64_t value, std::string& out) {
  AppendBigEndian(value, out);
}
uint16_t ReadBigEndian16(std::string_view bytes) {
  return ReadBigEndian<uint16_t>(bytes);
}
uint32_t ReadBigEndian32(std::string_view bytes) {
  return ReadBigEndian<uint32_t>(bytes);
}
uint64_t ReadBigEndian64(std::string_view bytes) {
  return ReadBigEndian<uint64_t>(bytes);
}

Result<uint64_t> ParseDecimal(std::string_view text) {
  if (text.empty() || text.size() > 20 || (text.size() > 1 && text[0] == '0')) {
    return Fail(Errc::kInvalid, "not a decimal number without leading zeros");
  }
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return Fail(Errc::kInvalid, "not a decimal number: digits only");
    }
    const auto digit = static_cast<uint64_t>(c - '0');
    if (value > (std::numeric_limits<uint64_t>::max() - digit) / 10) {
      return Fail(Errc::kInvalid, "decimal number is over 64 bits");
    }
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace rujukan
