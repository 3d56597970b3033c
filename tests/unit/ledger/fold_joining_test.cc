// Goal: an invitation brings in exactly whom it was made for, once, and nobody gets in beside it.
// Method: each way in that is not the straight one is tried with real requests and certificates; a
// member that replaces lost keys keeps all but them.
#include "base/limits.h"
#include "certs/batch.h"
#include "ledger/authenticate.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::ActTest;
using testing::K;
using testing::Member;
using testing::R;
using testing::World;

class FoldJoiningTest : public ActTest {
 protected:
  // A new agency, invited.
  void Invite(std::string_view name, v1::Act act) {
    world.AddApplicant(name);
    ASSERT_EQ(Admin(act), R::UNSPECIFIED) << advice;
  }
  void Invite(std::string_view name) { Invite(name, world.InviteAct(name, key)); }
  // Invited and asked.
  v1::Entry Requested(std::string_view name) {
    Invite(name);
    v1::Entry enrolment = world.EnrolmentEntry(name, key);
    EXPECT_EQ(Whole(enrolment), R::UNSPECIFIED) << advice;
    return enrolment;
  }
  // The request with one change, signed with the invitation's key.
  template <class Change>
  v1::Entry ChangedRequest(std::string_view name, const Change& change) const {
    v1::Entry entry = world.EnrolmentEntry(name, key);
    v1::EnrolmentRequest request;
    EXPECT_TRUE(request.ParseFromString(entry.enrolment().request()));
    change(request);
    entry.mutable_enrolment()->set_request(request.SerializeAsString());
    entry.mutable_enrolment()->set_signature(
        key.Sign(std::string(certs::kEnrolmentContext) + entry.enrolment().request()));
    return entry;
  }
  template <class Change>
  R::Code AdmitChanged(std::string_view name, const v1::Entry& enrolment, const Change& change) {
    v1::Act act = world.AdmitAct(name, enrolment);
    change(*act.mutable_admit());
    return Admin(act);
  }
  certs::Validity Year() const { return {world.now() - kHour, world.now() + 365 * kDay}; }

  certs::Ed25519Key key = certs::Ed25519Key::Generate();
};

TEST_F(FoldJoiningTest, AnInvitationThatWasNeverMadeIsUnknown) {
  world.AddApplicant("rs.18.01");
  EXPECT_EQ(Whole(world.EnrolmentEntry("rs.18.01", key)), R::INVITATION_UNKNOWN);
}

TEST_F(FoldJoiningTest, AnInvitationServesOnce) {
  const v1::Entry enrolment = Requested("rs.18.01");
  EXPECT_EQ(Whole(enrolment), R::INVITATION_USED) << "replayed";
  world.AddApplicant("rs.18.01");
  EXPECT_EQ(Whole(world.EnrolmentEntry("rs.18.01", key)), R::INVITATION_USED) << "other keys";
}

TEST_F(FoldJoiningTest, AnInvitationEndsAtItsExpiry) {
  Invite("rs.18.01");
  world.Advance(kDay);  // InviteAct gives it a day
  EXPECT_EQ(Whole(world.EnrolmentEntry("rs.18.01", key)), R::INVITATION_EXPIRED);
}

TEST_F(FoldJoiningTest, AnInvitationServesUntilItsLastMillisecond) {
  Invite("rs.18.01");
  world.Advance(kDay - 1);
  EXPECT_EQ(Whole(world.EnrolmentEntry("rs.18.01", key)), R::UNSPECIFIED);
}

