// Goal: a sealed column opens only unchanged, in its own place, with its own key.
// Method: round trips and every single bent byte.
#include "certs/column.h"

#include <gtest/gtest.h>

namespace rujukan::certs {
namespace {

ColumnKey Key(char fill) {
  return ColumnKey::FromBytes(std::string(32, fill)).value();
}

TEST(Column, RoundTripsContentOfAnyLength) {
  for (const std::string content : {"", "a", "a longer text than one AES block has room for"}) {
    EXPECT_EQ(Key('k').Open(Key('k').Seal(content, "inbox/content/1"), "inbox/content/1").value(),
              content);
    EXPECT_EQ(Key('k').Open(Key('k').Seal(content, ""), "").value(), content);
  }
}

TEST(Column, EveryBentByteIsCorrupt) {
  const std::string sealed = Key('k').Seal("content", "row");
  EXPECT_EQ(sealed.size(), 12 + 7 + 16U);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string bent = sealed;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    EXPECT_EQ(Key('k').Open(bent, "row").error().code, Errc::kCorrupt) << i;
  }
}

TEST(Column, AnotherPlaceOrKeyIsCorrupt) {
  const std::string sealed = Key('k').Seal("content", "row 1");
  EXPECT_EQ(Key('k').Open(sealed, "row 2").error().code, Errc::kCorrupt);
  EXPECT_EQ(Key('x').Open(sealed, "row 1").error().code, Errc::kCorrupt);
}

TEST(Column, ACutValueIsCorrupt) {
  const std::string sealed = Key('k').Seal("content", "row");
  for (const size_t size : {0U, 27U, 28U, 34U}) {
    EXPECT_EQ(Key('k').Open(sealed.substr(0, size), "row").error().code, Errc::kCorrupt) << size;
  }
}

TEST(Column, TheSameValueNeverLooksTheSame) {
  EXPECT_NE(Key('k').Seal("content", "row"), Key('k').Seal("content", "row"));
}

TEST(Column, AStoreKeyHas32Bytes) {
  EXPECT_EQ(ColumnKey::FromBytes(std::string(31, 'k')).error().code, Errc::kInvalid);
  EXPECT_EQ(ColumnKey::FromBytes(std::string(33, 'k')).error().code, Errc::kInvalid);
}

TEST(ColumnKey, AMarkFindsEqualTextsOfOneColumnUnderOneKey) {
  const auto key = *ColumnKey::FromBytes(std::string(32, 'k'));
  const auto other = *ColumnKey::FromBytes(std::string(32, 'l'));
  EXPECT_EQ(key.Mark("ep-1", "episodes/mark"), key.Mark("ep-1", "episodes/mark"));
  EXPECT_NE(key.Mark("ep-1", "episodes/mark"), key.Mark("ep-2", "episodes/mark"));
  EXPECT_NE(key.Mark("ep-1", "episodes/mark"), key.Mark("ep-1", "legs/mark"));
  EXPECT_NE(key.Mark("ep-1", "episodes/mark"), other.Mark("ep-1", "episodes/mark"));
  EXPECT_EQ(key.Mark("", "episodes/mark").size(), 32U);
}

}  // namespace
}  // namespace rujukan::certs
