// Goal: the outbox is bounded, loses nothing silently and wakes its reader once a burst. Method:
// one thread plays both sides; the wake-up is asked of the kernel by poll(2).
#include "broker/net/outbox.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "base/limits.h"

namespace rujukan::broker {
namespace {

bool Readable(const Outbox& outbox) {
  pollfd item{.fd = outbox.wake_fd(), .events = POLLIN, .revents = 0};
  return poll(&item, 1, 0) == 1;
}

Peer PeerOf(const std::string& route) {
  return {.door = Door::kMain, .user = "dinsos@lampung.example", .route = route};
}

class OutboxTest : public ::testing::Test {
 protected:
  std::unique_ptr<Outbox> outbox_ = std::move(*Outbox::Create());
  Outbox::Orders orders_;
};

TEST_F(OutboxTest, IsReadableExactlyWhileThereIsSomethingToTake) {
  EXPECT_FALSE(Readable(*outbox_));
  outbox_->Send(PeerOf("a"), "1");
  outbox_->Cut("polres@lampung.example");
  outbox_->Resume();
  EXPECT_TRUE(Readable(*outbox_));
  outbox_->Take(orders_);
  EXPECT_FALSE(Readable(*outbox_));
  ASSERT_EQ(orders_.frames.size(), 1U);
  EXPECT_EQ(orders_.frames[0].bytes, "1");
  EXPECT_EQ(orders_.cuts, std::vector<std::string>{"polres@lampung.example"});
  EXPECT_TRUE(orders_.resume);
  outbox_->Take(orders_);
  EXPECT_TRUE(orders_.frames.empty());
  EXPECT_TRUE(orders_.cuts.empty());
  EXPECT_FALSE(orders_.resume);
  outbox_->Wake();
  EXPECT_TRUE(Readable(*outbox_));
}

TEST_F(OutboxTest, TakesAsManyFramesAsTheLimitAndNamesWhoLostOneMore) {
  for (size_t i = 0; i < limits::kOutboundQueueMax; ++i) {
    outbox_->Send(PeerOf("a"), "x");
  }
  outbox_->Take(orders_);
  EXPECT_EQ(orders_.frames.size(), limits::kOutboundQueueMax);
  EXPECT_TRUE(orders_.lost.empty());
  for (size_t i = 0; i < limits::kOutboundQueueMax; ++i) {
    outbox_->Send(PeerOf("a"), "x");
  }
  outbox_->Send(PeerOf("b"), "one past");
  outbox_->Take(orders_);
  EXPECT_EQ(orders_.frames.size(), limits::kOutboundQueueMax);
  ASSERT_EQ(orders_.lost.size(), 1U);
  EXPECT_EQ(orders_.lost[0].route, "b");
}

}  // namespace
}  // namespace rujukan::broker
