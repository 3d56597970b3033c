// Goal: what is sealed and signed is read by its recipient and nobody else, and every way it can be
// wrong has its own outcome for the negative receipt. Method: real keys of World; one thing changed
// at a time.
#include "agents/link/envelope.h"

#include <gtest/gtest.h>

#include "certs/hash.h"
#include "tests/support/world.h"

namespace rujukan::link {
namespace {

using testing::Member;
using testing::World;
using Outcome = v1::DeliveryOutcome;

class EnvelopeTest : public ::testing::Test {
 protected:
  EnvelopeTest() {
    world_.AddAgency("uppa.18.01");
    world_.AddAgency("dinsos.18");
    world_.AddAgency("lpa.31");
    content_.mutable_rujukan()->mutable_t1()->set_ringkasan("ringkasan contoh");
  }

  v1::Envelope Make(const std::string& plaintext, const Member& signer) {
    const auto header = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
    const std::vector<certs::Certificate> readers{
        world_.member("dinsos.18").encryption_certificate};
    std::vector<Unsigned> messages{*SealMessage(header, plaintext, readers)};
    const SigningKey key{signer.signing_key, signer.signing_certificate.key_id()};
    return SignMessages(key, std::move(messages)).at(0);
  }
  v1::Envelope Make() { return Make(content_.SerializeAsString(), world_.member("uppa.18.01")); }

  Result<ReadResult> Read(const v1::Envelope& envelope, std::string_view reader = "dinsos.18") {
    const Member& member = world_.member(reader);
    certs::VerifiedClaims cache(4);
    const std::vector<OpeningKey> keys{{member.encryption_certificate, member.encryption_key}};
    return ReadEnvelope(
        ReadRequest{envelope, member.address, world_.size(), true}, keys, world_.view(), cache);
  }
  Outcome::Code OutcomeOf(const v1::Envelope& envelope) {
    const auto read = Read(envelope);
    EXPECT_TRUE(read.has_value());
    return read->outcome;
  }

  World world_;
  v1::Content content_;
};

TEST_F(EnvelopeTest, TheRecipientReadsWhatWasWritten) {
  const auto read = Read(Make());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->outcome, Outcome::DELIVERED) << read->reason;
  EXPECT_EQ(read->content.rujukan().t1().ringkasan(), "ringkasan contoh");
}

TEST_F(EnvelopeTest, TheHeaderHoldsNoWordOfTheContent) {
  const auto envelope = Make();
  EXPECT_EQ(envelope.SerializeAsString().find("ringkasan"), std::string::npos);
}

TEST_F(EnvelopeTest, AnAgencyItIsNotAddressedToDoesNotTakeIt) {
  const auto read = Read(Make(), "lpa.31");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->outcome, Outcome::BAD_CONTENT);
}

TEST_F(EnvelopeTest, AnotherAgencysSignatureIsABadSignature) {
  const auto envelope = Make(content_.SerializeAsString(), world_.member("lpa.31"));
  EXPECT_EQ(OutcomeOf(envelope), Outcome::BAD_SIGNATURE);
}

TEST_F(EnvelopeTest, AChangedCiphertextIsADigestMismatch) {
  auto envelope = Make();
  (*envelope.mutable_content())[envelope.content().size() / 2] ^= 1;
  EXPECT_EQ(OutcomeOf(envelope), Outcome::DIGEST_MISMATCH);
}

TEST_F(EnvelopeTest, AContentOfAnotherKindIsBadContent) {
  v1::Content other;
  other.mutable_tolak()->set_keterangan("bukan rujukan");
  EXPECT_EQ(OutcomeOf(Make(other.SerializeAsString(), world_.member("uppa.18.01"))),
            Outcome::BAD_CONTENT);
}

TEST_F(EnvelopeTest, ContentSealedToSomebodyElseIsUnreadable) {
  const auto header = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
  const std::vector<certs::Certificate> readers{world_.member("lpa.31").encryption_certificate};
  const Member& sender = world_.member("uppa.18.01");
  std::vector<Unsigned> messages{*SealMessage(header, content_.SerializeAsString(), readers)};
  const SigningKey key{sender.signing_key, sender.signing_certificate.key_id()};
  EXPECT_EQ(OutcomeOf(SignMessages(key, std::move(messages)).at(0)), Outcome::UNREADABLE);
}

