// Goal: a CA outside the domain vouches for exactly what an admin took from it, for as long as its
// revocation lists say so. Method: such a CA in simulated time, its leaves admitted, listed, and
// left; each attack on its lists.
#include "certs/batch.h"
#include "certs/hash.h"
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

class FoldAnchorsTest : public ActTest {
 protected:
  FoldAnchorsTest() : ca(world.now(), "bsre.example") {}

  v1::Act AddAnchor() const {
    v1::Act act;
    act.mutable_add_anchor()->set_name("BSrE (CONTOH)");
    act.mutable_add_anchor()->set_certificate(ca.der());
    return act;
  }
  v1::Act RemoveAnchor() const {
    v1::Act act;
    act.mutable_remove_anchor()->set_anchor(ca.id());
    return act;
  }
  v1::Act Publish(const std::string& crl) const {
    v1::Act act;
    act.mutable_publish_crl()->set_crl(crl);
    act.mutable_publish_crl()->set_issuer(ca.der());
    act.mutable_publish_crl()->set_anchor(ca.id());
    return act;
  }
  static v1::Act PublishOwn(const std::string& crl) {
    v1::Act act;
    act.mutable_publish_crl()->set_crl(crl);
    return act;
  }
  // rs.18.01 asks to join with a certificate of the outside CA.
  v1::Entry Request() {
    EXPECT_EQ(Admin(world.InviteAct("rs.18.01", key)), R::UNSPECIFIED);
    Member member = world.AddApplicant("rs.18.01");
    member.signing_certificate = ca.Leaf(member.signing_key, world.now());
    world.Equip(member);
    return RequestWith(member.signing_key);
  }
  v1::Entry RequestWith(const certs::PrivateKey& prover) const {
    const Member& member = world.member("rs.18.01");
    v1::Entry entry = world.EnrolmentEntry("rs.18.01", key);
    v1::EnrolmentRequest request;
    EXPECT_TRUE(request.ParseFromString(entry.enrolment().request()));
    request.clear_signing_csr();
    request.set_outside_certificate(member.signing_certificate.der());
    request.set_possession(prover.Sign(std::string(certs::kPossessionContext) +
                                       request.invitation_key() + request.address()));
    entry.mutable_enrolment()->set_request(request.SerializeAsString());
    entry.mutable_enrolment()->set_signature(
        key.Sign(std::string(certs::kEnrolmentContext) + entry.enrolment().request()));
    return entry;
  }
  v1::Act Admit(const v1::Entry& request) const {
    v1::Act act = world.AdmitAct("rs.18.01", request);
    act.mutable_admit()->set_anchor(ca.id());
    act.mutable_admit()->set_subject(world.member("rs.18.01").signing_certificate.subject());
    return act;
  }
  // The anchor and its first list are in the ledger, and rs.18.01 is a member.
  void Join() {
    ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED) << advice;
    ASSERT_EQ(Admin(Publish(ca.Crl(1, world.now()))), R::UNSPECIFIED) << advice;
    const v1::Entry request = Request();
    ASSERT_EQ(Whole(request), R::UNSPECIFIED) << advice;
    ASSERT_EQ(Admin(Admit(request)), R::UNSPECIFIED) << advice;
  }
  const certs::Certificate& Leaf() const { return world.member("rs.18.01").signing_certificate; }
  R::Code SendFromOutside() { return Send(world.HeaderTo("rs.18.01", "uppa.18.01", K::RUJUKAN)); }

  OutsideCa ca;
  certs::Ed25519Key key = certs::Ed25519Key::Generate();
};

TEST_F(FoldAnchorsTest, AMemberWithAnOutsideCertificateSignsLikeAnyOther) {
  Join();
  EXPECT_EQ(SendFromOutside(), R::UNSPECIFIED);
  EXPECT_EQ(KeyOf(Leaf()).anchor(), ca.id());
}

TEST_F(FoldAnchorsTest, ACaThatNobodyAddedVouchesForNobody) {
  const v1::Entry request = Request();
  ASSERT_EQ(Whole(request), R::UNSPECIFIED) << "whether the CA counts is the admin's to say";
  EXPECT_EQ(Admin(Admit(request)), R::ACT_INVALID);
}

TEST_F(FoldAnchorsTest, WithoutItsCaListNobodyIsAdmitted) {
  ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED);
  const v1::Entry request = Request();
  ASSERT_EQ(Whole(request), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Admit(request)), R::CRL_NEEDED);
}

TEST_F(FoldAnchorsTest, AnExpiredListIsNone) {
  ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Publish(ca.Crl(1, world.now(), {}, kHour))), R::UNSPECIFIED);
  const v1::Entry request = Request();
  ASSERT_EQ(Whole(request), R::UNSPECIFIED);
  world.Advance(kHour + 1000);
  EXPECT_EQ(Admin(Admit(request)), R::CRL_NEEDED) << advice;
  EXPECT_EQ(Admin(Publish(ca.Crl(2, world.now() - 2 * kHour, {}, kHour))), R::CERTIFICATE_INVALID)
      << "and none that has expired is published";
  ASSERT_EQ(Admin(Publish(ca.Crl(2, world.now()))), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Admit(request)), R::UNSPECIFIED);
}

