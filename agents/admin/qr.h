// An invitation as a QR code on the admin's terminal, so that a telephone carries it across a desk
// instead of a chat group (ISO/IEC 18004; the symbol is made by libqrencode).
//
// Thread: any. Nothing is kept; the text is a secret, and it is in no error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace rujukan::admin {

// A symbol's modules, `width` rows of `width`, true: dark. No quiet zone.
struct QrSymbol {
  size_t width = 0;
  std::vector<bool> dark;

  bool IsDark(size_t row, size_t column) const { return dark[row * width + column]; }
};

// The smallest symbol that holds `text` as bytes, at error correction level L: a screen has no
// scratches, and a smaller symbol is easier to read. kInvalid: the text is empty; kLimit: no symbol
// holds so much (the text says how much one does).
Result<QrSymbol> MakeQr(std::string_view text);

// The same as lines of text: UTF-8 half blocks, two rows of modules a line, black on white by ANSI
// colours of its own (so that it reads the same on dark and light terminals), with the quiet zone
// of 4 modules that readers need. A module is one column wide. Errors as MakeQr.
Result<std::string> DrawQr(std::string_view text);

}  // namespace rujukan::admin
