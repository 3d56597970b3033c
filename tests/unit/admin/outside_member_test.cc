// Goal: an agency with a certificate of another CA is admitted only when the admin names that CA,
// having seen the subject. Method: a CA made here as the outside one; a broker in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/admin/acts.h"
#include "certs/crl.h"
#include "certs/ed25519.h"
#include "certs/issue.h"
#include "tests/unit/admin/founded_domain.h"

namespace rujukan::admin {
namespace {

using ::testing::HasSubstr;
using testing::kFounded;
using testing::kOneDay;

constexpr char kAgency[] = "dinsos.18.71@lampung.example";
constexpr certs::Validity kLong{kFounded - kOneDay, kFounded + 1000 * kOneDay};

class OutsideMemberTest : public testing::FoundedDomain {
 protected:
  void Submit(v1::Act act) {
    const auto done = broker->Submit(SignAct(*LoadAuthority(home, ""), std::move(act), clock.now));
    ASSERT_TRUE(done) << done.error().ToString();
  }
  void AddAnchorWithCrl() {
    v1::Act add;
    add.mutable_add_anchor()->set_name("BSrE (CONTOH)");
    add.mutable_add_anchor()->set_certificate(ca.der());
    Submit(add);
    v1::Act publish;
    v1::PublishCrl& list = *publish.mutable_publish_crl();
    list.set_crl(*certs::IssueCrl({ca, ca_key}, {1, kFounded, kFounded + kOneDay, {}}));
    list.set_issuer(ca.der());
    list.set_anchor(ca.key_id().str());
    Submit(publish);
  }
  void JoinWithOutsideCertificate(const v1::Invitation& invitation) {
    const testing::Applicant applicant;
    const auto key = certs::Ed25519Key::FromSeed(invitation.invitation_seed());
    v1::Entry entry = testing::Enrolment(invitation, kAgency, clock.now, applicant);
    v1::EnrolmentRequest request;
    ASSERT_TRUE(request.ParseFromString(entry.enrolment().request()));
    request.clear_signing_csr();
    request.set_outside_certificate(leaf.der());
    request.set_possession(leaf_key.Sign(std::string(certs::kPossessionContext) +
                                         request.invitation_key() + request.address()));
    entry.mutable_enrolment()->set_request(request.SerializeAsString());
    entry.mutable_enrolment()->set_signature(
        key->Sign(std::string(certs::kEnrolmentContext) + entry.enrolment().request()));
    const auto joined = broker->Record(entry);
    ASSERT_TRUE(joined) << joined.error().ToString();
  }

  const certs::PrivateKey ca_key = certs::PrivateKey::Generate();
  const certs::Certificate ca = *certs::MakeRoot(ca_key, "gov.example", kLong);
  const certs::PrivateKey leaf_key = certs::PrivateKey::Generate();
  const certs::Certificate leaf = *certs::IssueLeaf(
      {ca, ca_key}, {leaf_key.Public(), "kepala@gov.example", certs::Usage::kSigning, kLong});
};

TEST_F(OutsideMemberTest, TheSubjectIsShownFirstAndTheCaMustBeNamed) {
  AddAnchorWithCrl();
  JoinWithOutsideCertificate(Invite(kAgency));
  EXPECT_EQ(Answer({"requests"})[0]["subject"], leaf.subject());
  const Output unnamed = Run({"approve", kAgency});
  EXPECT_EQ(unnamed.exit_code, kExitFailed);
  EXPECT_THAT(unnamed.error, HasSubstr(leaf.subject()));
  EXPECT_THAT(unnamed.error, HasSubstr("--anchor NAME"));
  EXPECT_THAT(Run({"approve", kAgency, "--anchor", "Lain"}).error, HasSubstr("BSrE (CONTOH)"));
  EXPECT_EQ(MemberOf(kAgency).address(), "");

  Answer({"approve", kAgency, "--anchor", "BSrE (CONTOH)"});
  EXPECT_EQ(MemberOf(kAgency).signing_key(), leaf.key_id().str());
  // Keys are listed by their ids, which are random: of the two, the signing key is the outside one.
  const nlohmann::json shown = Answer({"show", kAgency});
  int outside = 0;
  for (const auto& key : shown["keys"]) {
    outside += key["outside"] == true ? 1 : 0;
  }
  EXPECT_EQ(outside, 1);
}

TEST_F(OutsideMemberTest, WithoutAnAnchorNobodyIsAdmittedAndTheTextSaysWhatToDo) {
  JoinWithOutsideCertificate(Invite(kAgency));
  EXPECT_THAT(Run({"approve", kAgency, "--anchor", "BSrE"}).error, HasSubstr("add the CA first"));
}

}  // namespace
}  // namespace rujukan::admin