TEST_F(FoldAnchorsTest, ARevokedCertificateIsNotAdmitted) {
  ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED);
  const v1::Entry request = Request();
  ASSERT_EQ(Whole(request), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Publish(ca.Crl(1, world.now(), {Leaf().serial()}))), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Admit(request)), R::CERTIFICATE_INVALID);
}

TEST_F(FoldAnchorsTest, ACertificateWhoseKeyTheApplicantLacksIsRefused) {
  Request();
  EXPECT_EQ(Whole(RequestWith(certs::PrivateKey::Generate())), R::BAD_SIGNATURE);
}

TEST_F(FoldAnchorsTest, TheAdmissionNamesTheSubjectThatTheAdminSaw) {
  ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Publish(ca.Crl(1, world.now()))), R::UNSPECIFIED);
  const v1::Entry request = Request();
  ASSERT_EQ(Whole(request), R::UNSPECIFIED);
  v1::Act other = Admit(request);
  other.mutable_admit()->set_subject("CN=somebody else");
  EXPECT_EQ(Admin(other), R::CERTIFICATE_INVALID);
  other = Admit(request);
  other.mutable_admit()->clear_anchor();
  EXPECT_EQ(Admin(other), R::ACT_INVALID) << "as if it were of the domain's own CA";
}

TEST_F(FoldAnchorsTest, AnOlderOrEqualListIsRefused) {
  ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED);
  ASSERT_EQ(Admin(Publish(ca.Crl(5, world.now()))), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Publish(ca.Crl(4, world.now()))), R::CRL_OLDER);
  EXPECT_EQ(Admin(Publish(ca.Crl(5, world.now()))), R::CRL_OLDER);
  EXPECT_EQ(Admin(Publish(ca.Crl(6, world.now()))), R::UNSPECIFIED);
}

TEST_F(FoldAnchorsTest, AListOfAnotherCaOfTheSameNameIsForged) {
  ASSERT_EQ(Admin(AddAnchor()), R::UNSPECIFIED);
  const OutsideCa twin(world.now(), "bsre.example");
  EXPECT_EQ(Admin(Publish(twin.Crl(1, world.now()))), R::CERTIFICATE_INVALID);
  v1::Act own_issuer = Publish(twin.Crl(1, world.now()));
  own_issuer.mutable_publish_crl()->set_issuer(twin.der());
  EXPECT_EQ(Admin(own_issuer), R::CERTIFICATE_INVALID) << "not below the anchor";
}

TEST_F(FoldAnchorsTest, ACaWithoutAnAnchorPublishesNoList) {
  EXPECT_EQ(Admin(Publish(ca.Crl(1, world.now()))), R::ACT_INVALID);
  EXPECT_EQ(Admin(PublishOwn(ca.Crl(1, world.now()))), R::CERTIFICATE_INVALID)
      << "in the place of the domain's own";
}

TEST_F(FoldAnchorsTest, AListThatNamesAMembersCertificateSuspendsIt) {
  Join();
  ASSERT_EQ(Send(world.HeaderTo("uppa.18.01", "rs.18.01", K::RUJUKAN)), R::UNSPECIFIED);
  const v1::Entry publish = world.ActEntry(Publish(ca.Crl(2, world.now(), {Leaf().serial()})));
  const Effects effects = EffectsOf(publish);
  EXPECT_EQ(effects.cut, std::vector<std::string>{World::Address("rs.18.01")});
  EXPECT_TRUE(effects.waiting.empty()) << "held: nothing has left the mailbox";
  ASSERT_EQ(Whole(publish), R::UNSPECIFIED);
  EXPECT_EQ(StatusOf("rs.18.01"), v1::AgencyStatus::DIBEKUKAN);
  EXPECT_TRUE(Revoked(Leaf()));
  EXPECT_EQ(MailboxOf("rs.18.01").size(), 1U);
  EXPECT_EQ(SendFromOutside(), R::SENDER_NOT_ACTIVE);
}

TEST_F(FoldAnchorsTest, WhoseKeysHaveEndedIsNotResumedButInvitedAnew) {
  Join();
  ASSERT_EQ(Admin(Publish(ca.Crl(2, world.now(), {Leaf().serial()}))), R::UNSPECIFIED);
  EXPECT_EQ(Admin(Resume("rs.18.01")), R::ACT_INVALID);
  key = certs::Ed25519Key::Generate();
  v1::Act invite = world.InviteAct("rs.18.01", key);
  invite.mutable_invite()->set_replace(true);
  ASSERT_EQ(Admin(invite), R::UNSPECIFIED);
  world.AddApplicant("rs.18.01");
  const v1::Entry enrolment = world.EnrolmentEntry("rs.18.01", key);
  ASSERT_EQ(Whole(enrolment), R::UNSPECIFIED);
  ASSERT_EQ(Admin(world.AdmitAct("rs.18.01", enrolment)), R::UNSPECIFIED) << advice;
  EXPECT_EQ(Admin(Resume("rs.18.01")), R::UNSPECIFIED) << advice;
}

