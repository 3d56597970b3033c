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

  // The broker appends `entry` without asking the fold, and shows the directory with it.
  Result<void> FollowForged(v1::Entry entry) {
    EXPECT_TRUE(Follow(face_.Directory(0)).has_value());
    world_.AppendUnchecked(std::move(entry));
    return Follow(face_.Directory(0));
  }
  static v1::Act Revoke(std::string_view name) {
    v1::Act act;
    act.mutable_revoke()->set_address(World::Address(name));
    act.mutable_revoke()->set_reason(v1::RevocationReason::KEY_COMPROMISE);
    return act;
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

TEST_F(DirectoryTest, ARevocationLeftOutAtTheEndIsNoticed) {
  world_.Append(world_.ActEntry(Revoke("lpa.31")));
  v1::DirectoryPage page = face_.Directory(0);
  page.mutable_entries()->RemoveLast();
  const auto followed = Follow(page);
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().code, Errc::kCorrupt);
  EXPECT_FALSE(FindContact(view_, World::Address("lpa.31")).has_value()) << "nothing of it counts";
}

TEST_F(DirectoryTest, ARevocationLeftOutBehindMessagesIsNoticedToo) {
  world_.AddAgency("rs.18.01");
  world_.Append(world_.ActEntry(Revoke("lpa.31")));
  v1::DirectoryPage page = face_.Directory(0);
  page.mutable_entries()->RemoveLast();
  world_.Append(
      world_.MessageEntry(world_.HeaderTo("rs.18.01", "dinsos.18", v1::Kind::PEMBERITAHUAN)));
  *page.mutable_newest() = face_.Prove(world_.size() - 1, world_.size());
  const auto followed = Follow(page);
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().code, Errc::kCorrupt);
}

TEST_F(DirectoryTest, AnEndOfTheLedgerThatIsNoneIsRefused) {
  v1::DirectoryPage page = face_.Directory(0);
  page.clear_newest();
  EXPECT_EQ(Follow(page).error().code, Errc::kInvalid) << "not shown";
  page = face_.Directory(0);
  *page.mutable_newest() = face_.Prove(1, world_.size());
  EXPECT_EQ(Follow(page).error().code, Errc::kCorrupt) << "an entry before";
}

// An old checkpoint is signed as well as a new one: its end hides all that came after.
TEST_F(DirectoryTest, AnOlderEndOfTheLedgerIsNoticed) {
  const TreeSize before = world_.size();
  world_.Append(world_.ActEntry(Revoke("lpa.31")));
  v1::DirectoryPage page = face_.Directory(0);
  page.mutable_entries()->RemoveLast();
  *page.mutable_newest() = face_.Prove(before - 1, before);
  const auto followed = Follow(page);
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().code, Errc::kCorrupt);

  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  v1::DirectoryPage later;
  *later.mutable_newest() = face_.Prove(before - 1, before);
  EXPECT_EQ(Follow(later).error().code, Errc::kCorrupt) << "older than what is known";
}

TEST_F(DirectoryTest, APageThatPromisesMoreAndShowsNothingIsRefused) {
  v1::DirectoryPage page;
  page.set_more(true);
  EXPECT_EQ(Follow(page).error().code, Errc::kInvalid);
}

TEST_F(DirectoryTest, TheDirectoryRootIsTheLedgers) {
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  EXPECT_EQ(ledger::ReadHead(view_)->directory_root(),
            ledger::ReadHead(world_.view())->directory_root());
}

TEST_F(DirectoryTest, ADirectoryThatDoesNotBeginWithAGenesisIsRefused) {
  const auto followed = Follow(face_.Directory(3));
  ASSERT_FALSE(followed.has_value());
  EXPECT_EQ(followed.error().code, Errc::kCorrupt);
}

// --- What a broker might add by itself ---

TEST_F(DirectoryTest, AnAgencyThatTheBrokerAddsByItselfIsNoticed) {
  const auto invitation = certs::Ed25519Key::Generate();
  world_.AddApplicant("rs.18.01");
  world_.Append(world_.ActEntry(world_.InviteAct("rs.18.01", invitation)));
  const v1::Entry enrolment = world_.EnrolmentEntry("rs.18.01", invitation);
  world_.Append(enrolment);
  v1::Entry forged = world_.ActEntry(world_.AdmitAct("rs.18.01", enrolment));
  forged.mutable_act()->mutable_signature()->mutable_signature()->back() ^= 1;
  EXPECT_EQ(FollowForged(forged).error().code, Errc::kCorrupt);
  EXPECT_FALSE(FindContact(view_, World::Address("rs.18.01")).has_value());
}

