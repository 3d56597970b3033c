// Goal: a sender believes that nobody got its message only when somebody who may take a recipient
// out has signed so. Method: real acts of a World, and each way in which one is not it.
#include <gtest/gtest.h>

#include "agents/link/envelope.h"
#include "tests/support/world.h"

namespace rujukan::link {
namespace {

using testing::World;

class WithheldTest : public ::testing::Test {
 protected:
  WithheldTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18");
    world_.AddAgency("lpa.31");
    header_ = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
    world_.Append(world_.MessageEntry(header_));
  }

  static v1::Act Suspend(std::string_view name, v1::PendingMail::Code pending_mail) {
    v1::Act act;
    act.mutable_suspend()->set_address(World::Address(name));
    act.mutable_suspend()->set_pending_mail(pending_mail);
    return act;
  }
  v1::RootAct RevokeByRoot(std::string_view name) const {
    v1::RootAct act;
    act.add_revoke()->set_address(World::Address(name));
    act.mutable_revoke(0)->set_reason(v1::RevocationReason::MISCONDUCT);
    act.mutable_revoke(0)->set_pending_mail(v1::PendingMail::BOUNCE);
    return act;
  }
  // The entry stands where the ledger ends, whatever it says.
  Result<WithheldMail> Told(const v1::Entry& entry) {
    Proven proven;
    proven.entry = entry;
    proven.index = world_.size();
    certs::VerifiedClaims cache(4);
    return CheckWithheld(proven, header_.message_id(), header_, world_.view(), cache);
  }

  World world_;
  v1::Header header_;
};

TEST_F(WithheldTest, AnAdminsActTellsWhoseMailItWasAndWhatBecameOfIt) {
  for (const auto mail : {v1::PendingMail::HOLD, v1::PendingMail::BOUNCE}) {
    const auto told = Told(world_.ActEntry(Suspend("dinsos.18", mail)));
    ASSERT_TRUE(told.has_value()) << told.error().context;
    EXPECT_EQ(told->recipient, World::Address("dinsos.18"));
    EXPECT_EQ(told->bounced, mail == v1::PendingMail::BOUNCE);
  }
}

TEST_F(WithheldTest, TheRootsActTellsIt) {
  const auto told = Told(world_.RootActEntry(RevokeByRoot("dinsos.18")));
  ASSERT_TRUE(told.has_value()) << told.error().context;
  EXPECT_EQ(told->recipient, World::Address("dinsos.18"));
  EXPECT_TRUE(told->bounced);
}

TEST_F(WithheldTest, ARootActThatTheRootDidNotSignIsDenied) {
  v1::Entry entry = world_.RootActEntry(RevokeByRoot("dinsos.18"));
  entry.mutable_root_act()->set_signature(world_.admin().signing_key.Sign("anything"));
  EXPECT_EQ(Told(entry).error().code, Errc::kDenied);
}

TEST_F(WithheldTest, AnActAboutSomebodyElseIsAContradiction) {
  EXPECT_EQ(Told(world_.ActEntry(Suspend("lpa.31", v1::PendingMail::BOUNCE))).error().code,
            Errc::kCorrupt);
  EXPECT_EQ(Told(world_.RootActEntry(RevokeByRoot("lpa.31"))).error().code, Errc::kCorrupt);
  v1::Act act;
  act.mutable_resume()->set_address(World::Address("dinsos.18"));
  EXPECT_EQ(Told(world_.ActEntry(act)).error().code, Errc::kCorrupt);
}

TEST_F(WithheldTest, AnActThatAnAgencySignedIsDenied) {
  const v1::Act act = Suspend("dinsos.18", v1::PendingMail::BOUNCE);
  EXPECT_EQ(Told(world_.ActEntryBy("lpa.31", act)).error().code, Errc::kDenied)
      << "in its own name";
  v1::Entry forged = world_.ActEntry(act);
  forged.mutable_act()->mutable_signature()->mutable_signature()->back() ^= 1;
  EXPECT_EQ(Told(forged).error().code, Errc::kDenied);
}

TEST_F(WithheldTest, ANoticeAboutAnotherMessageIsAContradiction) {
  Proven proven;
  proven.entry = world_.ActEntry(Suspend("dinsos.18", v1::PendingMail::BOUNCE));
  proven.index = world_.size();
  certs::VerifiedClaims cache(4);
  EXPECT_EQ(CheckWithheld(proven, "another", header_, world_.view(), cache).error().code,
            Errc::kCorrupt);
}

}  // namespace
}  // namespace rujukan::link
