// Goal: a client believes exactly the directory that its invitation's root and the ledger vouch
// for. Method: real directories made by World, handed over as pages, whole, cut, or changed.
#include "agents/link/directory.h"

#include <gtest/gtest.h>

#include "certs/hash.h"
#include "tests/support/log_face.h"
#include "tests/support/world.h"

namespace rujukan::link {
namespace {

using testing::LogFace;
using testing::World;

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryTest() : face_(world_) {
    v1::Genesis genesis;
    genesis.ParseFromString(world_.genesis().genesis());
    pins_ = TrustPins{world_.log().verifier(), certs::Sha256(genesis.root_certificate())};
    world_.AddAgency("dinsos.18");
    world_.AddAgency("lpa.31");
  }

  Result<void> Follow(const v1::DirectoryPage& page) {
    Directory directory(view_, pins_);
    auto writes = directory.Check(page);
    if (!writes) {
      return Fail(writes.error());
    }
    view_.Apply(*writes);
    return {};
  }

  World world_;
  LogFace face_;
  TrustPins pins_;
  ledger::MemoryView view_;
};

TEST_F(DirectoryTest, FollowingItGivesTheKeysTheLedgerHas) {
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  const auto contact = FindContact(view_, World::Address("lpa.31"));
  ASSERT_TRUE(contact.has_value());
  EXPECT_EQ(contact->encryption.der(), world_.member("lpa.31").encryption_certificate.der());
}

TEST_F(DirectoryTest, ItGoesOnWhereItStopped) {
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  world_.AddAgency("uppa.18.01");
  Directory directory(view_, pins_);
  const auto next = directory.NextIndex();
  ASSERT_TRUE(next.has_value());
  ASSERT_TRUE(Follow(face_.Directory(*next)).has_value());
  EXPECT_TRUE(FindContact(view_, World::Address("uppa.18.01")).has_value());
}

TEST_F(DirectoryTest, EntriesSeenBeforeAreSkipped) {
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  EXPECT_TRUE(Follow(face_.Directory(0)).has_value());
}

TEST_F(DirectoryTest, AnotherRootThanTheInvitationsIsRefused) {
  pins_.root_fingerprint = certs::Sha256("another root");
  const auto followed = Follow(face_.Directory(0));
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().code, Errc::kDenied);
}

TEST_F(DirectoryTest, AnOmittedEntryIsNoticed) {
  const auto page = face_.Directory(0);
  v1::DirectoryPage cut;
  for (int i = 0; i < page.entries_size(); ++i) {
    if (i != 2) {
      *cut.add_entries() = page.entries(i);
    }
  }
  const auto followed = Follow(cut);
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().code, Errc::kCorrupt);
  EXPECT_FALSE(FindContact(view_, World::Address("lpa.31")).has_value());
}

TEST_F(DirectoryTest, AnEntryThatIsNotInTheLedgerIsRefused) {
  auto page = face_.Directory(0);
  page.mutable_entries(1)->mutable_entry()->append("x");
  EXPECT_FALSE(Follow(page).has_value());
}

TEST_F(DirectoryTest, ARevokedAgencyGetsNoMoreMessagesButItsPastStillVerifies) {
  const auto key_id = world_.member("lpa.31").signing_certificate.key_id();
  v1::Act act;
  act.mutable_revoke()->set_address(World::Address("lpa.31"));
  act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
  const LogIndex revoked_at = world_.Append(world_.ActEntry(act));
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  EXPECT_EQ(FindContact(view_, World::Address("lpa.31")).error().code, Errc::kDenied);
  const auto before = FindSigner(view_, World::Address("lpa.31"), key_id.view(), revoked_at - 1);
  EXPECT_TRUE(before.has_value());
  const auto after = FindSigner(view_, World::Address("lpa.31"), key_id.view(), revoked_at);
  ASSERT_FALSE(after.has_value());
  EXPECT_EQ(after.error().code, Errc::kDenied);
}

TEST_F(DirectoryTest, AKeyOfAnotherAgencySignsForNobodyElse) {
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  const auto key_id = world_.member("lpa.31").signing_certificate.key_id();
  const auto signer = FindSigner(view_, World::Address("dinsos.18"), key_id.view(), world_.size());
  ASSERT_FALSE(signer.has_value());
  EXPECT_EQ(signer.error().code, Errc::kDenied);
}

}  // namespace
}  // namespace rujukan::link
