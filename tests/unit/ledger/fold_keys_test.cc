// Goal: keys change without a gap and without a way in: the old ones count exactly as long as they
// should, and nobody gets keys in another's name. Method: rotations by real requests and grants, at
// the limits of their times and one millisecond past.
#include "base/limits.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::K;
using testing::Member;
using testing::R;
using testing::World;

class FoldKeysTest : public ActTest {
 protected:
  FoldKeysTest() { world.AddMember("registrar.01", v1::Role::REGISTRAR); }

  v1::Entry Ask(const Member& next) {
    const v1::Entry request = world.ActEntry(World::RequestKeysAct(next));
    EXPECT_EQ(Whole(request), R::UNSPECIFIED);
    return request;
  }
  // A referral from `signer`, signed with its keys.
  R::Code SendSignedBy(const Member& signer) {
    const v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
    v1::Entry entry = world.MessageEntry(header);
    *entry.mutable_accepted()->mutable_signature() = world.SignHeader(header, signer).signature;
    return Whole(entry);
  }
  // A referral to dinsos.18.01, sealed to these keys.
  R::Code SendSealedTo(const Member& reader) {
    v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
    header.set_recipient_keys(0, reader.encryption_certificate.key_id().str());
    return Send(header);
  }
  // Its certificate ends in so long.
  void ShortenTo(std::string_view name, UnixMillis left) {
    const v1::KeyRecord key = KeyOf(world.member(name).signing_certificate);
    world.Advance(key.not_after_ms() - left - world.now());
  }
};

TEST_F(FoldKeysTest, AGrantPutsTheNewKeysInForceAndRetiresTheOld) {
  const Member former = world.Rotate("dinsos.18.01");
  const Member& present = world.member("dinsos.18.01");
  const v1::AgencyRecord record = RecordOf("dinsos.18.01");
  EXPECT_EQ(record.signing_key(), present.signing_certificate.key_id().view());
  EXPECT_EQ(record.encryption_key(), present.encryption_certificate.key_id().view());
  EXPECT_EQ(record.transport_key(), present.transport.public_key.view());
  EXPECT_EQ(record.encryption_until_ms(), present.encryption_certificate.not_after());
  EXPECT_EQ(record.retired_keys_size(), 2);
  EXPECT_EQ(KeyOf(former.signing_certificate).retires_at_ms(), world.now() + limits::kKeyOverlapMs);
  EXPECT_FALSE(Revoked(former.signing_certificate));
  EXPECT_FALSE(ReadRotation(world.view(), World::Address("dinsos.18.01"))->has_value());
}

TEST_F(FoldKeysTest, ARetiredSigningKeyCountsThroughTheOverlapAndNotAMillisecondLonger) {
  const Member former = world.Rotate("uppa.18.01");
  EXPECT_EQ(SendSignedBy(world.member("uppa.18.01")), R::UNSPECIFIED);
  world.Advance(limits::kKeyOverlapMs);
  EXPECT_EQ(SendSignedBy(former), R::UNSPECIFIED);
  world.Advance(1);
  EXPECT_EQ(SendSignedBy(former), R::KEY_EXPIRED);
  EXPECT_EQ(SendSignedBy(world.member("uppa.18.01")), R::UNSPECIFIED);
}

TEST_F(FoldKeysTest, MailSealedToARetiredKeyIsTakenThroughTheOverlapAndNotAMillisecondLonger) {
  const Member former = world.Rotate("dinsos.18.01");
  EXPECT_EQ(SendSealedTo(world.member("dinsos.18.01")), R::UNSPECIFIED);
  world.Advance(limits::kKeyOverlapMs);
  EXPECT_EQ(SendSealedTo(former), R::UNSPECIFIED);
  world.Advance(1);
  EXPECT_EQ(SendSealedTo(former), R::KEY_EXPIRED);
  EXPECT_EQ(rule, "D9");
}

TEST_F(FoldKeysTest, ADeliveryReceiptOfTheOldKeyCountsDuringTheOverlap) {
  const v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
  ASSERT_EQ(Send(header), R::UNSPECIFIED);
  const v1::Entry receipt = world.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED);
  world.Rotate("dinsos.18.01");
  EXPECT_EQ(Whole(receipt), R::UNSPECIFIED);
}

