// Goal: random ids are UUIDv7 of the given time and do not repeat.
// Method: the fields of RFC 9562 s5.7 read back.
#include "certs/random.h"

#include <gtest/gtest.h>

#include <set>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

TEST(Random, BytesHaveTheLengthAskedAndDiffer) {
  EXPECT_EQ(RandomBytes(0), "");
  EXPECT_EQ(RandomBytes(32).size(), 32U);
  EXPECT_NE(RandomBytes(32), RandomBytes(32));
}

TEST(Random, MessageIdsAreVersion7OfTheirTime) {
  const MessageId id = NewMessageId(0x017f22e279b0);
  EXPECT_EQ(ToHex(id.view().substr(0, 6)), "017f22e279b0");
  EXPECT_EQ(static_cast<uint8_t>(id.view()[6]) >> 4, 7);
  EXPECT_EQ(static_cast<uint8_t>(id.view()[8]) >> 6, 2);
}

TEST(Random, IdsOfOneMillisecondDiffer) {
  std::set<LegId> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.insert(NewLegId(1));
  }
  EXPECT_EQ(ids.size(), 1000U);
}

}  // namespace
}  // namespace rujukan::certs