TEST_F(FoldJoiningTest, AnInvitationLivesAtMostThirtyDays) {
  v1::Act act = world.InviteAct("rs.18.01", key);
  act.mutable_invite()->set_expires_at_ms(world.now() + limits::kInvitationLifeMsMax + 1);
  EXPECT_EQ(Admin(act), R::ACT_INVALID);
  act.mutable_invite()->set_expires_at_ms(world.now());
  EXPECT_EQ(Admin(act), R::ACT_INVALID);
  act.mutable_invite()->set_expires_at_ms(world.now() + limits::kInvitationLifeMsMax);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldJoiningTest, ACancelledInvitationServesNobody) {
  Invite("rs.18.01");
  v1::Act cancel;
  cancel.mutable_cancel_invitation()->set_invitation_key(key.public_bytes());
  ASSERT_EQ(Admin(cancel), R::UNSPECIFIED);
  EXPECT_EQ(Whole(world.EnrolmentEntry("rs.18.01", key)), R::INVITATION_CANCELLED);
  cancel.mutable_cancel_invitation()->set_invitation_key(std::string(32, 'x'));
  EXPECT_EQ(Admin(cancel), R::ACT_INVALID) << "no such invitation";
}

TEST_F(FoldJoiningTest, AUsedInvitationIsNotCancelledButItsRequestRejected) {
  const v1::Entry enrolment = Requested("rs.18.01");
  v1::Act cancel;
  cancel.mutable_cancel_invitation()->set_invitation_key(key.public_bytes());
  EXPECT_EQ(Admin(cancel), R::ACT_INVALID);
  v1::Act reject;
  const std::string id = EnrolmentId(enrolment.enrolment().request());
  reject.mutable_reject()->set_enrolment_id(id);
  reject.mutable_reject()->set_note("sidik jari berbeda");
  ASSERT_EQ(Admin(reject), R::UNSPECIFIED);
  EXPECT_EQ(ReadEnrolment(world.view(), id)->value().note(), "sidik jari berbeda");
  EXPECT_EQ(Admin(reject), R::ACT_INVALID) << "decided already";
  EXPECT_EQ(Admin(world.AdmitAct("rs.18.01", enrolment)), R::ACT_INVALID);
}

// Who saw the invitation's public half in the ledger still lacks its private one.
TEST_F(FoldJoiningTest, ARequestSignedWithAnotherKeyThanTheInvitationsIsForged) {
  Invite("rs.18.01");
  v1::Entry forged = world.EnrolmentEntry("rs.18.01", key);
  forged.mutable_enrolment()->set_signature(certs::Ed25519Key::Generate().Sign(
      std::string(certs::kEnrolmentContext) + forged.enrolment().request()));
  EXPECT_EQ(Whole(forged), R::BAD_SIGNATURE);
}

TEST_F(FoldJoiningTest, AnInvitationIsForOneAddress) {
  Invite("rs.18.01");
  world.AddApplicant("rs.18.02");
  EXPECT_EQ(Whole(world.EnrolmentEntry("rs.18.02", key)), R::ACT_INVALID);
}

TEST_F(FoldJoiningTest, ADomainInvitesNobodyOfAnotherDomain) {
  v1::Act act = world.InviteAct("rs.18.01", key);
  act.mutable_invite()->set_address("rs.18.01@other.example");
  EXPECT_EQ(Admin(act), R::ACT_INVALID);
  act.mutable_invite()->set_address("not an address");
  EXPECT_EQ(Admin(act), R::MALFORMED);
}

TEST_F(FoldJoiningTest, ACertificateRequestForAForeignAddressIsRefused) {
  Invite("rs.18.01");
  const certs::PrivateKey own = world.member("rs.18.01").signing_key;
  const std::string foreign = certs::MakeCsr(own, World::Address("dinsos.18.01"));
  EXPECT_EQ(Whole(ChangedRequest("rs.18.01",
                                 [&](v1::EnrolmentRequest& r) { r.set_signing_csr(foreign); })),
            R::CERTIFICATE_INVALID);
  EXPECT_EQ(Whole(ChangedRequest("rs.18.01",
                                 [&](v1::EnrolmentRequest& r) { r.set_encryption_csr(foreign); })),
            R::CERTIFICATE_INVALID);
}

