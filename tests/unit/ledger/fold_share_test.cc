// Goal: one sender cannot keep the others out of a mailbox. Method: a World; a sender fills its
// share to the limit and one past it, in messages and in bytes.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "ledger/fold.h"
#include "tests/support/world.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;
using K = v1::Kind;
using testing::World;

class FoldShareTest : public ::testing::Test {
 protected:
  FoldShareTest() {
    world.AddAgency("uppa.18.01");
    world.AddAgency("dinsos.18");
    world.AddAgency("lpa.18");
  }
  R::Code RefusedMessage(const v1::Header& header) {
    const auto refusal = world.Try(world.MessageEntry(header));
    return refusal ? refusal->reason : R::UNSPECIFIED;
  }
  World world;
};

// One sender fills its own share, and the mailbox stays open to everybody else.
TEST_F(FoldShareTest, ASenderFillsItsShareOfAMailboxAndNoMore) {
  std::vector<v1::Header> sent;
  for (uint64_t i = 0; i < limits::kMailboxShareMessagesMax; ++i) {
    sent.push_back(world.HeaderTo("uppa.18.01", "dinsos.18", K::RUJUKAN));
    sent.back().set_content_size(1);
    ASSERT_EQ(RefusedMessage(sent.back()), R::UNSPECIFIED) << i;
  }
  v1::Header past = world.HeaderTo("uppa.18.01", "dinsos.18", K::RUJUKAN);
  EXPECT_EQ(RefusedMessage(past), R::SHARE_FULL);
  EXPECT_EQ(RefusedMessage(world.HeaderTo("lpa.18", "dinsos.18", K::RUJUKAN)), R::UNSPECIFIED)
      << "another sender";
  world.Append(world.DeliveryEntry(sent.front(), v1::DeliveryOutcome::DELIVERED));
  EXPECT_EQ(RefusedMessage(past), R::UNSPECIFIED);
}

TEST_F(FoldShareTest, ASendersShareIsLimitedInBytesToo) {
  const auto referral = [&](uint64_t bytes) {
    v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18", K::RUJUKAN);
    header.set_content_size(bytes);
    return header;
  };
  const uint64_t fill = limits::kMailboxShareBytesMax / limits::kContentBytesMax;
  for (uint64_t i = 0; i < fill; ++i) {
    ASSERT_EQ(RefusedMessage(referral(limits::kContentBytesMax)), R::UNSPECIFIED) << i;
  }
  EXPECT_EQ(RefusedMessage(referral(1)), R::SHARE_FULL);
}

}  // namespace
}  // namespace rujukan::ledger
