// Goal: padding is Padmé and framing hides nothing.
// Method: lengths worked by hand from the paper's algorithm; the 12 % bound for every length to
// 300,000; frames with a bent length and dirty padding.
#include "certs/padme.h"

#include <gtest/gtest.h>

#include "certs/seal.h"

namespace rujukan::certs {
namespace {

TEST(Padme, MatchesLengthsWorkedByHand) {
  // length: padded. E = floor(log2 L), S = floor(log2 E) + 1, the last E - S bits rounded up.
  const std::pair<uint64_t, uint64_t> vectors[] = {{0, 0},
                                                   {1, 1},
                                                   {2, 2},
                                                   {7, 7},
                                                   {8, 8},
                                                   {9, 10},
                                                   {33, 36},
                                                   {64, 64},
                                                   {65, 72},
                                                   {1000, 1024},
                                                   {1025, 1088},
                                                   {65'537, 67'584},
                                                   {1'048'577, 1'081'344}};
  for (const auto& [length, padded] : vectors) {
    EXPECT_EQ(PadmeLength(length), padded) << length;
  }
}

TEST(Padme, CostsAtMostTwelvePercentAndNeverShrinks) {
  uint64_t before = 0;
  for (uint64_t length = 0; length <= 300'000; ++length) {
    const uint64_t padded = PadmeLength(length);
    ASSERT_GE(padded, length);
    ASSERT_LE(padded * 100, length * 112);
    ASSERT_GE(padded, before);
    ASSERT_EQ(PadmeLength(padded), padded);
    before = padded;
  }
}

TEST(Framing, RoundTripsAtEveryLength) {
  for (size_t length = 0; length < 300; ++length) {
    const std::string content(length, '\0');
    const std::string framed = FrameContent(std::string(kSaltSize, 's'), content);
    EXPECT_EQ(framed.size(), PadmeLength(kSaltSize + kLengthSize + length));
    EXPECT_EQ(UnframeContent(framed).value(), content);
  }
}

TEST(Framing, ALengthBeyondTheEndIsInvalid) {
  std::string framed = FrameContent(std::string(kSaltSize, 's'), "abc");
  framed[kSaltSize] = 1;  // 16 MiB
  EXPECT_EQ(UnframeContent(framed).error().code, Errc::kInvalid);
  EXPECT_EQ(UnframeContent(framed.substr(0, kSaltSize + 3)).error().code, Errc::kInvalid);
}

TEST(Framing, NothingHidesInThePadding) {
  std::string framed = FrameContent(std::string(kSaltSize, 's'), std::string(40, 'x'));
  ASSERT_GT(framed.size(), kSaltSize + kLengthSize + 40);
  framed.back() = 1;
  EXPECT_EQ(UnframeContent(framed).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::certs
