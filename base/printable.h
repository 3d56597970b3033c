// Text of others made safe to show on a terminal: what was received must not be able to draw lines
// of its own ("proof verified") or to move the cursor over ours.
#pragma once

#include <string>
#include <string_view>

namespace rujukan {

// `text` with control characters (C0, DEL, C1), line separators, marks that reverse the direction
// of writing, and bytes that are not UTF-8 written as \n, \t, \xHH or \u{HHHH}. Everything else,
// all scripts included, is as it was. A backslash stays one: the result is for eyes, not for
// parsing.
std::string Printable(std::string_view text);

// True for valid UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF), "" included.
bool IsUtf8(std::string_view text);

}  // namespace rujukan
