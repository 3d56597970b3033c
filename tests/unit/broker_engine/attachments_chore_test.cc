// Goal: attachments that nobody fetches leave the broker in their time, not before, and at once
// when a party asked for erasure. Method: a World's ledger in a store in memory, the chore run by
// hand.
#include "broker/engine/attachments_chore.h"

#include <gtest/gtest.h>

#include "broker/core/memory_chunk_store.h"
#include "tests/unit/broker_core/small_attachment.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

class AttachmentsChoreTest : public ::testing::Test {
 protected:
  AttachmentsChoreTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18.01");
    opening_ = world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN);
    world_.Append(world_.MessageEntry(opening_));
    one_.key.leg = LegId::FromBytes(opening_.leg_id()).value();
    EXPECT_TRUE(chunks_.Put({one_.Chunk(0)}, world_.now()).has_value());
  }
  bool StillThereAt(UnixMillis now) {
    MemoryStore store;
    Seed(world_, store);
    const auto chore = MakeAttachmentsChore(chunks_, store, metrics_);
    const std::atomic<bool> stopping{false};
    EXPECT_TRUE(chore->Run(now, stopping).has_value());
    return chunks_.Find(one_.key).has_value();
  }

  World world_;
  v1::Header opening_;
  MemoryChunkStore chunks_;
  SmallAttachment one_{1};
  Metrics metrics_;
};

TEST_F(AttachmentsChoreTest, WithoutALampiranItGoesAfterAWeek) {
  const UnixMillis begun = world_.now();
  EXPECT_TRUE(StillThereAt(begun + limits::kAttachmentUnclaimedMsMax));
  EXPECT_FALSE(StillThereAt(begun + limits::kAttachmentUnclaimedMsMax + 1));
  EXPECT_EQ(metrics_.attachments_removed, 1U);
}

TEST_F(AttachmentsChoreTest, ClaimedByItsReceiverItWaitsAMonth) {
  const UnixMillis begun = world_.now();
  ASSERT_TRUE(chunks_.Claim(one_.key, begun).has_value());
  EXPECT_TRUE(StillThereAt(begun + limits::kAttachmentLifeMsMax));
  EXPECT_FALSE(StillThereAt(begun + limits::kAttachmentLifeMsMax + 1));
}

TEST_F(AttachmentsChoreTest, AskedToBeErasedWithItsLegItGoesAtOnce) {
  EXPECT_TRUE(StillThereAt(world_.now()));
  world_.Append(world_.DeliveryEntry(opening_, v1::DeliveryOutcome::DELIVERED));
  v1::Header erase = world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::PERINTAH_HAPUS);
  erase.set_leg_id(opening_.leg_id());
  erase.set_sequence(opening_.sequence() + 1);
  world_.Append(world_.MessageEntry(erase));
  EXPECT_FALSE(StillThereAt(world_.now()));
}

}  // namespace
}  // namespace rujukan::broker
