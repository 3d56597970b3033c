// Goal: chunks come and go by those who have a part in the leg, within their share, and nobody else
// learns even that they are there. Method: a World with an open leg, the store in memory; frames as
// agents send them.
#include "broker/core/chunk_desk.h"

#include <gtest/gtest.h>

#include "broker/core/admission.h"
#include "broker/core/genesis.h"
#include "broker/core/memory_chunk_store.h"
#include "broker/core/memory_store.h"
#include "tests/unit/broker_core/frames.h"
#include "tests/unit/broker_core/small_attachment.h"

namespace rujukan::broker {
namespace {

using Reason = v1::RefusalReason;

class ChunkDeskTest : public ::testing::Test {
 protected:
  ChunkDeskTest() {
    for (const char* name : {"uppa.18.01", "dinsos.18.01", "rs.18.01"}) {
      world_.AddAgency(name);
    }
    opening_ = world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN);
    world_.Append(world_.MessageEntry(opening_));
    five_.key.leg = LegId::FromBytes(opening_.leg_id()).value();
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
  v1::ClientFrame Ask() const {
    v1::ClientFrame frame;
    frame.mutable_chunks()->set_leg_id(five_.key.leg.str());
    frame.mutable_chunks()->set_root(five_.key.root.str());
    return frame;
  }
  v1::ClientFrame Get(uint32_t index) const {
    v1::ClientFrame frame;
    frame.mutable_get_chunk()->set_leg_id(five_.key.leg.str());
    frame.mutable_get_chunk()->set_root(five_.key.root.str());
    frame.mutable_get_chunk()->set_index(index);
    return frame;
  }
  v1::ClientFrame Drop() const {
    v1::ClientFrame frame;
    frame.mutable_drop_attachment()->set_leg_id(five_.key.leg.str());
    frame.mutable_drop_attachment()->set_root(five_.key.root.str());
    return frame;
  }

  // UNSPECIFIED: it was put.
  Reason::Code PutBy(std::string_view name, const v1::ClientFrame& frame) {
    const auto admitted = desk().Admit(frame.put_chunk(), World::Address(name));
    EXPECT_TRUE(admitted.has_value());
    if (!*admitted) {
      return (*admitted).error().reason;
    }
    EXPECT_TRUE(chunks_.Put({**admitted}, world_.now()).has_value());
    return Reason::UNSPECIFIED;
  }
  v1::ServerFrame AnswerTo(std::string_view name, const v1::ClientFrame& frame) {
    v1::ServerFrame answer;
    EXPECT_TRUE(
        answer.ParseFromString(desk().Answer(frame, World::Address(name), world_.now()).value()));
    return answer;
  }
  ChunkDesk desk() { return {chunks_, world_.view()}; }

  World world_;
  v1::Header opening_;
  MemoryChunkStore chunks_;
  SmallAttachment five_{5};
};

TEST_F(ChunkDeskTest, ChunksGoUpAreAskedForAndComeDownWithTheirPaths) {
  EXPECT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNSPECIFIED);
  EXPECT_EQ(PutBy("uppa.18.01", Put(3)), Reason::UNSPECIFIED);
  const v1::ServerFrame present = AnswerTo("uppa.18.01", Ask());
  EXPECT_EQ(present.chunks().chunks(), 5U);
  EXPECT_EQ(present.chunks().present(), std::string(1, '\x09'));
  const v1::ServerFrame chunk = AnswerTo("dinsos.18.01", Get(3));
  EXPECT_EQ(chunk.chunk().data(), five_.data(3));
  EXPECT_EQ(chunk.chunk().index(), 3U);
  EXPECT_EQ(static_cast<size_t>(chunk.chunk().path_size()), five_.path(3).size());
  const v1::ServerFrame missing = AnswerTo("dinsos.18.01", Get(1));
  EXPECT_EQ(missing.chunk_refused().reason(), Reason::ATTACHMENT_UNKNOWN);
  EXPECT_EQ(missing.chunk_refused().retry_after_ms(), 0U);
}

TEST_F(ChunkDeskTest, WhoHasNoPartInTheLegPutsAndLearnsNothing) {
  EXPECT_EQ(PutBy("rs.18.01", Put(0)), Reason::NOT_A_PARTY);
  ASSERT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNSPECIFIED);
  for (const auto& frame : {Ask(), Get(0), Drop()}) {
    EXPECT_EQ(AnswerTo("rs.18.01", frame).chunk_refused().reason(), Reason::NOT_A_PARTY);
  }
  EXPECT_TRUE(chunks_.Find(five_.key).has_value());
  five_.key.leg = LegId::FromBytes(std::string(16, 'x')).value();
  EXPECT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNKNOWN_LEG);
  EXPECT_EQ(AnswerTo("uppa.18.01", Get(0)).chunk_refused().reason(), Reason::UNKNOWN_LEG);
}

