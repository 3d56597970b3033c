// The framing of content before encryption: salt, length, content, padding. Internal to certs/;
// docs/formats/sealed-content.md. Pure but for the salt, which is an argument.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan::certs {

inline constexpr size_t kSaltSize = 32;
inline constexpr size_t kLengthSize = 4;

// salt || big-endian u32 length || content || zeros up to PadmeLength of all that.
// Requires: salt has kSaltSize bytes, content fits 32 bits (CHECK).
std::string FrameContent(std::string_view salt, std::string_view content);

// The content inside. kInvalid when the length does not fit or the padding is not all zeros
// (nothing may hide there); any amount of padding is accepted, so another sender may pad more.
Result<std::string_view> UnframeContent(std::string_view framed);

}  // namespace rujukan::certs
