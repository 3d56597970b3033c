// Goal: bytes and text convert exactly one way, and bad text is refused.
// Method: RFC 4648 vectors, every byte value, and each kind of malformed text.
#include "base/bytes.h"

#include <gtest/gtest.h>

namespace rujukan {
namespace {

std::string AllBytes() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
  }
  return bytes;
}

TEST(Hex, RoundTripsEveryByteInLowerCase) {
  EXPECT_EQ(ToHex(std::string_view("\x00\xab\xff", 3)), "00abff");
  EXPECT_EQ(FromHex(ToHex(AllBytes())).value(), AllBytes());
}

TEST(Hex, OddUpperCaseAndForeignDigitsAreInvalid) {
  for (const char* text : {"0", "AB", "0g", "0x", " 0"}) {
    EXPECT_EQ(FromHex(text).error().code, Errc::kInvalid) << text;
  }
}

TEST(Base64, MatchesRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(ToBase64(bytes), text);
    EXPECT_EQ(FromBase64(text).value(), bytes);
  }
}

TEST(Base64, RoundTripsEveryByteAtEveryOffset) {
  for (size_t cut = 0; cut < 4; ++cut) {
    const std::string bytes = AllBytes().substr(cut);
    EXPECT_EQ(FromBase64(ToBase64(bytes)).value(), bytes);
  }
}

TEST(Base64, OneValueHasOneSpelling) {
  for (const char* text :
       {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Z===", "====", "Zm9v\n", "Zm-v", "Z=8="}) {
    EXPECT_EQ(FromBase64(text).error().code, Errc::kInvalid) << text;
  }
}

TEST(Base64, AppendingKeepsWhatIsThere) {
  std::string line = "index ";
  AppendBase64("foo", line);
  EXPECT_EQ(line, "index Zm9v");
}

TEST(BigEndian, WritesAndReadsTheMostSignificantByteFirst) {
  std::string out;
  AppendBigEndian16(0x0102, out);
  AppendBigEndian32(0x03040506, out);
  AppendBigEndian64(0xf708090a0b0c0d0e, out);
  EXPECT_EQ(ToHex(out), "010203040506f708090a0b0c0d0e");
  EXPECT_EQ(ReadBigEndian16(out), 0x0102);
  EXPECT_EQ(ReadBigEndian32(out.substr(2)), 0x03040506U);
  EXPECT_EQ(ReadBigEndian64(out.substr(6)), 0xf708090a0b0c0d0eU);
}

TEST(BigEndianDeathTest, ReadingPastTheEndIsAProgrammersError) {
  EXPECT_DEATH(ReadBigEndian32("abc"), "CHECK failed");
}

TEST(Decimal, ReadsZeroToTheLargest) {
  EXPECT_EQ(ParseDecimal("0").value(), 0U);
  EXPECT_EQ(ParseDecimal("42").value(), 42U);
  EXPECT_EQ(ParseDecimal("18446744073709551615").value(), UINT64_MAX);
}

TEST(Decimal, SignsZerosSpacesAndOverflowAreInvalid) {
  for (const char* text : {"",
                           "00",
                           "01",
                           "+1",
                           "-1",
                           " 1",
                           "1 ",
                           "0x1",
                           "18446744073709551616",
                           "99999999999999999999",
                           "100000000000000000000"}) {
    EXPECT_EQ(ParseDecimal(text).error().code, Errc::kInvalid) << text;
  }
}

}  // namespace
}  // namespace rujukan
