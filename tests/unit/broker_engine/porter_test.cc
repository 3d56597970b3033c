// Goal: chunks go through the whole engine to the store and back, no faster than their window, and
// never in the way of messages. Method: a real engine with a chunk store in memory.
#include "broker/engine/porter.h"

#include <gtest/gtest.h>

#include "broker/core/memory_chunk_store.h"
#include "tests/unit/broker_core/small_attachment.h"
#include "tests/unit/broker_engine/harness.h"

namespace rujukan::broker {
namespace {

using Frame = v1::ServerFrame;

class PorterTest : public ::testing::Test {
 protected:
  PorterTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18.01");
    const v1::Header opening = world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN);
    world_.Append(world_.MessageEntry(opening));
    five_.key.leg = LegId::FromBytes(opening.leg_id()).value();
    Seed(world_, memory_);
    clock_.Set(world_.now());
  }
  v1::ClientFrame Put(uint32_t index) const {
    v1::ClientFrame frame;
    const ChunkToPut chunk = five_.Chunk(index);
    v1::PutChunk& put = *frame.mutable_put_chunk();
    put.set_leg_id(five_.key.leg.str());
    put.set_root(five_.key.root.str());
    put.set_index(index);
    put.set_chunks(chunk.chunks);
    put.set_data(chunk.data);
    for (const Digest& hash : chunk.path) {
      put.add_path(hash.str());
    }
    return frame;
  }
  v1::ClientFrame Get(uint32_t index) const {
    v1::ClientFrame frame;
    frame.mutable_get_chunk()->set_leg_id(five_.key.leg.str());
    frame.mutable_get_chunk()->set_root(five_.key.root.str());
    frame.mutable_get_chunk()->set_index(index);
    return frame;
  }

  World world_;
  MemoryStore memory_;
  MemoryChunkStore chunks_;
  TestClock clock_;
  SmallAttachment five_{5};
};

TEST_F(PorterTest, ChunksAreStoredAndHandedOut) {
  Broker broker(world_, memory_, clock_, {.workers = 2, .chunks = &chunks_});
  for (uint32_t i = 0; i < 5; ++i) {
    broker.Offer(PeerOf("uppa.18.01"), Put(i));
  }
  EXPECT_EQ(broker.outlet.WaitFor(Frame::kChunkStored, 5).size(), 5U);
  broker.Offer(PeerOf("dinsos.18.01"), Get(4));
  EXPECT_EQ(broker.outlet.WaitFor(Frame::kChunk, 1)[0].chunk().data(), five_.data(4));
}

TEST_F(PorterTest, AFullDiskRefusesChunksForAWhileAndNothingElse) {
  Broker broker(world_, memory_, clock_, {.workers = 2, .chunks = &chunks_});
  chunks_.SetFull(true);
  broker.Offer(PeerOf("uppa.18.01"), Put(0));
  const auto refused = broker.outlet.WaitFor(Frame::kChunkRefused, 1)[0].chunk_refused();
  EXPECT_EQ(refused.reason(), v1::RefusalReason::STORAGE_FULL);
  EXPECT_GT(refused.retry_after_ms(), 0U);
  broker.Offer(PeerOf("uppa.18.01"),
               SubmitFrame(world_, NoticeTo(world_, "uppa.18.01", "dinsos.18.01")));
  EXPECT_EQ(broker.outlet.WaitFor(Frame::kAccepted, 1).size(), 1U);
  EXPECT_TRUE(broker.engine->Ready());
}

TEST_F(PorterTest, WithoutAStoreEveryChunkIsRefusedForGood) {
  Broker broker(world_, memory_, clock_, {.workers = 1});
  broker.Offer(PeerOf("uppa.18.01"), Put(0));
  const auto refused = broker.outlet.WaitFor(Frame::kChunkRefused, 1)[0].chunk_refused();
  EXPECT_EQ(refused.reason(), v1::RefusalReason::ATTACHMENT_UNKNOWN);
  EXPECT_EQ(refused.retry_after_ms(), 0U);
}

TEST_F(PorterTest, ABentChunkIsRefusedByTheWorkersAndItsPlaceInTheWindowIsFree) {
  Broker broker(world_, memory_, clock_, {.workers = 2, .chunks = &chunks_});
  auto bent = Put(0);
  (*bent.mutable_put_chunk()->mutable_data())[0] ^= 1;
  for (uint32_t i = 1; i <= 2 * limits::kChunkWindowMax; ++i) {
    broker.Offer(PeerOf("uppa.18.01"), bent);
    const auto all = broker.outlet.WaitFor(Frame::kChunkRefused, i);
    ASSERT_EQ(all[i - 1].chunk_refused().reason(), v1::RefusalReason::DIGEST_MISMATCH) << i;
  }
}

}  // namespace
}  // namespace rujukan::broker