TEST_F(FoldJoiningTest, AnAgencyNeedsAnEncryptionKeyAndAnAdminHasNone) {
  Invite("rs.18.01");
  EXPECT_EQ(
      Whole(ChangedRequest("rs.18.01", [](v1::EnrolmentRequest& r) { r.clear_encryption_csr(); })),
      R::ACT_INVALID);
  key = certs::Ed25519Key::Generate();
  v1::Act admin = world.InviteAct("admin.02", key);
  admin.mutable_invite()->set_role(v1::Role::ADMIN);
  Invite("admin.02", admin);
  EXPECT_EQ(Whole(world.EnrolmentEntry("admin.02", key)), R::ACT_INVALID);
}

TEST_F(FoldJoiningTest, ATransportKeyInUseIsNobodyElses) {
  Invite("rs.18.01");
  const std::string taken = world.member("lpa.18.01").transport.public_key.str();
  EXPECT_EQ(Whole(ChangedRequest("rs.18.01",
                                 [&](v1::EnrolmentRequest& r) { r.set_transport_key(taken); })),
            R::ACT_INVALID);
  EXPECT_EQ(Whole(ChangedRequest("rs.18.01",
                                 [&](v1::EnrolmentRequest& r) { r.set_transport_key("short"); })),
            R::MALFORMED);
}

TEST_F(FoldJoiningTest, AnAdmissionGivesWhatWasPromisedAndNothingElse) {
  const v1::Entry enrolment = Requested("rs.18.01");
  const auto change = [&](const auto& how) { return AdmitChanged("rs.18.01", enrolment, how); };
  EXPECT_EQ(change([](v1::Admit& a) { a.set_official_name("RS lain"); }), R::ACT_INVALID);
  EXPECT_EQ(change([](v1::Admit& a) { a.set_region("kemendagri:31"); }), R::ACT_INVALID);
  EXPECT_EQ(change([](v1::Admit& a) { a.set_transport_key(std::string(32, 't')); }),
            R::ACT_INVALID);
  EXPECT_EQ(change([](v1::Admit& a) { a.set_address(World::Address("rs.18.02")); }),
            R::CERTIFICATE_INVALID);
  EXPECT_EQ(change([](v1::Admit& a) { a.set_enrolment_id(std::string(32, 'e')); }), R::ACT_INVALID);
  EXPECT_EQ(change([](v1::Admit& a) { a.set_anchor(std::string(32, 'a')); }), R::ACT_INVALID);
  EXPECT_EQ(change([](v1::Admit& a) { a.clear_encryption_certificate(); }), R::CERTIFICATE_INVALID);
  EXPECT_EQ(change([](v1::Admit&) {}), R::UNSPECIFIED);
  EXPECT_EQ(change([](v1::Admit&) {}), R::ACT_INVALID) << "decided already";
}

// The root lets its issuing CA vouch for addresses of this domain alone.
TEST_F(FoldJoiningTest, TheIssuingCaCannotVouchOutsideItsDomain) {
  const v1::Entry enrolment = Requested("rs.18.01");
  const auto leaf = certs::IssueLeaf(world.issuer(),
                                     {world.member("rs.18.01").signing_key.Public(),
                                      "rs.18.01@other.example",
                                      certs::Usage::kSigning,
                                      Year()});
  ASSERT_TRUE(leaf.has_value());
  EXPECT_EQ(
      AdmitChanged(
          "rs.18.01", enrolment, [&](v1::Admit& a) { a.set_signing_certificate(leaf->der()); }),
      R::CERTIFICATE_INVALID);
}

TEST_F(FoldJoiningTest, ARogueIssuingCaBelowAnotherRootAdmitsNobody) {
  const v1::Entry enrolment = Requested("rs.18.01");
  const auto rogue_key = certs::PrivateKey::Generate();
  const auto root = certs::MakeRoot(rogue_key, World::kDomain, Year()).value();
  const auto issuing =
      certs::MakeIssuing({root, rogue_key}, rogue_key.Public(), World::kDomain, Year()).value();
  const Member& victim = world.member("rs.18.01");
  const auto leaf = certs::IssueLeaf(
      {issuing, rogue_key},
      {victim.signing_key.Public(), victim.address, certs::Usage::kSigning, Year()});
  EXPECT_EQ(
      AdmitChanged(
          "rs.18.01", enrolment, [&](v1::Admit& a) { a.set_signing_certificate(leaf->der()); }),
      R::CERTIFICATE_INVALID);
}