TEST_F(DirectoryTest, AnEncryptionKeyThatTheBrokerSwapsAtAnAdmissionIsNoticed) {
  const auto invitation = certs::Ed25519Key::Generate();
  world_.AddApplicant("rs.18.01");
  world_.Append(world_.ActEntry(world_.InviteAct("rs.18.01", invitation)));
  const v1::Entry enrolment = world_.EnrolmentEntry("rs.18.01", invitation);
  world_.Append(enrolment);
  const auto swapped = world_.NewKeys("rs.18.01");
  v1::Act act = world_.AdmitAct("rs.18.01", enrolment);
  act.mutable_admit()->set_encryption_certificate(swapped.encryption_certificate.der());
  EXPECT_EQ(FollowForged(world_.ActEntry(act)).error().code, Errc::kCorrupt)
      << "even with the admin's signature: nobody asked for that key";
}

TEST_F(DirectoryTest, AnEncryptionKeyThatTheBrokerSwapsInAGrantIsNoticed) {
  const auto next = world_.NewKeys("lpa.31");
  const v1::Entry request = world_.ActEntry(World::RequestKeysAct(next));
  world_.Append(request);
  const auto swapped = world_.NewKeys("lpa.31");
  v1::Act grant = world_.GrantKeysAct(next, request);
  grant.mutable_grant_keys()->set_encryption_certificate(swapped.encryption_certificate.der());
  EXPECT_EQ(FollowForged(world_.ActEntry(grant)).error().code, Errc::kCorrupt);
  EXPECT_EQ(FindContact(view_, World::Address("lpa.31"))->encryption.der(),
            world_.member("lpa.31").encryption_certificate.der());
}

TEST_F(DirectoryTest, AnActChangedOnItsWayIntoTheLedgerIsNoticed) {
  v1::Entry entry = world_.ActEntry(Revoke("lpa.31"));
  v1::Act act;
  ASSERT_TRUE(act.ParseFromString(entry.act().act()));
  act.mutable_revoke()->set_address(World::Address("dinsos.18"));
  entry.mutable_act()->set_act(act.SerializeAsString());
  EXPECT_EQ(FollowForged(entry).error().code, Errc::kCorrupt);
}

TEST_F(DirectoryTest, ASelfMadeAdminIsNoticed) {
  const auto impostor = world_.AddApplicant("admin.99", v1::Role::ADMIN);
  EXPECT_EQ(FollowForged(world_.ActEntryBy(impostor, Revoke("lpa.31"))).error().code,
            Errc::kCorrupt);
}

TEST_F(DirectoryTest, ARootActWithoutTheRootIsNoticed) {
  v1::Entry forged = world_.RootActEntry(v1::RootAct());
  forged.mutable_root_act()->set_signature(world_.admin().signing_key.Sign("anything"));
  EXPECT_EQ(FollowForged(forged).error().code, Errc::kCorrupt);
}

TEST_F(DirectoryTest, RotatedKeysAreFollowed) {
  world_.Rotate("lpa.31");
  ASSERT_TRUE(Follow(face_.Directory(0)).has_value());
  EXPECT_EQ(FindContact(view_, World::Address("lpa.31"))->encryption.der(),
            world_.member("lpa.31").encryption_certificate.der());
}

TEST_F(DirectoryTest, AnEntryThatIsNotInTheLedgerIsRefused) {
  auto page = face_.Directory(0);
  page.mutable_entries(1)->mutable_entry()->append("x");
  EXPECT_FALSE(Follow(page).has_value());
}

TEST_F(DirectoryTest, ARevokedAgencyGetsNoMoreMessagesButItsPastStillVerifies) {
  const auto key_id = world_.member("lpa.31").signing_certificate.key_id();
  const LogIndex revoked_at = world_.Append(world_.ActEntry(Revoke("lpa.31")));
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
