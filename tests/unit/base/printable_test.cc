// Goal: nothing received can leave its place on a terminal, and no script is harmed. Method: one
// text of each kind.
#include "base/printable.h"

#include <gtest/gtest.h>

namespace rujukan {
namespace {

TEST(Printable, OrdinaryTextOfAnyScriptIsAsItWas) {
  const std::string text = "Anak \"Melati\", ꦗꦮ, 子ども, \U0001F4E8, C:\\x";
  EXPECT_EQ(Printable(text), text);
  EXPECT_EQ(Printable(""), "");
}

TEST(Printable, NewLinesAndTabsAreShownInsteadOfMade) {
  EXPECT_EQ(Printable("a\nbukti sah\tb\r"), "a\\nbukti sah\\tb\\x0d");
}

TEST(Printable, EscapeSequencesOfBothKindsAreDefused) {
  EXPECT_EQ(Printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "2J"),
            "\\u{009b}2J")
      << "C1 as UTF-8";
  EXPECT_EQ(Printable("\x9b"
                      "2J"),
            "\\x9b2J")
      << "C1 as one byte";
  EXPECT_EQ(Printable(std::string("a\0b\x7f", 4)), "a\\x00b\\x7f");
}

TEST(Printable, MarksThatTurnTheDirectionOrBreakTheLineAreShown) {
  EXPECT_EQ(Printable("a\u202Eb\u2066c\u2028"), "a\\u{202e}b\\u{2066}c\\u{2028}");
}

TEST(Printable, BytesThatAreNotUtf8AreShownOneByOne) {
  EXPECT_EQ(Printable("\xff"), "\\xff");
  EXPECT_EQ(Printable("\xe2\x80"), "\\xe2\\x80") << "cut off";
  EXPECT_EQ(Printable("\xc0\x9b"), "\\xc0\\x9b") << "longer than need be";
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half a pair";
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "past Unicode";
}

TEST(IsUtf8, TakesEveryScriptAndNoOtherBytes) {
  for (const std::string_view text : {"", "Dinsos", "ꦗꦮ", "\U0001F4E8", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(IsUtf8(text)) << text;
  }
  for (const std::string_view text :
       {"\xff", "caf\xe9", "\xe2\x80", "\xc0\x9b", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    EXPECT_FALSE(IsUtf8(text)) << Printable(text);
  }
}

}  // namespace
}  // namespace rujukan