// Goal: a renewal leaves nothing unreadable. The world gives the office keys of its own name anew.
TEST_F(EnvelopeTest, WhatWasSealedToAReplacedKeyOpensWithTheOldKeyInTheRing) {
  const auto envelope = Make();
  const Member before = world_.member("dinsos.18");
  const Member& after = world_.AddApplicant("dinsos.18");
  certs::VerifiedClaims cache(4);
  const ReadRequest request{envelope, before.address, world_.size(), true};
  const std::vector<OpeningKey> renewed{{after.encryption_certificate, after.encryption_key}};
  EXPECT_EQ(ReadEnvelope(request, renewed, world_.view(), cache)->outcome, Outcome::UNREADABLE);
  EXPECT_EQ(ReadEnvelope(request, {}, world_.view(), cache)->outcome, Outcome::UNREADABLE);
  auto ring = renewed;
  ring.push_back({before.encryption_certificate, before.encryption_key});
  EXPECT_EQ(ReadEnvelope(request, ring, world_.view(), cache)->outcome, Outcome::DELIVERED);
}

TEST_F(EnvelopeTest, AKeyThatTheHeaderDoesNotNameStillOpensWhatWasSealedToIt) {
  const Member& reader = world_.member("dinsos.18");
  const Member& sender = world_.member("uppa.18.01");
  auto header = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
  const std::vector<certs::Certificate> readers{reader.encryption_certificate};
  Unsigned message = *SealMessage(header, content_.SerializeAsString(), readers);
  header.ParseFromString(message.header);
  header.clear_recipient_keys();
  header.add_recipient_keys(std::string(32, 'x'));
  message.header = header.SerializeAsString();
  const SigningKey key{sender.signing_key, sender.signing_certificate.key_id()};
  EXPECT_EQ(OutcomeOf(SignMessages(key, {message}).at(0)), Outcome::DELIVERED);
}

TEST_F(EnvelopeTest, AnUnknownKeyMeansRefreshFirstAndBadSignatureAtTheEnd) {
  auto envelope = Make();
  envelope.mutable_signature()->set_signer_key(certs::Sha256("unknown").str());
  EXPECT_EQ(OutcomeOf(envelope), Outcome::BAD_SIGNATURE);
  const Member& reader = world_.member("dinsos.18");
  certs::VerifiedClaims cache(4);
  const std::vector<OpeningKey> keys{{reader.encryption_certificate, reader.encryption_key}};
  const auto first = ReadEnvelope(
      ReadRequest{envelope, reader.address, world_.size(), false}, keys, world_.view(), cache);
  ASSERT_FALSE(first.has_value());
  EXPECT_EQ(first.error().code, Errc::kNotFound);
}

TEST_F(EnvelopeTest, OneSignatureServesABatch) {
  std::vector<Unsigned> messages;
  for (int i = 0; i < 5; ++i) {
    const auto header = world_.HeaderTo("uppa.18.01", "dinsos.18", v1::Kind::RUJUKAN);
    const std::vector<certs::Certificate> readers{
        world_.member("dinsos.18").encryption_certificate};
    messages.push_back(*SealMessage(header, content_.SerializeAsString(), readers));
  }
  const Member& sender = world_.member("uppa.18.01");
  const SigningKey key{sender.signing_key, sender.signing_certificate.key_id()};
  const auto envelopes = SignMessages(key, std::move(messages));
  ASSERT_EQ(envelopes.size(), 5U);
  EXPECT_EQ(envelopes[0].signature().signature(), envelopes[4].signature().signature());
  for (const auto& envelope : envelopes) {
    EXPECT_EQ(OutcomeOf(envelope), Outcome::DELIVERED);
  }
}

}  // namespace
}  // namespace rujukan::link
