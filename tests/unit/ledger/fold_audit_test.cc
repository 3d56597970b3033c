// Goal: nobody reads the ledger unrecorded, and no agency takes something out of its own log of
// reading. Method: a World; statements that are right, and the same with one thing wrong.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "certs/hash.h"
#include "ledger/records.h"
#include "ledger/tree.h"
#include "tests/unit/ledger/act_fixture.h"
#include "tests/unit/ledger/memory_tiles.h"

namespace rujukan::ledger {
namespace {

using testing::R;
using testing::World;

class FoldAuditTest : public testing::ActTest {
 protected:
  FoldAuditTest() { world.AddMember("auditor.01", v1::Role::AUDITOR); }

  R::Code Read(const v1::AuditRead& read, std::string_view by = "auditor.01") {
    return Whole(world.AuditReadEntry(by, read));
  }

  // A trail of `size` reads; `other` ones differ from the first on.
  void Grow(Tree& tree, TreeSize size, std::string_view kind = "read") {
    while (tree.size() < size) {
      tree.Append(LeafHash(std::string(kind) + std::to_string(tree.size())));
    }
    tiles_.Store(tree.TakeChangedTiles());
  }
  v1::ReadTrailAnchor AnchorOf(const Tree& tree, TreeSize before) const {
    v1::ReadTrailAnchor anchor;
    anchor.set_size(tree.size());
    anchor.set_root(tree.Root().str());
    if (before != 0) {
      const auto proof = ConsistencyProof(before, tree.size(), tiles_);
      for (const Digest& hash : proof.value()) {
        anchor.add_consistency(hash.str());
      }
    }
    return anchor;
  }
  R::Code Anchor(const v1::ReadTrailAnchor& anchor, std::string_view by = "dinsos.18.01") {
    return Whole(world.ReadTrailEntry(by, anchor));
  }

