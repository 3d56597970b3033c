// Goal: an agency's anchor of its read trail is a submission like others, and what opens a message
// to somebody else is exactly what its header commits to. Method: real keys of World.
#include <gtest/gtest.h>

#include "agents/link/envelope.h"
#include "agents/link/submission.h"
#include "certs/hash.h"
#include "tests/support/world.h"

namespace rujukan::link {
namespace {

using testing::Member;
using testing::World;

class ReadTrailTest : public ::testing::Test {
 protected:
  ReadTrailTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18");
  }
  World world_;
};

TEST_F(ReadTrailTest, AnAnchorIsSubmittedUnderItsRootAndTheFoldTakesIt) {
  const Member& office = world_.member("dinsos.18");
  v1::ReadTrailAnchor anchor;
  anchor.set_version(1);
  anchor.set_agency(office.address);
  anchor.set_created_at_ms(world_.now());
  anchor.set_size(1);
  anchor.set_root(certs::Sha256("leaf").str());
  const SigningKey key{office.signing_key, office.signing_certificate.key_id()};
  const v1::SubmitStatement statement = SignReadTrail(key, anchor);
  const auto submission = SubmitReadTrail(statement);
  ASSERT_TRUE(submission);
  EXPECT_EQ(submission->kind, v1::Subject::READ_TRAIL);
  EXPECT_EQ(submission->subject, anchor.root());
  v1::Entry entry;
  entry.mutable_read_trail()->set_anchor(statement.statement());
  *entry.mutable_read_trail()->mutable_signature() = statement.signature();
  EXPECT_EQ(StatementIn(entry, v1::Subject::READ_TRAIL), submission->statement);
  EXPECT_FALSE(world_.TryWhole(entry));
}

TEST_F(ReadTrailTest, WhatIsNoAnchorIsNotSubmitted) {
  v1::SubmitStatement statement;
  EXPECT_FALSE(SubmitReadTrail(statement));
  statement.set_statement("\xff");
  EXPECT_FALSE(SubmitReadTrail(statement));
}

TEST_F(ReadTrailTest, TheOpeningIsWhatTheHeaderCommitsToAndOnlyItsReadersHaveIt) {
  const Member& office = world_.member("dinsos.18");
  const Member& police = world_.member("uppa.18.01");
  const std::vector<certs::Certificate> readers{office.encryption_certificate};
  const auto sealed = SealMessage(
      world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN), "ringkasan contoh", readers);
  ASSERT_TRUE(sealed);
  v1::Header header;
  header.ParseFromString(sealed->header);
  const std::vector<OpeningKey> theirs{{office.encryption_certificate, office.encryption_key}};
  const auto opening = OpenToDisclose(header, sealed->content, theirs);
  ASSERT_TRUE(opening);
  EXPECT_EQ(certs::Sha256(*opening).view(), header.content_commitment());
  const std::vector<OpeningKey> others{{police.encryption_certificate, police.encryption_key}};
  EXPECT_EQ(OpenToDisclose(header, sealed->content, others).error().code, Errc::kDenied);
}

}  // namespace
}  // namespace rujukan::link