TEST_F(FoldKeysTest, TheTransportKeySwapsWithTheGrantAndStaysWhenNoneIsAskedFor) {
  const Member former = world.member("dinsos.18.01");
  Member next = world.NewKeys("dinsos.18.01");
  v1::Act ask = World::RequestKeysAct(next);
  ask.mutable_request_keys()->clear_transport_key();
  v1::Entry request = world.ActEntry(ask);
  ASSERT_EQ(Whole(request), R::UNSPECIFIED);
  ASSERT_EQ(Admin(world.GrantKeysAct(next, request)), R::UNSPECIFIED);
  EXPECT_EQ(RecordOf("dinsos.18.01").transport_key(), former.transport.public_key.view());
  world.Equip(std::move(next));

  world.Rotate("dinsos.18.01");
  EXPECT_FALSE(*world.view().Get(Table::kTransport, former.transport.public_key.view()));
  EXPECT_TRUE(*world.view().Get(Table::kTransport,
                                world.member("dinsos.18.01").transport.public_key.view()));
}

TEST_F(FoldKeysTest, ATransportKeyInUseIsNobodyElses) {
  v1::Act ask = World::RequestKeysAct(world.NewKeys("dinsos.18.01"));
  ask.mutable_request_keys()->set_transport_key(
      world.member("lpa.18.01").transport.public_key.str());
  EXPECT_EQ(Whole(world.ActEntry(ask)), R::ACT_INVALID);
}

TEST_F(FoldKeysTest, KeysAreGrantedForTheKeysThatWereAskedForAndNoOthers) {
  const Member asked = world.NewKeys("dinsos.18.01");
  const v1::Entry request = Ask(asked);
  const Member swapped = world.NewKeys("dinsos.18.01");
  v1::Act grant = world.GrantKeysAct(asked, request);
  grant.mutable_grant_keys()->set_encryption_certificate(swapped.encryption_certificate.der());
  EXPECT_EQ(Admin(grant), R::CERTIFICATE_INVALID) << "an encryption key nobody asked for";
  grant = world.GrantKeysAct(asked, request);
  grant.mutable_grant_keys()->set_signing_certificate(swapped.signing_certificate.der());
  EXPECT_EQ(Admin(grant), R::CERTIFICATE_INVALID);
  grant = world.GrantKeysAct(asked, request);
  grant.mutable_grant_keys()->clear_encryption_certificate();
  EXPECT_EQ(Admin(grant), R::CERTIFICATE_INVALID);
  EXPECT_EQ(Admin(world.GrantKeysAct(asked, request)), R::UNSPECIFIED);
  EXPECT_EQ(Admin(world.GrantKeysAct(asked, request)), R::ACT_INVALID) << "granted already";
}

TEST_F(FoldKeysTest, AGrantAnswersTheNewestRequestAlone) {
  const Member first = world.NewKeys("dinsos.18.01");
  const v1::Entry earlier = Ask(first);
  const Member second = world.NewKeys("dinsos.18.01");
  const v1::Entry later = Ask(second);
  EXPECT_EQ(Admin(world.GrantKeysAct(first, earlier)), R::ACT_INVALID);
  EXPECT_EQ(Admin(world.GrantKeysAct(second, later)), R::UNSPECIFIED);
}

TEST_F(FoldKeysTest, ARefusedRequestIsGoneAndTheOldKeysStay) {
  const Member next = world.NewKeys("dinsos.18.01");
  const v1::Entry request = Ask(next);
  v1::Act refuse;
  refuse.mutable_refuse_keys()->set_address(next.address);
  refuse.mutable_refuse_keys()->set_request_act("another");
  EXPECT_EQ(Admin(refuse), R::ACT_INVALID);
  v1::Act asked;
  ASSERT_TRUE(asked.ParseFromString(request.act().act()));
  refuse.mutable_refuse_keys()->set_request_act(asked.act_id());
  EXPECT_EQ(Admin(refuse), R::UNSPECIFIED);
  EXPECT_EQ(Admin(world.GrantKeysAct(next, request)), R::ACT_INVALID);
  EXPECT_EQ(RecordOf("dinsos.18.01").signing_key(),
            world.member("dinsos.18.01").signing_certificate.key_id().view());
}

TEST_F(FoldKeysTest, ARequestNeedsTheEncryptionKeyOfItsRole) {
  v1::Act ask = World::RequestKeysAct(world.NewKeys("dinsos.18.01"));
  ask.mutable_request_keys()->clear_encryption_csr();
  EXPECT_EQ(Whole(world.ActEntry(ask)), R::ACT_INVALID);
  Member registrar = world.NewKeys("registrar.01");
  registrar.role = v1::Role::AGENCY;
  EXPECT_EQ(Whole(world.ActEntry(World::RequestKeysAct(registrar))), R::ACT_INVALID);
}

// Whoever has stolen a key that was replaced must not get itself new ones with it.
TEST_F(FoldKeysTest, OnlyTheKeyInForceAsksForNewKeys) {
  const Member former = world.Rotate("dinsos.18.01");
  EXPECT_EQ(Whole(world.ActEntryBy(former, World::RequestKeysAct(world.NewKeys("dinsos.18.01")))),
            R::KEY_EXPIRED);
  EXPECT_EQ(Whole(world.ActEntryBy(former, Describe("dinsos.18.01"))), R::UNSPECIFIED)
      << "what was under way still counts";
}

