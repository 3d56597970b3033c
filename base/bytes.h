// Bytes as text and back: hex, base64 (RFC 4648 s4, padded), big-endian integers.
// Byte strings are std::string, as in Protocol Buffers; views are std::string_view.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace rujukan {

std::string ToHex(std::string_view bytes);  // lower case
Result<std::string> FromHex(std::string_view text);

std::string ToBase64(std::string_view bytes);
// Appends instead of returning: receipts are built of many short lines.
void AppendBase64(std::string_view bytes, std::string& out);
// Strict: standard alphabet, padding required, no white space, unused bits zero (kInvalid
// otherwise).
Result<std::string> FromBase64(std::string_view text);

void AppendBigEndian16(uint16_t value, std::string& out);
void AppendBigEndian32(uint32_t value, std::string& out);
void AppendBigEndian64(uint64_t value, std::string& out);
// Require: bytes has at least 2 / 4 / 8 bytes (CHECK).
uint16_t ReadBigEndian16(std::string_view bytes);
uint32_t ReadBigEndian32(std::string_view bytes);
uint64_t ReadBigEndian64(std::string_view bytes);

// Strict decimal: digits only, no sign, no leading zero but "0" itself, fits 64 bits.
Result<uint64_t> ParseDecimal(std::string_view text);

}  // namespace rujukan