TEST_F(FoldAnchorsTest, ARemovedAnchorTakesItsMembersWithIt) {
  Join();
  ASSERT_EQ(Admin(RemoveAnchor()), R::UNSPECIFIED);
  EXPECT_EQ(StatusOf("rs.18.01"), v1::AgencyStatus::DIBEKUKAN);
  EXPECT_TRUE(Revoked(Leaf()));
  EXPECT_EQ(StatusOf("lpa.18.01"), v1::AgencyStatus::AKTIF) << "of the domain's own CA";
  EXPECT_EQ(Admin(RemoveAnchor()), R::ACT_INVALID);
  EXPECT_EQ(Admin(Publish(ca.Crl(2, world.now()))), R::ACT_INVALID);
  EXPECT_EQ(Admin(AddAnchor()), R::UNSPECIFIED) << "and may be added again";
  EXPECT_EQ(Admin(AddAnchor()), R::ACT_INVALID) << "once";
}

TEST_F(FoldAnchorsTest, AnAnchorIsACa) {
  v1::Act act = AddAnchor();
  act.mutable_add_anchor()->set_certificate(world.member("lpa.18.01").signing_certificate.der());
  EXPECT_EQ(Admin(act), R::CERTIFICATE_INVALID);
}

// --- The domain's own list ---

TEST_F(FoldAnchorsTest, TheDomainsOwnListEndsWhatItNames) {
  const certs::Certificate& signing = world.member("lpa.18.01").signing_certificate;
  const std::string crl = OutsideCa::CrlOf(world.issuer(), 1, world.now(), {signing.serial()});
  ASSERT_EQ(Admin(PublishOwn(crl)), R::UNSPECIFIED) << advice;
  EXPECT_TRUE(Revoked(signing));
  EXPECT_EQ(StatusOf("lpa.18.01"), v1::AgencyStatus::DIBEKUKAN);
  EXPECT_EQ(Admin(PublishOwn(crl)), R::CRL_OLDER);
}

// A member whose encryption key is compromised must not be written to with it.
TEST_F(FoldAnchorsTest, NothingIsSealedToAnEncryptionCertificateOnAList) {
  const std::string serial = world.member("lpa.18.01").encryption_certificate.serial();
  ASSERT_EQ(Admin(PublishOwn(OutsideCa::CrlOf(world.issuer(), 1, world.now(), {serial}))),
            R::UNSPECIFIED);
  EXPECT_EQ(Send(world.HeaderTo("uppa.18.01", "lpa.18.01", K::RUJUKAN)), R::RECIPIENT_NOT_ACTIVE);
}

TEST_F(FoldAnchorsTest, AListDoesNotTakeOutTheLastAdmin) {
  const std::string serial = world.admin().signing_certificate.serial();
  const std::string crl = OutsideCa::CrlOf(world.issuer(), 1, world.now(), {serial});
  EXPECT_EQ(Admin(PublishOwn(crl)), R::ACT_INVALID);
  EXPECT_EQ(StatusOf("admin.01"), v1::AgencyStatus::AKTIF);
}

// It has the issuing key: stolen, it must not take out whomever the thief likes.
TEST_F(FoldAnchorsTest, ARegistrarListsOnlyWhatAnAdminHasEndedAlready) {
  world.AddMember("registrar.01", v1::Role::REGISTRAR);
  const std::string serial = world.member("lpa.18.01").signing_certificate.serial();
  const v1::Act publish = PublishOwn(OutsideCa::CrlOf(world.issuer(), 1, world.now(), {serial}));
  EXPECT_EQ(By("registrar.01", publish), R::NO_RIGHT);
  ASSERT_EQ(Admin(Revoke("lpa.18.01")), R::UNSPECIFIED);
  EXPECT_EQ(By("registrar.01", publish), R::UNSPECIFIED) << advice;
}

TEST_F(FoldAnchorsTest, ARegistrarBringsTheOutsideCasListsAsTheyAre) {
  world.AddMember("registrar.01", v1::Role::REGISTRAR);
  Join();
  EXPECT_EQ(By("registrar.01", Publish(ca.Crl(2, world.now(), {Leaf().serial()}))), R::UNSPECIFIED);
  EXPECT_EQ(StatusOf("rs.18.01"), v1::AgencyStatus::DIBEKUKAN);
}

}  // namespace
}  // namespace rujukan::ledger
