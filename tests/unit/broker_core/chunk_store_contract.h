// The contract of broker::ChunkStore, as tests that every implementation runs through.
#pragma once

#include <gtest/gtest.h>

#include "broker/core/chunk_store.h"
#include "tests/unit/broker_core/small_attachment.h"

namespace rujukan::broker {

// Maker: has `ChunkStore& store()` (fresh and empty), and `void Reopen()`.
template <class Maker>
class ChunkStoreContract : public ::testing::Test {
 protected:
  static constexpr UnixMillis kNow = 1'795'000'000'000;
  ChunkStore& store() { return maker_.store(); }
  Maker maker_;
  SmallAttachment five_{5};
};
TYPED_TEST_SUITE_P(ChunkStoreContract);

TYPED_TEST_P(ChunkStoreContract, ChunksAreReadBackWithTheirPathsAlsoAfterReopening) {
  const auto& five = this->five_;
  ASSERT_TRUE(this->store().Put({five.Chunk(3), five.Chunk(0)}, this->kNow).has_value());
  ASSERT_TRUE(this->store().Put({five.Chunk(4), five.Chunk(3)}, this->kNow + 1).has_value());
  this->maker_.Reopen();
  for (const uint32_t index : {0U, 3U, 4U}) {
    const auto chunk = this->store().Read(five.key, index);
    ASSERT_TRUE(chunk.has_value()) << index;
    EXPECT_EQ(chunk->data, five.data(index));
    EXPECT_EQ(chunk->path, five.path(index));
  }
  EXPECT_EQ(this->store().Read(five.key, 1).error().code, Errc::kNotFound);
  EXPECT_EQ(this->store().Read(five.key, 5).error().code, Errc::kNotFound);
  EXPECT_EQ(this->store().Present(five.key), std::string(1, '\x19'));
  const auto facts = this->store().Find(five.key);
  ASSERT_TRUE(facts.has_value());
  EXPECT_EQ(facts->sender, "uppa.18@lampung.example");
  EXPECT_EQ(facts->chunks, 5U);
  EXPECT_EQ(facts->present, 3U);
  EXPECT_EQ(facts->begun_ms, this->kNow);
  EXPECT_EQ(facts->claimed_ms, 0);
}

TYPED_TEST_P(ChunkStoreContract, TheSameRootInAnotherLegIsAnotherAttachment) {
  const auto& five = this->five_;
  ASSERT_TRUE(this->store().Put({five.Chunk(0)}, this->kNow).has_value());
  AttachmentKey other = five.key;
  other.leg = LegId::FromBytes(std::string(16, 'z')).value();
  EXPECT_FALSE(this->store().Find(other).has_value());
  EXPECT_EQ(this->store().Present(other), "");
  EXPECT_EQ(this->store().Read(other, 0).error().code, Errc::kNotFound);
  EXPECT_FALSE(this->store().Remove(other).value());
  EXPECT_TRUE(this->store().Read(five.key, 0).has_value());
}

TYPED_TEST_P(ChunkStoreContract, WhoBeganAnAttachmentAloneAddsToIt) {
  const auto& five = this->five_;
  ASSERT_TRUE(this->store().Put({five.Chunk(0)}, this->kNow).has_value());
  const auto put = this->store().Put({five.Chunk(1, "lain@lampung.example")}, this->kNow);
  EXPECT_EQ(put.error().code, Errc::kConflict);
  ChunkToPut other_count = five.Chunk(1);
  other_count.chunks = 6;
  EXPECT_EQ(this->store().Put({other_count}, this->kNow).error().code, Errc::kConflict);
  EXPECT_EQ(this->store().Find(five.key)->present, 1U);
}

TYPED_TEST_P(ChunkStoreContract, ASendersShareIsReservedFromTheFirstChunkOn) {
  const auto& five = this->five_;
  const SmallAttachment two(2, 'b');
  ASSERT_TRUE(this->store().Put({five.Chunk(0), two.Chunk(1)}, this->kNow).has_value());
  EXPECT_EQ(this->store().ReservedBytesOf("uppa.18@lampung.example"),
            7 * limits::kAttachmentChunkBytesMax);
  EXPECT_EQ(this->store().ReservedBytesOf("lain@lampung.example"), 0U);
  EXPECT_EQ(this->store().List().size(), 2U);
  ASSERT_TRUE(this->store().Remove(five.key).value());
  this->maker_.Reopen();
  EXPECT_EQ(this->store().ReservedBytesOf("uppa.18@lampung.example"),
            2 * limits::kAttachmentChunkBytesMax);
  EXPECT_EQ(this->store().Read(five.key, 0).error().code, Errc::kNotFound);
}

TYPED_TEST_P(ChunkStoreContract, AClaimIsRememberedAndTheFirstOneCounts) {
  const auto& five = this->five_;
  ASSERT_TRUE(this->store().Claim(five.key, this->kNow).has_value()) << "not here: nothing happens";
  ASSERT_TRUE(this->store().Put({five.Chunk(0)}, this->kNow).has_value());
  ASSERT_TRUE(this->store().Claim(five.key, this->kNow + 7).has_value());
  ASSERT_TRUE(this->store().Claim(five.key, this->kNow + 9).has_value());
  this->maker_.Reopen();
  EXPECT_EQ(this->store().Find(five.key)->claimed_ms, this->kNow + 7);
  EXPECT_TRUE(this->store().Read(five.key, 0).has_value());
}

REGISTER_TYPED_TEST_SUITE_P(ChunkStoreContract,
                            ChunksAreReadBackWithTheirPathsAlsoAfterReopening,
                            TheSameRootInAnotherLegIsAnotherAttachment,
                            WhoBeganAnAttachmentAloneAddsToIt,
                            ASendersShareIsReservedFromTheFirstChunkOn,
                            AClaimIsRememberedAndTheFirstOneCounts);

}  // namespace rujukan::broker