TEST_F(FoldKeysTest, ARegistrarRenewsFromTheWindowOnAndNotAMillisecondEarlier) {
  ShortenTo("dinsos.18.01", limits::kRenewalWindowMs + 1);
  const Member registrar = world.Rotate("registrar.01");
  const Member next = world.NewKeys("dinsos.18.01");
  const v1::Entry request = Ask(next);
  EXPECT_EQ(By("registrar.01", world.GrantKeysAct(next, request)), R::TOO_EARLY);
  world.Advance(1);
  EXPECT_EQ(By("registrar.01", world.GrantKeysAct(next, request)), R::UNSPECIFIED);
}

TEST_F(FoldKeysTest, AnAdminRenewsAtAnyTime) {
  const Member next = world.NewKeys("dinsos.18.01");
  EXPECT_EQ(Admin(world.GrantKeysAct(next, Ask(next))), R::UNSPECIFIED);
}

TEST_F(FoldKeysTest, ARegistrarRenewsAgenciesAndNeitherAdminsNorItself) {
  ShortenTo("registrar.01", kDay);
  for (const std::string_view name : {"registrar.01", "admin.01"}) {
    Member next = world.NewKeys(name);
    next.role = v1::Role::REGISTRAR;  // no encryption key
    const v1::Entry request = Ask(next);
    EXPECT_EQ(By("registrar.01", world.GrantKeysAct(next, request)), R::NO_RIGHT) << name;
  }
}

TEST_F(FoldKeysTest, KeysChangeUpToTheLimitWithinAnOverlapAndAgainWhenItIsOver) {
  const size_t changes = limits::kRetiredKeysMax / 2;
  for (size_t i = 0; i < changes; ++i) {
    world.Rotate("dinsos.18.01");
  }
  EXPECT_EQ(RecordOf("dinsos.18.01").retired_keys_size(),
            static_cast<int>(limits::kRetiredKeysMax));
  const Member next = world.NewKeys("dinsos.18.01");
  const v1::Entry request = Ask(next);
  EXPECT_EQ(Admin(world.GrantKeysAct(next, request)), R::ACT_INVALID);
  world.Advance(limits::kKeyOverlapMs);
  EXPECT_EQ(Admin(world.GrantKeysAct(next, request)), R::UNSPECIFIED);
  EXPECT_EQ(RecordOf("dinsos.18.01").retired_keys_size(), 2);
}

TEST_F(FoldKeysTest, TheSuspendedAreGrantedNothing) {
  const Member next = world.NewKeys("dinsos.18.01");
  const v1::Entry request = Ask(next);
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(world.GrantKeysAct(next, request)), R::ACT_INVALID);
  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(Admin(world.GrantKeysAct(next, request)), R::UNSPECIFIED);
}

// Two certificates of one number could not be told apart on a list of revoked ones. (Changed after
// it was signed, so by the fold alone.)
TEST_F(FoldKeysTest, ASerialNumberIsGrantedOnce) {
  const std::string taken = world.member("lpa.18.01").signing_certificate.serial();
  Member next = world.NewKeys("dinsos.18.01");
  while (next.signing_certificate.serial().size() != taken.size()) {
    next = world.NewKeys("dinsos.18.01");
  }
  const v1::Entry request = Ask(next);
  v1::Act grant = world.GrantKeysAct(next, request);
  std::string& der = *grant.mutable_grant_keys()->mutable_signing_certificate();
  der.replace(der.find(next.signing_certificate.serial()), taken.size(), taken);
  const auto refusal = world.Try(world.ActEntry(grant));
  ASSERT_TRUE(refusal.has_value());
  EXPECT_EQ(refusal->reason, R::ACT_INVALID);
}

TEST_F(FoldKeysTest, ACertificateIsGrantedOnce) {
  const Member next = world.NewKeys("dinsos.18.01");
  ASSERT_EQ(Admin(world.GrantKeysAct(next, Ask(next))), R::UNSPECIFIED);
  world.Equip(next);
  const v1::Entry again = world.ActEntry([&] {
    v1::Act act = World::RequestKeysAct(next);
    act.mutable_request_keys()->clear_transport_key();
    return act;
  }());
  ASSERT_EQ(Whole(again), R::UNSPECIFIED);
  EXPECT_EQ(Admin(world.GrantKeysAct(next, again)), R::ACT_INVALID);
}

}  // namespace
}  // namespace rujukan::ledger