TEST_F(ChunkDeskTest, OnlyWhoBeganAnAttachmentAddsToIt) {
  ASSERT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNSPECIFIED);
  EXPECT_EQ(PutBy("dinsos.18.01", Put(1)), Reason::NOT_A_PARTY);
}

TEST_F(ChunkDeskTest, AnUnknownAttachmentHasNoChunksAndIsDroppedAllTheSame) {
  EXPECT_EQ(AnswerTo("dinsos.18.01", Ask()).chunks().chunks(), 0U);
  EXPECT_EQ(AnswerTo("dinsos.18.01", Drop()).attachment_dropped().root(), five_.key.root.str());
}

TEST_F(ChunkDeskTest, TheReceiversWordRemovesIt) {
  ASSERT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNSPECIFIED);
  EXPECT_TRUE(AnswerTo("dinsos.18.01", Drop()).has_attachment_dropped());
  EXPECT_FALSE(chunks_.Find(five_.key).has_value());
}

TEST_F(ChunkDeskTest, ASenderFillsItsShareAndNoMore) {
  const uint64_t largest =
      uint64_t{limits::kAttachmentChunksMax} * limits::kAttachmentChunkBytesMax;
  uint64_t reserved = 0;
  char fill = 'b';
  for (; reserved + largest <= limits::kAttachmentShareBytesMax; reserved += largest) {
    SmallAttachment one(1, fill++);
    ChunkToPut chunk = one.Chunk(0, World::Address("uppa.18.01"));
    chunk.chunks = limits::kAttachmentChunksMax;
    ASSERT_TRUE(chunks_.Put({chunk}, world_.now()).has_value());
  }
  const uint64_t left =
      (limits::kAttachmentShareBytesMax - reserved) / limits::kAttachmentChunkBytesMax;
  SmallAttachment rest(1, fill);
  ChunkToPut chunk = rest.Chunk(0, World::Address("uppa.18.01"));
  chunk.chunks = static_cast<uint32_t>(left - 5);
  ASSERT_TRUE(chunks_.Put({chunk}, world_.now()).has_value());
  EXPECT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNSPECIFIED) << "exactly full";
  five_ = SmallAttachment(1, 'z');
  five_.key.leg = LegId::FromBytes(opening_.leg_id()).value();
  EXPECT_EQ(PutBy("uppa.18.01", Put(0)), Reason::ATTACHMENT_SPACE);
  EXPECT_EQ(PutBy("dinsos.18.01", Put(0)), Reason::UNSPECIFIED) << "the share is the sender's own";
}

TEST_F(ChunkDeskTest, TheReceiversAskingClaimsItAndTheSendersDoesNot) {
  ASSERT_EQ(PutBy("uppa.18.01", Put(0)), Reason::UNSPECIFIED);
  AnswerTo("uppa.18.01", Ask());
  EXPECT_EQ(chunks_.Find(five_.key)->claimed_ms, 0);
  AnswerTo("dinsos.18.01", Get(0));
  EXPECT_EQ(chunks_.Find(five_.key)->claimed_ms, world_.now());
}

TEST_F(ChunkDeskTest, UnclaimedItGoesAfterSevenDaysClaimedAfterThirty) {
  AttachmentFacts facts;
  facts.begun_ms = World::kStart;
  EXPECT_FALSE(IsPastItsTime(facts, World::kStart + limits::kAttachmentUnclaimedMsMax));
  EXPECT_TRUE(IsPastItsTime(facts, World::kStart + limits::kAttachmentUnclaimedMsMax + 1));
  facts.claimed_ms = World::kStart + 1;
  EXPECT_FALSE(IsPastItsTime(facts, World::kStart + limits::kAttachmentLifeMsMax));
  EXPECT_TRUE(IsPastItsTime(facts, World::kStart + limits::kAttachmentLifeMsMax + 1));
}

