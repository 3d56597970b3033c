#include "base/printable.h"

#include <cstdint>

namespace rujukan {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

// One character of UTF-8 (RFC 3629).
struct Character {
  uint32_t code = 0;
  size_t bytes = 0;  // 0: not UTF-8
};

size_t LengthFrom(uint8_t lead) {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xc2 && lead < 0xe0) {
    return 2;
  }
  if (lead >= 0xe0 && lead < 0xf0) {
    return 3;
  }
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

Character ReadCharacter(std::string_view text) {
  constexpr uint32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto lead = static_cast<uint8_t>(text[0]);
  const size_t length = LengthFrom(lead);
  if (length <= 1 || length > text.size()) {
    return {lead, length == 1 ? size_t{1} : size_t{0}};
  }
  uint32_t code = lead & (0x7fU >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto next = static_cast<uint8_t>(text[i]);
    if ((next & 0xc0) != 0x80) {
      return {};
    }
    code = code << 6 | (next & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < kLowest[length] || surrogate || code > 0x10ffff ? Character()
                                                                : Character{code, length};
}

bool IsControl(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

bool TurnsDirection(uint32_t code) {
  return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

void AppendHexByte(uint8_t byte, std::string& out) {
  out.append("\\x").append(1, kHexDigits[byte >> 4]).append(1, kHexDigits[byte & 15]);
}

void AppendEscaped(uint32_t code, std::string& out) {
  if (code == '\n' || code == '\t') {
    out.append(code == '\n' ? "\\n" : "\\t");
  } else if (code < 0x80) {
    AppendHexByte(static_cast<uint8_t>(code), out);
  } else {
    out.append("\\u{");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.push_back(kHexDigits[(code >> shift) & 15]);
    }
    out.push_back('}');
  }
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = ReadCharacter(text);
    if (character.bytes == 0) {
      AppendHexByte(static_cast<uint8_t>(text[0]), out);
      text.remove_prefix(1);
      continue;
    }
    if (IsControl(character.code) || TurnsDirection(character.code)) {
      AppendEscaped(character.code, out);
    } else {
      out.append(text.substr(0, character.bytes));
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const Character character = ReadCharacter(text);
    if (character.bytes == 0) {
      return false;
    }
    text.remove_prefix(character.bytes);
  }
  return true;
}

}  // namespace rujukan
