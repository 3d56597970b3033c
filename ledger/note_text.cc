#include "ledger/note_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace rujukan::ledger {
namespace {

// Length of a UTF-8 sequence by its first byte and the smallest character that needs this length.
struct SequenceForm {
  size_t length;
  uint32_t first_bits;
  uint32_t smallest;
};

std::optional<SequenceForm> FormOf(uint8_t first) {
  if (first < 0x80) {
    return SequenceForm{1, first, 0};
  }
  if (first >= 0xc0 && first < 0xe0) {
    return SequenceForm{2, first & 0x1fU, 0x80};
  }
  if (first >= 0xe0 && first < 0xf0) {
    return SequenceForm{3, first & 0x0fU, 0x800};
  }
  if (first >= 0xf0 && first < 0xf8) {
    return SequenceForm{4, first & 0x07U, 0x10000};
  }
  return std::nullopt;
}

// Takes one character off the front of `text`, which is not empty; nullopt when it is not UTF-8.
std::optional<uint32_t> TakeCharacter(std::string_view& text) {
  const auto form = FormOf(static_cast<uint8_t>(text[0]));
  if (!form.has_value() || text.size() < form->length) {
    return std::nullopt;
  }
  uint32_t character = form->first_bits;
  for (size_t i = 1; i < form->length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0U) != 0x80U) {
      return std::nullopt;
    }
    character = character << 6U | (byte & 0x3fU);
  }
  const bool surrogate = character >= 0xd800 && character <= 0xdfff;
  if (character < form->smallest || character > 0x10ffff || surrogate) {
    return std::nullopt;
  }
  text.remove_prefix(form->length);
  return character;
}

// Unicode's White_Space property.
bool IsSpace(uint32_t character) {
  constexpr std::array<uint32_t, 9> kSingle = {
      0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000};
  return (character >= 0x09 && character <= 0x0d) || (character >= 0x2000 && character <= 0x200a) ||
         std::find(kSingle.begin(), kSingle.end(), character) != kSingle.end();
}

}  // namespace

bool IsNoteCharacters(std::string_view text) {
  while (!text.empty()) {
    const auto character = TakeCharacter(text);
    if (!character.has_value() || (*character < 0x20 && *character != '\n')) {
      return false;
    }
  }
  return true;
}

bool IsNoteText(std::string_view text) {
  return !text.empty() && text.back() == '\n' && IsNoteCharacters(text);
}

bool IsKeyName(std::string_view name) {
  if (name.empty()) {
    return false;
  }
  while (!name.empty()) {
    const auto character = TakeCharacter(name);
    if (!character.has_value() || *character < 0x20 || *character == '+' || IsSpace(*character)) {
      return false;
    }
  }
  return true;
}

}  // namespace rujukan::ledger
