// Goal: an auditor sees whole legs of those it is accredited for, and nothing of others. Method: a
// World with legs between three agencies; scopes by agency, region and time.
#include <gtest/gtest.h>

#include "ledger/scope.h"
#include "tests/unit/ledger/act_fixture.h"

namespace rujukan::ledger {
namespace {

using testing::K;
using testing::R;
using testing::World;

class ScopeTest : public testing::ActTest {
 protected:
  LogIndex SendNew(std::string_view from, std::string_view to, K::Code kind) {
    last = world.HeaderTo(from, to, kind);
    return world.Append(world.MessageEntry(last));
  }
  bool Sees(const v1::Scope& scope, LogIndex index) const {
    v1::Entry entry;
    EXPECT_TRUE(entry.ParseFromString(world.entries()[index]));
    const auto may = MayRead(scope, entry, world.view());
    EXPECT_TRUE(may) << may.error().ToString();
    return may && *may;
  }
  static v1::Scope Of(std::string_view name) {
    v1::Scope scope;
    scope.add_agencies(World::Address(name));
    return scope;
  }

  v1::Header last;
};

TEST_F(ScopeTest, AWholeDomainIsSeenWhole) {
  const v1::Scope whole;
  EXPECT_TRUE(IsWholeDomain(whole));
  EXPECT_FALSE(IsWholeDomain(Of("lpa.18.01")));
  v1::Scope timed;
  timed.set_until_ms(world.now());
  EXPECT_FALSE(IsWholeDomain(timed));
  SendNew("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
  for (LogIndex index = 0; index < world.size(); ++index) {
    EXPECT_TRUE(Sees(whole, index)) << index;
  }
}

TEST_F(ScopeTest, OfAgenciesTheirMessagesDeliveriesAndRefusalsAreSeenAndNoOthers) {
  const LogIndex message = SendNew("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
  const LogIndex delivery = world.Append(world.DeliveryEntry(last, v1::DeliveryOutcome::DELIVERED));
  v1::Entry refusal;
  refusal.mutable_refused()->set_sender(World::Address("uppa.18.01"));
  refusal.mutable_refused()->set_reason(R::MALFORMED);
  refusal.mutable_refused()->set_submission_digest(std::string(Digest::kSize, 'd'));
  const LogIndex refused = world.Append(refusal);
  for (const LogIndex index : {message, delivery, refused}) {
    EXPECT_TRUE(Sees(Of("uppa.18.01"), index)) << index;
    EXPECT_FALSE(Sees(Of("lpa.18.01"), index)) << index;
  }
  EXPECT_TRUE(Sees(Of("dinsos.18.01"), delivery));
  EXPECT_FALSE(Sees(Of("dinsos.18.01"), refused)) << "nothing says it was meant for it";
}

TEST_F(ScopeTest, ARefusedMessageIsSeenByTheScopeOfWhomItWasMeantFor) {
  v1::Header header = world.HeaderTo("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
  const auto made = world.SignHeader(header, world.member("uppa.18.01"));
  v1::Entry refusal;
  refusal.mutable_refused()->set_sender(header.from());
  refusal.mutable_refused()->set_reason(R::EXPIRED);
  refusal.mutable_refused()->set_submission_digest(std::string(Digest::kSize, 'd'));
  refusal.mutable_refused()->set_header(made.bytes);
  *refusal.mutable_refused()->mutable_signature() = made.signature;
  const LogIndex refused = world.Append(refusal);
  EXPECT_TRUE(Sees(Of("dinsos.18.01"), refused));
  EXPECT_FALSE(Sees(Of("lpa.18.01"), refused));
}

TEST_F(ScopeTest, TheDirectoryAndWhatTheBrokerSaysAreInEveryScope) {
  v1::Entry removed;
  removed.mutable_contents_removed()->set_settled_before_ms(world.now());
  world.Append(removed);
  world.AddMember("auditor.01", v1::Role::AUDITOR);
  world.Append(world.AuditReadEntry("auditor.01", {}));
  for (LogIndex index = 0; index < world.size(); ++index) {
    EXPECT_TRUE(Sees(Of("lpa.18.01"), index)) << index;
  }
}

TEST_F(ScopeTest, ARegionCoversWhatLiesBelowIt) {
  const LogIndex message = SendNew("uppa.18.01", "dinsos.18.01", K::PEMBERITAHUAN);
  v1::Scope scope;
  scope.add_regions("kemendagri:18");
  EXPECT_TRUE(Sees(scope, message));
  scope.set_regions(0, "kemendagri:31");
  EXPECT_FALSE(Sees(scope, message));
}

TEST_F(ScopeTest, ALegIsSeenWholeByTheTimeItWasOpened) {
  v1::Scope scope;
  scope.set_from_ms(world.now() - kHour);
  scope.set_until_ms(world.now() + kHour);
  const LogIndex opened = SendNew("uppa.18.01", "dinsos.18.01", K::RUJUKAN);
  const v1::Header referral = last;
  world.Advance(2 * kHour);
  const LogIndex delivered =
      world.Append(world.DeliveryEntry(referral, v1::DeliveryOutcome::DELIVERED));
  v1::Header answer = world.HeaderTo("dinsos.18.01", "uppa.18.01", K::TERIMA);
  answer.set_leg_id(referral.leg_id());
  const LogIndex accepted = world.Append(world.MessageEntry(answer));
  const LogIndex later = SendNew("uppa.18.01", "lpa.18.01", K::RUJUKAN);
  EXPECT_TRUE(Sees(scope, opened));
  EXPECT_TRUE(Sees(scope, delivered));
  EXPECT_TRUE(Sees(scope, accepted)) << "of a leg that was opened in time";
  EXPECT_FALSE(Sees(scope, later));
}

TEST_F(ScopeTest, AReadTrailIsSeenByTheScopeOfItsAgency) {
  v1::ReadTrailAnchor anchor;
  anchor.set_size(1);
  anchor.set_root(std::string(Digest::kSize, 'r'));
  const LogIndex anchored = world.Append(world.ReadTrailEntry("dinsos.18.01", anchor));
  EXPECT_TRUE(Sees(Of("dinsos.18.01"), anchored));
  EXPECT_FALSE(Sees(Of("lpa.18.01"), anchored));
}

}  // namespace
}  // namespace rujukan::ledger
