// Goal: a telephone reads from the terminal the very invitation that was drawn. Method: the drawing
// is turned back into dots, and a reader that is not ours (zbarimg) reads those.
#include "agents/admin/qr.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "tests/unit/certs/scratch.h"

namespace rujukan::admin {
namespace {

using certs::testing::Scratch;

constexpr size_t kQuiet = 4;
constexpr std::string_view kColours = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view kReset = "\x1b[0m";

std::string Invitation(size_t bytes) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text = "rujukan-invite:";
  for (size_t i = text.size(); i < bytes; ++i) {
    text.push_back(kAlphabet[(i * i + 7 * i) % kAlphabet.size()]);
  }
  return text;
}

// Rows of '#' (dark) and '.', two for each line of the drawing; fails on anything but half blocks
// between one colour and one reset a line.
std::vector<std::string> Dots(const std::string& drawing) {
  std::vector<std::string> rows;
  for (std::string_view rest = drawing; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(line.size() + 1);
    EXPECT_TRUE(line.starts_with(kColours) && line.ends_with(kReset));
    line = line.substr(kColours.size(), line.size() - kColours.size() - kReset.size());
    std::string upper;
    std::string lower;
    while (!line.empty()) {
      const std::string_view cell = line.substr(0, line.front() == ' ' ? 1 : 3);
      EXPECT_TRUE(cell == " " || cell == "█" || cell == "▀" || cell == "▄") << cell;
      upper += cell == "█" || cell == "▀" ? '#' : '.';
      lower += cell == "█" || cell == "▄" ? '#' : '.';
      line.remove_prefix(cell.size());
    }
    rows.push_back(upper);
    rows.push_back(lower);
  }
  return rows;
}

// A picture of the dots, three pixels each (Netpbm "plain PGM").
std::string Picture(const std::vector<std::string>& rows) {
  constexpr size_t kPixels = 3;
  std::string picture = "P2\n" + std::to_string(rows[0].size() * kPixels) + " " +
                        std::to_string(rows.size() * kPixels) + "\n1\n";
  for (const std::string& row : rows) {
    std::string pixels;
    for (const char dot : row) {
      for (size_t i = 0; i < kPixels; ++i) {
        pixels += dot == '#' ? "0 " : "1 ";
      }
    }
    for (size_t i = 0; i < kPixels; ++i) {
      picture += pixels + "\n";
    }
  }
  return picture;
}

std::string ReadByZbar(const std::vector<std::string>& rows) {
  const Scratch scratch;
  scratch.Write("qr.pgm", Picture(rows));
  const auto run =
      scratch.Shell("zbarimg --quiet --nodbus --raw -Sdisable -Sqrcode.enable qr.pgm >read.txt");
  EXPECT_EQ(run.status, 0) << run.output;
  std::string text = scratch.Read("read.txt");
  EXPECT_TRUE(text.ends_with("\n"));
  return text.substr(0, text.size() - (text.empty() ? 0 : 1));
}

TEST(Qr, AnotherReaderReadsWhatWasDrawn) {
  for (const size_t bytes : {size_t{20}, size_t{200}, size_t{700}, size_t{1200}}) {
    const std::string text = Invitation(bytes);
    const auto drawing = DrawQr(text);
    ASSERT_TRUE(drawing) << drawing.error().context;
    EXPECT_EQ(ReadByZbar(Dots(*drawing)), text);
  }
}

TEST(Qr, AnInvitationOf700CharactersFitsATerminalOf140Columns) {
  const auto drawing = DrawQr(Invitation(700));
  ASSERT_TRUE(drawing) << drawing.error().context;
  const auto rows = Dots(*drawing);
  EXPECT_LE(rows[0].size(), 140U);
  EXPECT_LE(rows.size() / 2, 60U) << "lines";
}

TEST(Qr, FourLightModulesSurroundTheSymbol) {
  const auto symbol = MakeQr("rujukan");
  ASSERT_TRUE(symbol);
  const auto rows = Dots(*DrawQr("rujukan"));
  const size_t side = symbol->width + 2 * kQuiet;
  ASSERT_GE(rows.size(), side);
  for (size_t row = 0; row < rows.size(); ++row) {
    ASSERT_EQ(rows[row].size(), side);
    for (size_t column = 0; column < side; ++column) {
      const bool quiet =
          row < kQuiet || row >= side - kQuiet || column < kQuiet || column >= side - kQuiet;
      EXPECT_EQ(rows[row][column] == '#', !quiet && symbol->IsDark(row - kQuiet, column - kQuiet))
          << row << ", " << column;
    }
  }
}

TEST(Qr, TheFullestSymbolIsDrawnAndOneByteMoreIsRefusedWithTheSize) {
  ASSERT_TRUE(DrawQr(Invitation(limits::kQrBytesMax)));
  const auto refused = DrawQr(Invitation(limits::kQrBytesMax + 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kLimit);
  EXPECT_EQ(refused.error().context,
            "the text is 2954 bytes; a QR code holds 2953; send the invitation as a file");
}

TEST(Qr, NothingIsNotDrawn) {
  const auto refused = DrawQr("");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::admin
