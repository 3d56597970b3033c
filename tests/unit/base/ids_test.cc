// Goal: ids come only from bytes of the right length; UUIDs are RFC 9562's.
// Method: the RFC's UUIDv7 example; text forms bent in each way.
#include "base/ids.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

#include "base/bytes.h"

namespace rujukan {
namespace {

constexpr char kText[] = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

static_assert(!std::is_convertible_v<MessageId, LegId>);
static_assert(!std::is_constructible_v<LegId, MessageId>);

// RFC 9562 appendix A.6.
TEST(Uuid, Version7MatchesTheRfcExample) {
  const std::array<uint8_t, 10> random = {
      0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};
  const MessageId id(MakeUuid7(0x017f22e279b0, random));
  EXPECT_EQ(FormatUuid(id.view()), kText);
}

TEST(Uuid, VersionAndVariantHoldWhateverTheRandomBits) {
  for (const uint8_t fill : {uint8_t{0}, uint8_t{0xff}}) {
    std::array<uint8_t, 10> random{};
    random.fill(fill);
    const auto uuid = MakeUuid7(-1, random);
    EXPECT_EQ(uuid[6] >> 4, 7);
    EXPECT_EQ(uuid[8] >> 6, 2);
  }
}

TEST(Uuid, SortsByTime) {
  EXPECT_LT(LegId(MakeUuid7(255, {0xff})), LegId(MakeUuid7(256, {})));
}

TEST(Uuid, TextRoundTrips) {
  EXPECT_EQ(FormatUuid(ParseUuid(kText).value()), kText);
}

TEST(Uuid, AnyOtherTextIsInvalid) {
  const std::string good = kText;
  EXPECT_EQ(ParseUuid("").error().code, Errc::kInvalid);
  EXPECT_EQ(ParseUuid(good + "0").error().code, Errc::kInvalid);
  EXPECT_EQ(ParseUuid("{" + good.substr(2) + "}").error().code, Errc::kInvalid);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bent = good;
    bent[i] = good[i] == '-' ? '0' : 'G';
    EXPECT_EQ(ParseUuid(bent).error().code, Errc::kInvalid) << bent;
  }
}

TEST(FixedBytes, TakeExactlyTheirLength) {
  EXPECT_TRUE(Digest::FromBytes(std::string(32, 'x')));
  const auto cut = Digest::FromBytes(std::string(31, 'x'));
  EXPECT_EQ(cut.error().code, Errc::kInvalid);
  EXPECT_EQ(cut.error().context, "digest is 31 bytes; it must be 32");
  EXPECT_EQ(MessageId::FromBytes(std::string(17, 'x')).error().code, Errc::kInvalid);
}

TEST(FixedBytes, CompareHashAndKnowZero) {
  const Digest a = Digest::FromBytes(std::string(32, 'a')).value();
  const Digest b = Digest::FromBytes(std::string(32, 'b')).value();
  EXPECT_LT(a, b);
  EXPECT_EQ((std::unordered_set<Digest>{a, b, a}.size()), 2U);
  EXPECT_TRUE(Digest().IsZero());
  EXPECT_FALSE(a.IsZero());
  EXPECT_EQ(a.str(), std::string(32, 'a'));
}

}  // namespace
}  // namespace rujukan
