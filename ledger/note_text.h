// What may stand in a signed note (c2sp.org/signed-note): text without control characters, key
// names without spaces. Pure, any thread.
#pragma once

#include <string_view>

namespace rujukan::ledger {

// Valid UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF) without characters below
// U+0020 other than \n.
bool IsNoteCharacters(std::string_view text);

// IsNoteCharacters, not empty, ends with \n.
bool IsNoteText(std::string_view text);

// Not empty, valid UTF-8, no control character, no Unicode space, no '+' (which separates the parts
// of a vkey).
bool IsKeyName(std::string_view name);

}  // namespace rujukan::ledger
