// Goal: what the root key signs mends a domain and is the root's alone; the directory root names
// all that came before. Method: root acts of a World, forged, replayed and misdirected; directories
// that differ in one byte.
#include "certs/batch.h"
#include "certs/issue.h"
#include "ledger/authenticate.h"
#include "tests/support/outside_ca.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using rujukan::testing::OutsideCa;
using testing::ActTest;
using testing::K;
using testing::Member;
using testing::R;
using testing::World;

class RootActTest : public ActTest {
 protected:
  // admin.02, whom nobody has invited.
  v1::RootAct Appointment() {
    const Member& member = world.AddApplicant("admin.02", v1::Role::ADMIN);
    v1::RootAct act;
    v1::Admit& admin = *act.mutable_admin();
    admin.set_address(member.address);
    admin.set_official_name("Admin 2 (CONTOH)");
    admin.set_region("kemendagri:18");
    admin.set_signing_certificate(member.signing_certificate.der());
    admin.set_transport_key(member.transport.public_key.str());
    return act;
  }
  R::Code Root(const v1::RootAct& act) { return Whole(world.RootActEntry(act)); }
  certs::Validity Years(int years) const {
    return {world.now() - kHour, world.now() + years * 365 * kDay};
  }
};

TEST_F(RootActTest, TheRootAppointsAnAdminWhenAllAreLost) {
  v1::RootAct act = Appointment();
  *act.add_revoke() = RevokeOf("admin.01");
  ASSERT_EQ(Root(act), R::UNSPECIFIED) << advice;
  EXPECT_EQ(RecordOf("admin.02").role(), v1::Role::ADMIN);
  EXPECT_EQ(Admin(Suspend("dinsos.18.01")), R::NO_RIGHT);
  EXPECT_EQ(By("admin.02", Suspend("dinsos.18.01")), R::UNSPECIFIED);
}

TEST_F(RootActTest, AnAddressThatItTakesOutCanBeGivenAnew) {
  const Member lost = world.admin();
  v1::RootAct act = Appointment();
  *act.add_revoke() = RevokeOf("admin.01");
  const Member next = world.NewKeys("admin.01");
  act.mutable_admin()->set_address(next.address);
  act.mutable_admin()->set_signing_certificate(next.signing_certificate.der());
  ASSERT_EQ(Root(act), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Whole(world.ActEntryBy(lost, Suspend("dinsos.18.01"))), R::KEY_REVOKED);
  EXPECT_EQ(Whole(world.ActEntryBy(next, Suspend("dinsos.18.01"))), R::UNSPECIFIED);
}

TEST_F(RootActTest, AnybodyElsesSignatureIsForged) {
  v1::Entry entry = world.RootActEntry(Appointment());
  const std::string statement = std::string(certs::kRootActContext) + entry.root_act().act();
  for (const certs::PrivateKey& key : {world.admin().signing_key, world.issuer().key}) {
    entry.mutable_root_act()->set_signature(key.Sign(statement));
    EXPECT_EQ(Whole(entry), R::BAD_SIGNATURE);
  }
  entry.mutable_root_act()->set_signature(
      world.root().key.Sign(std::string(certs::kGenesisContext) + entry.root_act().act()));
  EXPECT_EQ(Whole(entry), R::BAD_SIGNATURE) << "the root's, but for something else";
  entry = world.RootActEntry(Appointment());
  entry.mutable_root_act()->mutable_act()->append("\xa0\x06\x01");
  EXPECT_EQ(Whole(entry), R::BAD_SIGNATURE) << "changed afterwards";
}

TEST_F(RootActTest, ARootActCountsOnceAndInItsOwnDomain) {
  v1::RootAct foreign = Appointment();
  foreign.set_domain("other.example");
  EXPECT_EQ(Root(foreign), R::ACT_INVALID);
  const v1::Entry entry = world.RootActEntry(Appointment());
  EXPECT_EQ(Whole(entry), R::UNSPECIFIED);
  EXPECT_EQ(Whole(entry), R::ID_REUSED);
}

TEST_F(RootActTest, ItAppointsNobodyOutsideTheDomainOrWithoutACertificate) {
  v1::RootAct act = Appointment();
  act.mutable_admin()->set_address("admin.02@other.example");
  EXPECT_EQ(Root(act), R::CERTIFICATE_INVALID);
  act = Appointment();
  act.mutable_admin()->set_encryption_certificate(
      world.member("admin.02").encryption_certificate.der());
  EXPECT_EQ(Root(act), R::ACT_INVALID) << "admins receive no messages";
}

TEST_F(RootActTest, ANewIssuingCaIssuesFromThenOnAndWhatTheOldOneIssuedStays) {
  const auto key = certs::PrivateKey::Generate();
  auto issuing = certs::MakeIssuing(world.root(), key.Public(), World::kDomain, Years(5)).value();
  v1::RootAct act;
  act.set_issuing_certificate(issuing.der());
  ASSERT_EQ(Root(act), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN)), R::UNSPECIFIED);

  const Member by_old = world.NewKeys("dinsos.18.01");
  const v1::Entry request = world.ActEntry(World::RequestKeysAct(by_old));
  ASSERT_EQ(Whole(request), R::UNSPECIFIED);
  EXPECT_EQ(Admin(world.GrantKeysAct(by_old, request)), R::CERTIFICATE_INVALID);
  world.UseIssuing(std::move(issuing), key);
  world.Rotate("dinsos.18.01");
  EXPECT_EQ(Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN)), R::UNSPECIFIED);
}