TEST_F(ChunkDeskTest, AFrameIsCheckedBeforeItCostsTheDisk) {
  const auto reason = [](const v1::ClientFrame& frame) {
    const auto checked = CheckChunkForm(frame);
    return checked ? Reason::UNSPECIFIED : checked.error().reason;
  };
  EXPECT_EQ(reason(Put(1)), Reason::UNSPECIFIED);
  EXPECT_EQ(reason(Ask()), Reason::UNSPECIFIED);
  auto bent = Put(1);
  (*bent.mutable_put_chunk()->mutable_data())[0] ^= 1;
  EXPECT_EQ(reason(bent), Reason::DIGEST_MISMATCH);
  bent = Put(1);
  bent.mutable_put_chunk()->set_index(2);
  EXPECT_EQ(reason(bent), Reason::DIGEST_MISMATCH);
  bent = Put(1);
  bent.mutable_put_chunk()->mutable_path()->RemoveLast();
  EXPECT_EQ(reason(bent), Reason::MALFORMED);
  bent = Put(1);
  bent.mutable_put_chunk()->set_chunks(limits::kAttachmentChunksMax + 1);
  EXPECT_EQ(reason(bent), Reason::ATTACHMENT_TOO_LARGE);
  bent = Put(1);
  bent.mutable_put_chunk()->set_data(std::string(limits::kAttachmentChunkBytesMax + 1, 'x'));
  EXPECT_EQ(reason(bent), Reason::ATTACHMENT_TOO_LARGE);
  bent = Get(0);
  bent.mutable_get_chunk()->set_root("short");
  EXPECT_EQ(reason(bent), Reason::MALFORMED);
  bent = Drop();
  bent.mutable_drop_attachment()->clear_leg_id();
  EXPECT_EQ(reason(bent), Reason::MALFORMED);
}

TEST_F(ChunkDeskTest, AdmissionPassesWhatFitsAndRefusesByNameWithoutTheBytes) {
  const auto directory = DirectorySnapshot::Load(world_.view()).value();
  Examiner examiner;
  const auto examine = [&](const v1::ClientFrame& frame, Allowance allowance) {
    return examiner.Examine({PeerOf("uppa.18.01"), frame.SerializeAsString()},
                            {*directory, world_.now(), allowance});
  };
  const auto good = examine(Put(2), Allowance::kGranted);
  ASSERT_TRUE(std::holds_alternative<ChunkFrame>(good));
  EXPECT_FALSE(std::get<ChunkFrame>(good).refusal.has_value());
  EXPECT_TRUE(std::get<ChunkFrame>(good).counted);
  EXPECT_EQ(std::get<ChunkFrame>(good).frame.put_chunk().data(), five_.data(2));

  const auto over = examine(Put(2), Allowance::kRateLimited);
  ASSERT_TRUE(std::holds_alternative<ChunkFrame>(over));
  const auto& refused = std::get<ChunkFrame>(over);
  EXPECT_FALSE(refused.counted);
  EXPECT_TRUE(refused.frame.put_chunk().data().empty());
  v1::ServerFrame answer;
  ASSERT_TRUE(answer.ParseFromString(ChunkRefusedFrame(refused.frame, *refused.refusal)));
  EXPECT_EQ(answer.chunk_refused().root(), five_.key.root.str());
  EXPECT_EQ(answer.chunk_refused().index(), 2U);
  EXPECT_EQ(answer.chunk_refused().reason(), Reason::RATE_LIMITED);
  EXPECT_GT(answer.chunk_refused().retry_after_ms(), 0U);
}

TEST_F(ChunkDeskTest, AttachmentsOfMailThatWaitsAreFoundInTheMailboxes) {
  v1::Header header = world_.HeaderTo("uppa.18.01", "dinsos.18.01", v1::Kind::RUJUKAN);
  header.mutable_attachment()->set_root(std::string(32, 'r'));
  EXPECT_EQ(ClaimOf(header.SerializeAsString())->leg.str(), header.leg_id());
  EXPECT_EQ(ClaimOf(opening_.SerializeAsString()), std::nullopt);
  EXPECT_EQ(ClaimOf("\xff"), std::nullopt);
  header.mutable_attachment()->set_root("short");
  EXPECT_EQ(ClaimOf(header.SerializeAsString()), std::nullopt);
}

}  // namespace
}  // namespace rujukan::broker
