#include "agents/admin/qr.h"

#include <qrencode.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/limits.h"

namespace rujukan::admin {
namespace {

constexpr size_t kQuietModules = 4;  // ISO/IEC 18004 s5.3.8

// Colours by number of the 256-colour cube: 16 and 231 are black and white on every terminal,
// whatever its palette makes of the first sixteen.
constexpr std::string_view kBlackOnWhite = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view kReset = "\x1b[0m";

struct FreeQr {
  void operator()(QRcode* code) const { QRcode_free(code); }
};

// With the quiet zone around the symbol: coordinates begin at its corner.
bool IsDarkWithQuiet(const QrSymbol& symbol, size_t row, size_t column) {
  const auto inside = [&symbol](size_t at) {
    return at >= kQuietModules && at < kQuietModules + symbol.width;
  };
  return inside(row) && inside(column) &&
         symbol.IsDark(row - kQuietModules, column - kQuietModules);
}

std::string_view HalfBlock(bool upper_dark, bool lower_dark) {
  if (upper_dark) {
    return lower_dark ? "\u2588" : "\u2580";  // full block, upper half
  }
  return lower_dark ? "\u2584" : " ";  // lower half
}

}  // namespace

Result<QrSymbol> MakeQr(std::string_view text) {
  if (text.empty()) {
    return Fail(Errc::kInvalid, "there is nothing to draw; give the invitation's text");
  }
  if (text.size() > limits::kQrBytesMax) {
    return Fail(Errc::kLimit,
                "the text is " + std::to_string(text.size()) + " bytes; a QR code holds " +
                    std::to_string(limits::kQrBytesMax) + "; send the invitation as a file");
  }
  const std::unique_ptr<QRcode, FreeQr> code(
      QRcode_encodeData(static_cast<int>(text.size()),
                        reinterpret_cast<const unsigned char*>(text.data()),
                        /*version=*/0,
                        QR_ECLEVEL_L));
  if (code == nullptr) {
    return Fail(Errc::kUnavailable, "out of memory for the QR code; try again");
  }
  QrSymbol symbol;
  symbol.width = static_cast<size_t>(code->width);
  symbol.dark.resize(symbol.width * symbol.width);
  std::transform(
      code->data, code->data + symbol.dark.size(), symbol.dark.begin(), [](unsigned char module) {
        return (module & 1) != 0;
      });
  return symbol;
}

Result<std::string> DrawQr(std::string_view text) {
  ASSIGN_OR_RETURN(const QrSymbol symbol, MakeQr(text));
  const size_t side = symbol.width + 2 * kQuietModules;
  std::string drawing;
  for (size_t row = 0; row < side; row += 2) {
    drawing += kBlackOnWhite;
    for (size_t column = 0; column < side; ++column) {
      drawing +=
          HalfBlock(IsDarkWithQuiet(symbol, row, column), IsDarkWithQuiet(symbol, row + 1, column));
    }
    drawing += kReset;
    drawing += '\n';
  }
  return drawing;
}

}  // namespace rujukan::admin
