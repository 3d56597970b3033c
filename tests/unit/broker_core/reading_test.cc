// Goal: a token opens what its reading asked for, as long as it lasts and its auditor counts,
// within the auditor's scope, and nothing else. Method: a World with legs of two pairs of agencies
// and auditors of several scopes; what each is given of every entry.
#include "broker/core/reading.h"

#include <gtest/gtest.h>

#include "certs/hash.h"
#include "ledger/directory_root.h"
#include "ledger/scoped_bundle.h"
#include "ledger/tree.h"
#include "tests/support/world.h"

namespace rujukan::broker {
namespace {

using rujukan::testing::World;
using K = v1::Kind;

constexpr int64_t kHour = 3'600'000;
constexpr char kToken[] = "made up for this test";

class ReadingTest : public ::testing::Test {
 protected:
  ReadingTest() {
    for (const char* name : {"uppa.18.01", "dinsos.18", "lpa.31", "sentra.31.75.001"}) {
      world.AddAgency(name);
    }
    v1::Scope one;
    one.add_agencies(World::Address("dinsos.18"));
    world.AddMember("auditor.01", v1::Role::AUDITOR, one);
    world.AddMember("auditor.02", v1::Role::AUDITOR);
    world.Advance(1000);
    inside = Refer("uppa.18.01", "dinsos.18");
    outside = Refer("lpa.31", "sentra.31.75.001");
  }

  LogIndex Refer(std::string_view from, std::string_view to) {
    const v1::Header header = world.HeaderTo(from, to, K::RUJUKAN);
    const LogIndex index = world.Append(world.MessageEntry(header));
    world.Append(world.DeliveryEntry(header, v1::DeliveryOutcome::DELIVERED));
    return index;
  }
  LogIndex Open(std::string_view auditor, LogIndex first = 0, LogIndex end = 0) {
    v1::AuditRead read;
    read.set_first(first);
    read.set_end(end);
    read.set_token_digest(certs::Sha256(kToken).str());
    return world.Append(world.AuditReadEntry(auditor, std::move(read)));
  }
  Reading Find(UnixMillis later = 0) const {
    const auto reading = FindReading(world.view(), certs::Sha256(kToken), world.now() + later);
    EXPECT_TRUE(reading);
    return reading ? *reading : Reading();
  }
  // Which entries are given.
  std::vector<bool> Given() const {
    const auto bundle = MakeScopedBundle(Find(), 0, world.entries(), world.view());
    EXPECT_TRUE(bundle) << bundle.error().ToString();
    std::vector<bool> given;
    const auto leaves =
        ledger::ParseScopedBundle(*bundle, static_cast<uint32_t>(world.entries().size()));
    EXPECT_TRUE(leaves) << leaves.error().ToString();
    for (size_t i = 0; i < leaves->size(); ++i) {
      EXPECT_EQ((*leaves)[i].Hash(), ledger::LeafHash(world.entries()[i])) << i;
      given.push_back(!(*leaves)[i].withheld);
    }
    return given;
  }
  void Sign(v1::Act act) { world.Append(world.ActEntry(std::move(act))); }

  World world;
  LogIndex inside = 0;
  LogIndex outside = 0;
};

TEST_F(ReadingTest, ATokenThatNoEntryKnowsOpensNothing) {
  EXPECT_EQ(Find().state, ReadingState::kUnknown);
  Open("auditor.01");
  EXPECT_EQ(Find().state, ReadingState::kOpen);
  const World elsewhere;
  EXPECT_EQ(FindReading(elsewhere.view(), certs::Sha256(kToken), world.now())->state,
            ReadingState::kUnknown)
      << "a reading in one domain is none in another";
}

TEST_F(ReadingTest, ItLastsUntilTheMillisecondItSaid) {
  Open("auditor.01");
  EXPECT_EQ(Find(kHour - 1).state, ReadingState::kOpen);
  EXPECT_EQ(Find(kHour).state, ReadingState::kExpired);
}

TEST_F(ReadingTest, ASuspendedAuditorIsOutWithTheNextEntryAndARevokedOneForGood) {
  Open("auditor.01");
  v1::Act suspend;
  suspend.mutable_suspend()->set_address(World::Address("auditor.01"));
  suspend.mutable_suspend()->set_note("uji");
  suspend.mutable_suspend()->set_pending_mail(v1::PendingMail::HOLD);
  Sign(suspend);
  EXPECT_EQ(Find().state, ReadingState::kInactive);
  v1::Act resume;
  resume.mutable_resume()->set_address(World::Address("auditor.01"));
  Sign(resume);
  EXPECT_EQ(Find().state, ReadingState::kOpen);
  v1::Act revoke;
  revoke.mutable_revoke()->set_address(World::Address("auditor.01"));
  revoke.mutable_revoke()->set_reason(v1::RevocationReason::CESSATION);
  revoke.mutable_revoke()->set_pending_mail(v1::PendingMail::HOLD);
  Sign(revoke);
  EXPECT_EQ(Find().state, ReadingState::kInactive);
}

TEST_F(ReadingTest, AWholeDomainReadingWithholdsNothing) {
  Open("auditor.02");
  EXPECT_TRUE(CoversAll(Find(), 0, world.size()));
  for (const bool given : Given()) {
    EXPECT_TRUE(given);
  }
}

TEST_F(ReadingTest, AScopeOfOneAgencyGivesItsLegsWholeAndOfOthersTheHashes) {
  const LogIndex read = Open("auditor.01");
  EXPECT_FALSE(CoversAll(Find(), 0, 1));
  const std::vector<bool> given = Given();
  EXPECT_TRUE(given[inside]);
  EXPECT_TRUE(given[inside + 1]) << "its delivery";
  EXPECT_FALSE(given[outside]);
  EXPECT_FALSE(given[outside + 1]);
  EXPECT_TRUE(given[read]) << "who reads is everybody's to know";
  EXPECT_TRUE(given[0]);
}

TEST_F(ReadingTest, OutOfItsRangeOnlyTheDirectoryIsGiven) {
  Open("auditor.02", outside, outside + 1);
  const Reading reading = Find();
  EXPECT_TRUE(CoversAll(reading, outside, outside + 1));
  EXPECT_FALSE(CoversAll(reading, outside, outside + 2));
  EXPECT_FALSE(CoversAll(reading, outside - 1, outside + 1));
  const std::vector<bool> given = Given();
  for (LogIndex index = 0; index < given.size(); ++index) {
    v1::Entry entry;
    ASSERT_TRUE(entry.ParseFromString(world.entries()[index]));
    EXPECT_EQ(given[index], index == outside || ledger::IsDirectoryEntry(entry)) << index;
  }
}

TEST_F(ReadingTest, AnEntryThatDoesNotParseIsAnErrorAndNotGiven) {
  Open("auditor.02");
  EXPECT_EQ(MakeScopedBundle(Find(), 0, {"\xff"}, world.view()).error().code, Errc::kCorrupt);
}

TEST_F(ReadingTest, TheOperatorsOwnCoversEverything) {
  EXPECT_TRUE(CoversAll(WholeReading(), 0, 1));
  EXPECT_FALSE(CoversAll(Reading(), 0, 1));
}

}  // namespace
}  // namespace rujukan::broker