  MemoryTiles tiles_;
};

TEST_F(FoldAuditTest, AnAuditorsReadingIsOnRecordUnderTheDigestOfItsToken) {
  v1::AuditRead read;
  read.set_first(2);
  read.set_end(9);
  read.set_token_digest(certs::Sha256("token").str());
  ASSERT_EQ(Read(read), R::UNSPECIFIED) << advice;
  const auto record = ReadAuditRead(world.view(), certs::Sha256("token").view());
  ASSERT_TRUE(record && *record);
  EXPECT_EQ((*record)->auditor(), World::Address("auditor.01"));
  EXPECT_EQ((*record)->first(), 2U);
  EXPECT_EQ((*record)->end(), 9U);
  EXPECT_EQ((*record)->expires_at_ms(), world.now() + kHour);
  EXPECT_EQ((*record)->index(), world.size() - 1);
}

TEST_F(FoldAuditTest, OnlyAnActiveAuditorOpensAReading) {
  EXPECT_EQ(Read({}, "dinsos.18.01"), R::NO_RIGHT);
  world.Append(world.ActEntry(Suspend("auditor.01")));
  EXPECT_EQ(Read({}), R::NO_RIGHT);
  world.Append(world.ActEntry(Resume("auditor.01")));
  EXPECT_EQ(Read({}), R::UNSPECIFIED);
  world.Append(world.ActEntry(Revoke("auditor.01")));
  EXPECT_EQ(Read({}), R::NO_RIGHT);
}

TEST_F(FoldAuditTest, AReadingIsOpenForADayAtMostAndNotLonger) {
  v1::AuditRead read;
  read.set_created_at_ms(world.now());
  read.set_expires_at_ms(world.now() + limits::kAuditReadLifeMsMax);
  EXPECT_EQ(Read(read), R::UNSPECIFIED);
  read.set_expires_at_ms(world.now() + limits::kAuditReadLifeMsMax + 1);
  EXPECT_EQ(Read(read), R::MALFORMED);
  read.set_expires_at_ms(world.now());
  EXPECT_EQ(Read(read), R::MALFORMED) << "it ends as it begins";
  read.set_created_at_ms(world.now() - kHour);
  EXPECT_EQ(Read(read), R::EXPIRED);
}

TEST_F(FoldAuditTest, AReadingIsRecordedOnceAndATokenOpensOne) {
  v1::AuditRead read;
  read.set_read_id(std::string(16, 'r'));
  ASSERT_EQ(Read(read), R::UNSPECIFIED);
  EXPECT_EQ(Read(read), R::ID_REUSED);
  v1::AuditRead again;
  again.set_token_digest(certs::Sha256(read.read_id()).str());
  EXPECT_EQ(Read(again), R::ID_REUSED);
}

TEST_F(FoldAuditTest, AReadingSaysItsRangeAndItsPurpose) {
  v1::AuditRead read;
  read.set_first(5);
  read.set_end(5);
  EXPECT_EQ(Read(read), R::MALFORMED);
  read.set_end(6);
  read.set_purpose(std::string(limits::kNoteBytesMax, 'x'));
  EXPECT_EQ(Read(read), R::UNSPECIFIED);
  read.set_purpose(std::string(limits::kNoteBytesMax + 1, 'x'));
  EXPECT_EQ(Read(read), R::MALFORMED);
  read.clear_purpose();
  v1::Entry silent = world.AuditReadEntry("auditor.01", read);
  ASSERT_TRUE(read.ParseFromString(silent.audit_read().read()));
  read.clear_purpose();
  silent.mutable_audit_read()->set_read(read.SerializeAsString());
  const auto refusal = world.Try(silent);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->reason, R::MALFORMED);
}

TEST_F(FoldAuditTest, WhatIsOpenedTooOftenHasToWait) {
  for (uint32_t i = 0; i < limits::kAgencyActsPerHour; ++i) {
    ASSERT_FALSE(world.Try(world.AuditReadEntry("auditor.01", {}))) << i;
  }
  EXPECT_EQ(world.Try(world.AuditReadEntry("auditor.01", {}))->reason, R::RATE_LIMITED);
  world.Advance(kHour);
  EXPECT_FALSE(world.Try(world.AuditReadEntry("auditor.01", {})));
}

TEST_F(FoldAuditTest, AReadTrailGrowsFromWhatWasAnchoredBefore) {
  Tree trail;
  Grow(trail, 3);
  ASSERT_EQ(Anchor(AnchorOf(trail, 0)), R::UNSPECIFIED) << advice;
  Grow(trail, 300);
  ASSERT_EQ(Anchor(AnchorOf(trail, 3)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Anchor(AnchorOf(trail, 300)), R::UNSPECIFIED) << "nothing read since";
  const auto record = ReadReadTrail(world.view(), World::Address("dinsos.18.01"));
  ASSERT_TRUE(record && *record);
  EXPECT_EQ((*record)->size(), 300U);
  EXPECT_EQ((*record)->root(), trail.Root().view());
}

TEST_F(FoldAuditTest, AReadThatIsTakenOutOrChangedIsNoticed) {
  Tree trail;
  Grow(trail, 5);
  ASSERT_EQ(Anchor(AnchorOf(trail, 0)), R::UNSPECIFIED);
  tiles_ = {};
  Tree shorter;
  Grow(shorter, 4);
  EXPECT_EQ(Anchor(AnchorOf(shorter, 0)), R::TRAIL_REWRITTEN);
  tiles_ = {};
  Tree changed;
  Grow(changed, 9, "other");
  EXPECT_EQ(Anchor(AnchorOf(changed, 5)), R::TRAIL_REWRITTEN);
  EXPECT_EQ(Anchor(AnchorOf(changed, 0)), R::TRAIL_REWRITTEN) << "as if it began anew";
}

TEST_F(FoldAuditTest, AFirstAnchorClaimsNothingBefore) {
  Tree trail;
  Grow(trail, 5);
  EXPECT_EQ(Anchor(AnchorOf(trail, 2)), R::TRAIL_REWRITTEN);
  v1::ReadTrailAnchor empty;
  empty.set_root(trail.Root().str());
  EXPECT_EQ(Anchor(empty), R::MALFORMED);
}

TEST_F(FoldAuditTest, NobodyAnchorsForAnother) {
  Tree trail;
  Grow(trail, 1);
  v1::Entry entry = world.ReadTrailEntry("dinsos.18.01", AnchorOf(trail, 0));
  v1::ReadTrailAnchor stolen;
  ASSERT_TRUE(stolen.ParseFromString(entry.read_trail().anchor()));
  stolen.set_agency(World::Address("lpa.18.01"));
  entry.mutable_read_trail()->set_anchor(stolen.SerializeAsString());
  EXPECT_EQ(Whole(entry), R::BAD_SIGNATURE);
  EXPECT_EQ(Anchor(AnchorOf(trail, 0), "auditor.01"), R::NO_RIGHT) << "only agencies hold content";
}

}  // namespace
}  // namespace rujukan::ledger
