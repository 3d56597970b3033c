// Goal: limits fit into each other: what is legal alone is legal together.
// Method: the largest legal header, batch signature and entry added up from their parts. Where a
// limit is enforced, its own room tests it at N and N + 1.
#include "base/limits.h"

#include <gtest/gtest.h>

namespace rujukan::limits {
namespace {

// Protocol Buffers spend a tag byte or two and a length of up to three bytes on a field.
constexpr size_t kField = 5;
constexpr size_t kHash = 32;

constexpr size_t kBatchSignature =
    2 * (kField + 5) + (kField + kHash) + (kField + 72) + kBatchPathHashesMax * (kField + kHash);

TEST(Limits, TheFullestHeaderFitsItsLimit) {
  const size_t addresses = (kRecipientsMax + 1) * (kAddressBytesMax + kField);
  const size_t keys = kRecipientKeysMax * (kHash + kField);
  const size_t rest = 20 * (kField + 10) + 4 * (kField + kHash);
  EXPECT_LE(addresses + keys + rest, kHeaderBytesMax);
}

TEST(Limits, TheFullestMessageFitsAFrame) {
  EXPECT_LE(kHeaderBytesMax + kContentBytesMax + kBatchSignature + 4 * kField, kFrameBytesMax);
}

TEST(Limits, TheFullestMessageEntryFitsAnEntryBundle) {
  EXPECT_LE(kHeaderBytesMax + kBatchSignature + kAddressBytesMax + kHash + 8 * kField,
            kEntryBytesMax);
}

TEST(Limits, AnEnrolmentFitsTheFrameOfAStranger) {
  EXPECT_LE(2 * kCsrBytesMax + 4 * kHash + kAddressBytesMax + 64 + 8 * kField,
            kEnrolmentFrameBytesMax);
}

TEST(Limits, ADirectoryPageFitsAFrame) {
  EXPECT_LE(kDirectoryPageBytesMax + kEntryBytesMax, kFrameBytesMax);
}

TEST(Limits, OneFullMessageFitsAMailboxAndACommit) {
  EXPECT_LE(kFrameBytesMax, kMailboxBytesMax);
  EXPECT_LE(kFrameBytesMax, kCommitBytesMax);
}

}  // namespace
}  // namespace rujukan::limits
