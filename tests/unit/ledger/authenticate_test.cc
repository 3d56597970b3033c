// Goal: no signature, certificate or request passes that should not. Method: real entries of a
// World, one change each.
#include "ledger/authenticate.h"

#include <gtest/gtest.h>

#include "certs/issue.h"
#include "tests/support/world.h"

namespace rujukan::ledger {
namespace {

using R = v1::RefusalReason;
using testing::World;

class AuthenticateTest : public ::testing::Test {
 protected:
  AuthenticateTest() {
    world.AddAgency("uppa.18.01");
    world.AddAgency("dinsos.18");
  }

  // Whether the entry's claim verifies; the reason when it does not even resolve.
  bool ClaimHolds(const v1::Entry& entry) {
    const auto claim = ClaimOfEntry(entry, world.view(), ring);
    EXPECT_TRUE(claim.has_value() && claim->has_value() && (*claim)->has_value());
    certs::VerifiedClaims cache(8);
    const PendingClaim& pending = ***claim;
    return certs::VerifyClaim(pending.key, pending.claim, pending.batch_size, cache);
  }
  R::Code Reason(const v1::Entry& entry) const {
    const auto verdict = AuthenticateDirectoryEntry(entry, world.view());
    EXPECT_TRUE(verdict.has_value());
    return *verdict ? R::UNSPECIFIED : verdict->error().reason;
  }
  v1::Entry EntryAt(LogIndex index) const {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(world.entries()[index]));
    return entry;
  }
  // Entry 3 admits the first agency; it was applied to the view of entries 0 to 2.
  static constexpr LogIndex kFirstAdmit = 3;

  World world;
  KeyRing ring;
};

TEST_F(AuthenticateTest, EveryEntryOfAnHonestLedgerIsAuthentic) {
  for (LogIndex index = 0; index < world.size(); ++index) {
    EXPECT_EQ(Reason(EntryAt(index)), R::UNSPECIFIED) << index;
  }
}

TEST_F(AuthenticateTest, AHeaderSignedByItsSenderHoldsAndOneChangedByteDoesNot) {
  const v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
  v1::Entry entry = world.MessageEntry(header);
  EXPECT_TRUE(ClaimHolds(entry));
  v1::Header changed = header;
  changed.set_urgency(v1::Urgency::BIASA);
  entry.mutable_accepted()->set_header(changed.SerializeAsString());
  EXPECT_FALSE(ClaimHolds(entry));
}

TEST_F(AuthenticateTest, ARefusedHeaderIsClaimedLikeAnAcceptedOne) {
  const v1::Entry message =
      world.MessageEntry(world.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN));
  v1::Entry entry;
  v1::MessageRefused& refused = *entry.mutable_refused();
  refused.set_header(message.accepted().header());
  *refused.mutable_signature() = message.accepted().signature();
  EXPECT_TRUE(ClaimHolds(entry));
  refused.mutable_header()->back() ^= 1;
  EXPECT_FALSE(ClaimHolds(entry));

  refused.clear_header();
  refused.clear_signature();
  const auto claim = ClaimOfEntry(entry, world.view(), ring);
  ASSERT_TRUE(claim.has_value() && claim->has_value());
  EXPECT_FALSE((*claim)->has_value()) << "a bare refusal has nothing signed";
}

TEST_F(AuthenticateTest, AHeadersSignatureDoesNotServeAsADeliveryReceipts) {
  const v1::Entry message =
      world.MessageEntry(world.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN));
  v1::Entry delivery;
  delivery.mutable_delivery()->set_receipt(message.accepted().header());
  *delivery.mutable_delivery()->mutable_signature() = message.accepted().signature();
  EXPECT_FALSE(ClaimHolds(delivery));
}

TEST_F(AuthenticateTest, AnUnknownSignerIsRefused) {
  v1::Entry entry =
      world.MessageEntry(world.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN));
  entry.mutable_accepted()->mutable_signature()->set_signer_key(std::string(32, 'x'));
  const auto claim = ClaimOfEntry(entry, world.view(), ring);
  ASSERT_TRUE(claim.has_value());
  ASSERT_FALSE(claim->has_value());
  EXPECT_EQ(claim->error().reason, R::KEY_UNKNOWN);
}

TEST_F(AuthenticateTest, AGenesisNotSignedByItsRootIsRefused) {
  v1::Entry entry = EntryAt(0);
  (*entry.mutable_genesis()->mutable_signature())[10] ^= 1;
  EXPECT_EQ(Reason(entry), R::BAD_SIGNATURE);
}

TEST_F(AuthenticateTest, ARequestNotSignedWithTheInvitationsKeyIsRefused) {
  const auto invitation = certs::Ed25519Key::Generate();
  v1::Entry entry = world.EnrolmentEntry("dinsos.18", invitation);
  EXPECT_EQ(Reason(entry), R::UNSPECIFIED);
  const auto other = certs::Ed25519Key::Generate();
  entry.mutable_enrolment()->set_signature(other.Sign("anything"));
  EXPECT_EQ(Reason(entry), R::BAD_SIGNATURE);
}

// Applies a change to the admission of the first agency and returns the refusal.
template <class Change>
v1::Entry ChangedAdmit(v1::Entry entry, const Change& change) {
  v1::Act act;
  EXPECT_TRUE(act.ParseFromString(entry.act().act()));
  change(*act.mutable_admit());
  entry.mutable_act()->set_act(act.SerializeAsString());
  return entry;
}

TEST_F(AuthenticateTest, ACertificateForAnotherKeyThanTheOneAskedForIsRefused) {
  const auto& other = world.member("dinsos.18");
  const v1::Entry entry = ChangedAdmit(EntryAt(kFirstAdmit), [&](v1::Admit& admit) {
    admit.set_signing_certificate(other.signing_certificate.der());
  });
  EXPECT_EQ(Reason(entry), R::CERTIFICATE_INVALID);
}

TEST_F(AuthenticateTest, ASelfMadeAuthorityCannotAdmit) {
  const auto key = certs::PrivateKey::Generate();
  const certs::Validity validity{world.now() - 1000, world.now() + 1'000'000'000};
  const auto root = certs::MakeRoot(key, World::kDomain, validity);
  const auto issuing = certs::MakeIssuing({*root, key}, key.Public(), World::kDomain, validity);
  const auto& victim = world.member("uppa.18.01");
  const auto leaf = certs::IssueLeaf(
      {*issuing, key},
      {victim.signing_key.Public(), victim.address, certs::Usage::kSigning, validity});
  ASSERT_TRUE(leaf.has_value());
  const v1::Entry entry = ChangedAdmit(
      EntryAt(kFirstAdmit), [&](v1::Admit& admit) { admit.set_signing_certificate(leaf->der()); });
  EXPECT_EQ(Reason(entry), R::CERTIFICATE_INVALID);
}

TEST_F(AuthenticateTest, SigningAndEncryptionCertificatesCannotChangePlaces) {
  const v1::Entry entry = ChangedAdmit(EntryAt(kFirstAdmit), [](v1::Admit& admit) {
    std::swap(*admit.mutable_signing_certificate(), *admit.mutable_encryption_certificate());
  });
  EXPECT_EQ(Reason(entry), R::CERTIFICATE_INVALID);
}

TEST_F(AuthenticateTest, TheShortFingerprintIsTwelveDigitsInThreeGroups) {
  EXPECT_EQ(ShortFingerprint(std::string(32, '\0')), "0000 0000 0000");
  EXPECT_EQ(ShortFingerprint(std::string("\0\0\0\0\0\0\0\x2a", 8)), "0000 0000 0042");
}

}  // namespace
}  // namespace rujukan::ledger