TEST_F(FoldJoiningTest, RolesAndScopesAreAsInvited) {
  v1::Scope scope;
  scope.add_regions("kemendagri:18.01");
  world.AddMember("steward.18", v1::Role::STEWARD, scope);
  EXPECT_EQ(RecordOf("steward.18").role(), v1::Role::STEWARD);
  EXPECT_EQ(RecordOf("steward.18").scope().regions(0), "kemendagri:18.01");
  EXPECT_TRUE(RecordOf("steward.18").encryption_key().empty());
  v1::Act act = world.InviteAct("rs.18.01", key);
  *act.mutable_invite()->mutable_scope() = scope;
  EXPECT_EQ(Admin(act), R::ACT_INVALID) << "an agency has no scope";
  act = world.InviteAct("rs.18.01", key);
  act.mutable_invite()->set_role(static_cast<v1::Role::Code>(99));
  EXPECT_EQ(Admin(act), R::MALFORMED);
}

TEST_F(FoldJoiningTest, AScopeAndAStandingAreTakenUpToTheirLimits) {
  v1::Act act = world.InviteAct("steward.18", key);
  act.mutable_invite()->set_role(v1::Role::STEWARD);
  v1::Scope& scope = *act.mutable_invite()->mutable_scope();
  for (size_t i = 0; i < limits::kScopeItemsMax; ++i) {
    scope.add_agencies(World::Address("lksa.18.01.0" + std::to_string(i)));
  }
  v1::Act past = act;
  past.mutable_invite()->mutable_scope()->add_regions("kemendagri:18");
  EXPECT_EQ(Admin(past), R::MALFORMED);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);

  key = certs::Ed25519Key::Generate();
  act = world.InviteAct("rs.18.01", key);
  std::string& name = *act.mutable_invite()->mutable_standing()->mutable_verifikator();
  name.assign(limits::kStandingBytesMax - 2 - 1, 'v');  // a tag and two bytes of length
  ASSERT_EQ(act.invite().standing().ByteSizeLong(), limits::kStandingBytesMax);
  past = act;
  past.mutable_invite()->mutable_standing()->mutable_verifikator()->push_back('v');
  EXPECT_EQ(Admin(past), R::MALFORMED);
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldJoiningTest, TextsAreTakenUpToTheirLimit) {
  v1::Act act = world.InviteAct("rs.18.01", key);
  act.mutable_invite()->set_official_name(std::string(limits::kNoteBytesMax + 1, 'n'));
  EXPECT_EQ(Admin(act), R::MALFORMED);
  act.mutable_invite()->set_official_name(std::string(limits::kNoteBytesMax, 'n'));
  EXPECT_EQ(Admin(act), R::UNSPECIFIED);
}

TEST_F(FoldJoiningTest, AMemberIsInvitedAgainOnlyToReplaceItsKeys) {
  EXPECT_EQ(Admin(world.InviteAct("dinsos.18.01", key)), R::ACT_INVALID);
  v1::Act act = world.InviteAct("rs.18.01", key);
  act.mutable_invite()->set_replace(true);
  EXPECT_EQ(Admin(act), R::ACT_INVALID) << "nobody whose keys could be replaced";
  act = world.InviteAct("dinsos.18.01", key);
  act.mutable_invite()->set_replace(true);
  act.mutable_invite()->set_role(v1::Role::ADMIN);
  EXPECT_EQ(Admin(act), R::ACT_INVALID) << "a way to become an admin";
}

class ReplaceTest : public FoldJoiningTest {
 protected:
  // dinsos.18.01 has lost its keys and joins anew.
  void Replace() {
    former = std::make_unique<const Member>(world.member("dinsos.18.01"));
    v1::Act act = world.InviteAct("dinsos.18.01", key);
    act.mutable_invite()->set_replace(true);
    Invite("dinsos.18.01", act);
    enrolment = world.EnrolmentEntry("dinsos.18.01", key);
    ASSERT_EQ(Whole(enrolment), R::UNSPECIFIED) << advice;
    ASSERT_EQ(Admin(world.AdmitAct("dinsos.18.01", enrolment)), R::UNSPECIFIED) << advice;
  }
  std::unique_ptr<const Member> former;
  v1::Entry enrolment;
};

