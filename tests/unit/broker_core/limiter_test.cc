// Goal: rates and windows at their limits and one past. Method: time stepped by hand.

#include "broker/core/limiter.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "broker/core/reorder.h"

namespace rujukan::broker {
namespace {

TEST(TokenBucket, HoldsOneSecondsWorthAndRefillsByTheMillisecond) {
  TokenBucket bucket(100);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(bucket.Take(5'000));
  }
  EXPECT_FALSE(bucket.Take(5'000));
  EXPECT_FALSE(bucket.Take(5'009));
  EXPECT_TRUE(bucket.Take(5'010));
  EXPECT_FALSE(bucket.Take(4'000));  // a clock set back gives nothing
}

TEST(Limiter, TheWindowIsFullAtItsLimitAndOpensWithAnAnswer) {
  Limiter limiter;
  const Peer peer{Door::kMain, "ppa.18.71@lampung.example", "r"};
  for (uint32_t i = 0; i < limits::kSendWindowMax; ++i) {
    ASSERT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kMessage, 1'000));
  }
  EXPECT_EQ(Allowance::kWindowExceeded, limiter.Take(peer, FrameClass::kMessage, 1'000));
  EXPECT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kQuery, 1'000));
  limiter.Answered(peer.user, FrameClass::kMessage);
  EXPECT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kMessage, 1'000));
  EXPECT_EQ(limits::kSendWindowMax, limiter.unanswered(peer.user, FrameClass::kMessage));
}

TEST(Limiter, AnAgencyOverItsRateIsHeldWithoutHarmToOthers) {
  Limiter limiter;
  const Peer greedy{Door::kMain, "ppa.18.71@lampung.example", "r"};
  for (uint32_t i = 0; i < limits::kSubmissionsPerSecond; ++i) {
    ASSERT_EQ(Allowance::kGranted, limiter.Take(greedy, FrameClass::kQuery, 1'000));
    limiter.Answered(greedy.user, FrameClass::kQuery);
  }
  EXPECT_EQ(Allowance::kRateLimited, limiter.Take(greedy, FrameClass::kQuery, 1'000));
  const Peer other{Door::kMain, "dinsos.18.71@lampung.example", "r"};
  EXPECT_EQ(Allowance::kGranted, limiter.Take(other, FrameClass::kQuery, 1'000));
}

TEST(TokenBucket, AfterAStepBackItRefillsFromThere) {
  TokenBucket bucket(100);
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(bucket.Take(5'000'000));
  }
  EXPECT_FALSE(bucket.Take(1'000'000));
  EXPECT_FALSE(bucket.Take(1'000'009));
  EXPECT_TRUE(bucket.Take(1'000'010));
}

TEST(Limiter, EachClassOfFrameHasItsOwnWindow) {
  Limiter limiter;
  const Peer peer{Door::kMain, "ppa.18.71@lampung.example", "r"};
  for (uint32_t i = 0; i < limits::kQueryWindowMax; ++i) {
    ASSERT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kQuery, 1'000));
  }
  EXPECT_EQ(Allowance::kRateLimited, limiter.Take(peer, FrameClass::kQuery, 1'000));
  for (uint32_t i = 0; i < limits::kSendWindowMax; ++i) {
    ASSERT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kRecord, 1'000));
  }
  EXPECT_EQ(Allowance::kRateLimited, limiter.Take(peer, FrameClass::kRecord, 1'000));
  EXPECT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kMessage, 1'000));
  limiter.Answered(peer.user, FrameClass::kQuery);
  EXPECT_EQ(Allowance::kGranted, limiter.Take(peer, FrameClass::kQuery, 1'000));
}

TEST(FrameClass, IsToldFromTheFirstByteAndFromTheBodyAlike) {
  v1::ClientFrame frame;
  frame.mutable_submit();
  EXPECT_EQ(FrameClass::kMessage, ClassOf(frame.SerializeAsString()));
  frame.mutable_delivery();
  EXPECT_EQ(FrameClass::kRecord, ClassOf(frame.SerializeAsString()));
  frame.mutable_act();
  EXPECT_EQ(FrameClass::kRecord, ClassOf(frame.SerializeAsString()));
  frame.mutable_status();
  EXPECT_EQ(FrameClass::kQuery, ClassOf(frame.SerializeAsString()));
  EXPECT_EQ(FrameClass::kQuery, ClassOf(std::string_view()));
  EXPECT_EQ(FrameClass::kRecord, ClassOf(v1::ClientFrame::kEnrol));
}

TEST(Limiter, StrangersShareOneBucketHoweverManyNamesTheyHave) {
  Limiter limiter;
  for (uint32_t i = 0; i < limits::kEnrolmentFramesPerSecond; ++i) {
    const Peer stranger{Door::kEnrolment, std::to_string(i), "r"};
    ASSERT_EQ(Allowance::kGranted, limiter.Take(stranger, FrameClass::kQuery, 1'000));
  }
  EXPECT_EQ(Allowance::kRateLimited,
            limiter.Take({Door::kEnrolment, "new", "r"}, FrameClass::kQuery, 1'000));
}

TEST(Reorder, GivesBackTheOrderOfArrivalAndSkipsWhatHasNothing) {
  Reorder<int> order;
  order.Put(2, 22);
  EXPECT_EQ(std::nullopt, order.Take());
  order.Put(0, 20);
  EXPECT_EQ(20, order.Take());
  EXPECT_EQ(std::nullopt, order.Take());
  order.Put(1, std::nullopt);
  EXPECT_EQ(22, order.Take());
  EXPECT_EQ(std::nullopt, order.Take());
}

TEST(Limiter, ChunksHaveAWindowOfTheirOwn) {
  Limiter limiter;
  const Peer peer{Door::kMain, "uppa.18@lampung.example", "r"};
  for (uint32_t i = 0; i < limits::kChunkWindowMax; ++i) {
    ASSERT_EQ(limiter.Take(peer, FrameClass::kChunk, 1), Allowance::kGranted);
  }
  EXPECT_EQ(limiter.Take(peer, FrameClass::kChunk, 1), Allowance::kRateLimited);
  EXPECT_EQ(limiter.Take(peer, FrameClass::kMessage, 1), Allowance::kGranted);
  limiter.Answered(peer.user, FrameClass::kChunk);
  EXPECT_EQ(limiter.Take(peer, FrameClass::kChunk, 1), Allowance::kGranted);
}

TEST(Limiter, TheFirstBytesOfAFrameTellItsClassAlsoWhenTheTagHasTwo) {
  v1::ClientFrame frame;
  frame.mutable_put_chunk();
  EXPECT_EQ(ClassOf(frame.SerializeAsString()), FrameClass::kChunk);
  frame.mutable_drop_attachment();
  EXPECT_EQ(ClassOf(frame.SerializeAsString()), FrameClass::kChunk);
  frame.mutable_submit();
  EXPECT_EQ(ClassOf(frame.SerializeAsString()), FrameClass::kMessage);
  frame.mutable_leg_notices();
  EXPECT_EQ(ClassOf(frame.SerializeAsString()), FrameClass::kQuery);
  EXPECT_EQ(ClassOf(""), FrameClass::kQuery);
}

}  // namespace
}  // namespace rujukan::broker