TEST_F(RootActTest, AnIssuingCaOfAnotherRootIsRefused) {
  const auto key = certs::PrivateKey::Generate();
  const auto root = certs::MakeRoot(key, World::kDomain, Years(5)).value();
  const auto rogue =
      certs::MakeIssuing({root, key}, key.Public(), World::kDomain, Years(5)).value();
  v1::RootAct act;
  act.set_issuing_certificate(rogue.der());
  EXPECT_EQ(Root(act), R::CERTIFICATE_INVALID);
}

// The root's reason to exist: it acts when nothing else can any more.
TEST_F(RootActTest, ItWorksAfterTheIssuingCaHasExpired) {
  world.Advance(6 * 365 * kDay);  // five years are the issuing CA's
  v1::RootAct act;
  *act.add_revoke() = RevokeOf("dinsos.18.01");
  EXPECT_EQ(Root(act), R::UNSPECIFIED) << advice;
  EXPECT_EQ(StatusOf("dinsos.18.01"), v1::AgencyStatus::NONAKTIF);
}

TEST_F(RootActTest, WhomItTakesOutIsCutAndTheMailIsSettled) {
  ASSERT_EQ(Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN)), R::UNSPECIFIED);
  v1::RootAct act;
  *act.add_revoke() = RevokeOf("dinsos.18.01", v1::PendingMail::BOUNCE);
  const v1::Entry entry = world.RootActEntry(act);
  const Effects effects = EffectsOf(entry);
  EXPECT_EQ(effects.cut, std::vector<std::string>{World::Address("dinsos.18.01")});
  ASSERT_EQ(effects.waiting.size(), 1U);
  EXPECT_TRUE(effects.waiting[0].bounced);
  ASSERT_EQ(Whole(entry), R::UNSPECIFIED);
  EXPECT_TRUE(MailboxOf("dinsos.18.01").empty());
}

TEST_F(RootActTest, ItLiftsTheTwoAdminRuleWhenOneAdminIsLeft) {
  world.AddMember("admin.03", v1::Role::ADMIN);
  ASSERT_EQ(Admin(SetRules(true)), R::UNSPECIFIED);
  v1::RootAct act;
  act.mutable_rules()->set_two_admins(false);
  ASSERT_EQ(Root(act), R::UNSPECIFIED);
  EXPECT_EQ(Admin(SetPolicy(1, "rujukan-policy 1\nname \"a / b\"\n")), R::UNSPECIFIED) << advice;
}

TEST_F(RootActTest, BeforeAGenesisThereIsNoRootThatCouldAct) {
  const MemoryView empty;
  v1::Entry entry = world.RootActEntry(Appointment());
  const auto authentic = AuthenticateDirectoryEntry(entry, empty);
  ASSERT_TRUE(authentic.has_value()) << "a refusal, not an error: " << authentic.error().context;
  ASSERT_FALSE(authentic->has_value());
  EXPECT_EQ(authentic->error().reason, R::ACT_INVALID);
}

// --- The directory root ---

std::string RootAfter(const std::vector<std::string>& entries) {
  std::string root;
  for (size_t i = 0; i < entries.size(); ++i) {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(entries[i]));
    root = IsDirectoryEntry(entry) ? NextDirectoryRoot(root, entry, i) : root;
  }
  return root;
}

TEST_F(RootActTest, TheDirectoryRootIsThatOfItsEntriesAndMessagesDoNotChangeIt) {
  const std::string before = ReadHead(world.view())->directory_root();
  EXPECT_EQ(before, RootAfter(world.entries()));
  ASSERT_EQ(Send(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN)), R::UNSPECIFIED);
  EXPECT_EQ(ReadHead(world.view())->directory_root(), before);
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_NE(ReadHead(world.view())->directory_root(), before);
}

TEST_F(RootActTest, OneChangedByteGivesAnotherDirectoryRoot) {
  const std::string honest = RootAfter(world.entries());
  for (size_t i = 0; i < world.entries().size(); ++i) {
    std::vector<std::string> entries = world.entries();
    v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(entries[i]));
    entry.set_time_ms(entry.time_ms() + 1);
    entries[i] = entry.SerializeAsString();
    EXPECT_NE(RootAfter(entries), honest) << i;
  }
  std::vector<std::string> moved = world.entries();
  std::swap(moved[1], moved[4]);
  EXPECT_NE(RootAfter(moved), honest);
}

TEST_F(RootActTest, AnEntryThatStandsOnAnotherDirectoryIsRefused) {
  v1::Entry entry = world.Placed(world.ActEntry(Suspend("dinsos.18.01")));
  entry.mutable_directory_root()->back() ^= 1;
  EXPECT_EQ(Whole(entry), R::ACT_INVALID);
  entry = world.Placed(world.ActEntry(Suspend("dinsos.18.01")));
  entry.set_directory_previous(entry.directory_previous() - 1);
  EXPECT_EQ(Whole(entry), R::ACT_INVALID);
  v1::Entry message = world.MessageEntry(world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN));
  message.set_directory_root(std::string(32, 'r'));
  EXPECT_EQ(Whole(message), R::ACT_INVALID) << "only directory entries carry it";
}

}  // namespace
}  // namespace rujukan::ledger