TEST_F(ReplaceTest, ItKeepsMailCountersLegsAndStandingAndLosesItsKeys) {
  v1::Act standing = SetStanding("dinsos.18.01");
  standing.mutable_set_standing()->mutable_standing()->set_izin_sangat_rahasia(true);
  ASSERT_EQ(Admin(standing), R::UNSPECIFIED);
  const Member earlier = world.Rotate("dinsos.18.01");
  const v1::Header waiting = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
  ASSERT_EQ(Send(waiting), R::UNSPECIFIED);
  Replace();
  EXPECT_EQ(MailboxOf("dinsos.18.01").size(), 1U);
  EXPECT_EQ(CounterOf("dinsos.18.01").mailbox_messages(), 1U);
  EXPECT_TRUE(RecordOf("dinsos.18.01").standing().izin_sangat_rahasia());
  EXPECT_EQ(ReadLeg(world.view(), waiting.leg_id())->value().state(), v1::LegState::TERKIRIM);
  for (const Member* lost : {&earlier, former.get()}) {
    EXPECT_TRUE(Revoked(lost->signing_certificate));
    EXPECT_TRUE(Revoked(lost->encryption_certificate));
  }
  EXPECT_EQ(Whole(world.ActEntryBy(*former, Describe("dinsos.18.01"))), R::KEY_REVOKED);
  EXPECT_FALSE(*world.view().Get(Table::kTransport, former->transport.public_key.view()));
  EXPECT_EQ(Whole(world.DeliveryEntry(waiting, v1::DeliveryOutcome::DELIVERED)), R::UNSPECIFIED)
      << "the new keys take what waited";
}

TEST_F(ReplaceTest, ItsConnectionsAreCut) {
  v1::Act act = world.InviteAct("dinsos.18.01", key);
  act.mutable_invite()->set_replace(true);
  Invite("dinsos.18.01", act);
  enrolment = world.EnrolmentEntry("dinsos.18.01", key);
  ASSERT_EQ(Whole(enrolment), R::UNSPECIFIED);
  const Effects effects = EffectsOf(world.ActEntry(world.AdmitAct("dinsos.18.01", enrolment)));
  EXPECT_EQ(effects.cut, std::vector<std::string>{World::Address("dinsos.18.01")});
  EXPECT_TRUE(effects.waiting.empty());
}

TEST_F(ReplaceTest, TheSuspendedStaySuspended) {
  ASSERT_EQ(Admin(Suspend("dinsos.18.01")), R::UNSPECIFIED);
  Replace();
  EXPECT_EQ(StatusOf("dinsos.18.01"), v1::AgencyStatus::DIBEKUKAN);
  EXPECT_EQ(By("dinsos.18.01", Describe("dinsos.18.01")), R::NO_RIGHT);
  ASSERT_EQ(Admin(Resume("dinsos.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(By("dinsos.18.01", Describe("dinsos.18.01")), R::UNSPECIFIED);
}

TEST_F(ReplaceTest, TheRevokedJoinAnewWithAPlainInvitation) {
  ASSERT_EQ(Admin(Revoke("dinsos.18.01")), R::UNSPECIFIED);
  const Member gone = world.member("dinsos.18.01");
  world.AddAgency("dinsos.18.01");
  EXPECT_EQ(StatusOf("dinsos.18.01"), v1::AgencyStatus::AKTIF);
  EXPECT_EQ(RecordOf("dinsos.18.01").revocation_reason(), v1::RevocationReason::UNSPECIFIED);
  EXPECT_EQ(Whole(world.ActEntryBy(gone, Describe("dinsos.18.01"))), R::KEY_REVOKED);
}

}  // namespace
}  // namespace rujukan::ledger
