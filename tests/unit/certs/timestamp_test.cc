// Goal: a time-stamp counts only when an authority that is trusted made it, over these bytes, for
// this request. Method: requests and verification are ours, keys, certificates and answers are
// openssl(1)'s; then one thing after the other is wrong.
#include "certs/timestamp.h"

#include <gtest/gtest.h>

#include <array>

#include "base/limits.h"
#include "certs/hash.h"
#include "tests/support/tsa.h"
#include "tests/unit/certs/scratch.h"

namespace rujukan::certs {
namespace {

using rujukan::testing::Tsa;
using testing::Scratch;

const std::string kNonce = "\x80\x01\x02\x03\x04\x05\x06\x07";

class TimestampTest : public ::testing::Test {
 protected:
  // Making keys takes a while; what the authority signs with is set by those tests that change it.
  static void SetUpTestSuite() { tsa = new Tsa; }
  static void TearDownTestSuite() {
    delete tsa;
    tsa = nullptr;
  }

  Errc VerifyError(const std::string& token, const std::vector<std::string>& anchors) {
    const auto verified = VerifyTimestamp(token, imprint, anchors);
    reason = verified ? "" : verified.error().context;
    return verified ? Errc::kFatal : verified.error().code;
  }
  Errc ResponseError(const std::string& response, const Digest& of, const std::string& nonce) {
    const auto token = TokenOfResponse(response, of, nonce);
    reason = token ? "" : token.error().context;
    return token ? Errc::kFatal : token.error().code;
  }

  static Tsa* tsa;
  const Digest imprint = Sha256("pos pemeriksaan");
  std::string reason;
};

Tsa* TimestampTest::tsa = nullptr;

TEST_F(TimestampTest, ATokenOfATrustedAuthorityIsItsWordForTheseBytes) {
  const auto response = tsa->Reply(MakeTimestampRequest(imprint, kNonce));
  const auto token = TokenOfResponse(response, imprint, kNonce);
  ASSERT_TRUE(token) << token.error().context;
  const auto verified = VerifyTimestamp(*token, imprint, std::array{tsa->ca_der()});
  ASSERT_TRUE(verified) << verified.error().context;
  EXPECT_EQ(verified->imprint, imprint);
  EXPECT_EQ(verified->policy, "1.2.3.4.1");
  EXPECT_EQ(verified->authority, "CN=Stempel,O=Waktu Contoh,C=ID");
  const UnixMillis now = SystemClock().Now();
  EXPECT_LE(std::abs(verified->time - now), 60'000) << FormatTime(verified->time);
}

TEST_F(TimestampTest, TheCommandLineOfOpensslVerifiesTheSameToken) {
  const Scratch scratch;
  scratch.Write("data", "pos pemeriksaan");
  scratch.Write("token", tsa->Token(imprint));
  const std::string verify = "openssl ts -verify -data data -in token -token_in -CAfile ";
  EXPECT_EQ(scratch.Shell(verify + tsa->ca_pem_path()).status, 0);
  scratch.Write("data", "pos pemeriksaan.");
  EXPECT_NE(scratch.Shell(verify + tsa->ca_pem_path()).status, 0);
}

TEST_F(TimestampTest, TheRequestIsWhatOpensslReads) {
  const Scratch scratch;
  scratch.Write("request", MakeTimestampRequest(imprint, kNonce));
  const auto run = scratch.Shell("openssl ts -query -in request -text");
  EXPECT_EQ(run.status, 0);
  EXPECT_NE(run.output.find("Hash Algorithm: sha256"), std::string::npos) << run.output;
  EXPECT_NE(run.output.find("Nonce: 0x8001020304050607"), std::string::npos) << run.output;
  EXPECT_NE(run.output.find("Certificate required: yes"), std::string::npos) << run.output;
}

TEST_F(TimestampTest, ARefusalIsTheAuthoritysAndSaysWhy) {
  std::string request = MakeTimestampRequest(imprint, kNonce);
  const std::string sha256("\x60\x86\x48\x01\x65\x03\x04\x02\x01", 9);
  request.replace(request.find(sha256), sha256.size(), "\x60\x86\x48\x01\x65\x03\x04\x02\x08");
  EXPECT_EQ(ResponseError(tsa->Reply(request), imprint, kNonce), Errc::kDenied);
  EXPECT_NE(reason.find("refused: "), std::string::npos) << reason;
  EXPECT_NE(reason.find("not supported"), std::string::npos) << reason;
}

TEST_F(TimestampTest, AnAnswerToAnotherRequestIsNotTaken) {
  const auto response = tsa->Reply(MakeTimestampRequest(imprint, kNonce));
  EXPECT_EQ(ResponseError(response, Sha256("lain"), kNonce), Errc::kConflict);
  EXPECT_EQ(ResponseError(response, imprint, "\x80\x01\x02\x03\x04\x05\x06\x08"), Errc::kConflict)
      << "a recorded answer, played again";
}

TEST_F(TimestampTest, WhatIsNotAnAnswerOrTooLargeIsRefused) {
  EXPECT_EQ(ResponseError("", imprint, kNonce), Errc::kInvalid);
  EXPECT_EQ(ResponseError("<html>", imprint, kNonce), Errc::kInvalid);
  std::string large = tsa->Reply(MakeTimestampRequest(imprint, kNonce));
  large.resize(limits::kTimestampTokenBytesMax, '\0');
  EXPECT_NE(ResponseError(large, imprint, kNonce), Errc::kLimit);
  large.push_back('\0');
  EXPECT_EQ(ResponseError(large, imprint, kNonce), Errc::kLimit);
}

TEST_F(TimestampTest, ATokenAtItsLimitIsReadAndOnePastItIsNot) {
  std::string token = tsa->Token(imprint);
  token.resize(limits::kTimestampTokenBytesMax, '\0');
  EXPECT_EQ(ParseTimestampToken(token).error().code, Errc::kInvalid) << "what follows is not DER";
  token.push_back('\0');
  EXPECT_EQ(ParseTimestampToken(token).error().code, Errc::kLimit);
  EXPECT_EQ(VerifyError(token, {tsa->ca_der()}), Errc::kLimit);
}

TEST_F(TimestampTest, ATokenOverOtherBytesIsNotAboutThese) {
  EXPECT_EQ(VerifyError(tsa->Token(Sha256("lain")), {tsa->ca_der()}), Errc::kDenied);
  EXPECT_NE(reason.find("something else"), std::string::npos) << reason;
}

TEST_F(TimestampTest, AnAuthorityThatIsNotTrustedHereCountsForNothing) {
  const Tsa other;
  const std::string token = tsa->Token(imprint);
  EXPECT_EQ(VerifyError(token, {other.ca_der()}), Errc::kDenied);
  EXPECT_NE(reason.find("not signed by an authority"), std::string::npos) << reason;
  EXPECT_EQ(VerifyError(token, {}), Errc::kDenied);
  EXPECT_TRUE(VerifyTimestamp(token, imprint, std::array{other.ca_der(), tsa->ca_der()}));
  EXPECT_EQ(VerifyError(token, {"not a certificate"}), Errc::kInvalid);
}

TEST_F(TimestampTest, ACertificateForSomethingElseDoesNotStamp) {
  const std::string token = tsa->TokenSignedForMail(imprint);
  ASSERT_TRUE(ParseTimestampToken(token)) << "it is one in form";
  EXPECT_EQ(VerifyError(token, {tsa->ca_der()}), Errc::kDenied);
  EXPECT_NE(reason.find("purpose"), std::string::npos) << reason;
}

TEST_F(TimestampTest, AnExpiredCertificateMadeNoStampToday) {
  Tsa expired;
  expired.UseCertificateOf("20200101000000Z", "20210101000000Z");
  EXPECT_EQ(VerifyError(expired.Token(imprint), {expired.ca_der()}), Errc::kDenied);
  EXPECT_NE(reason.find("expired"), std::string::npos) << reason;
}

TEST_F(TimestampTest, EveryFlippedByteIsNoticed) {
  const std::string token = tsa->Token(imprint);
  const std::array anchors{tsa->ca_der()};
  size_t passed = 0;
  for (size_t at = 0; at < token.size(); ++at) {
    std::string bent = token;
    bent[at] = static_cast<char>(bent[at] ^ 0x01);
    const auto verified = VerifyTimestamp(bent, imprint, anchors);
    // Some bytes are in nobody's signature; none of them changes what the token says.
    const auto whole = VerifyTimestamp(token, imprint, anchors);
    if (verified) {
      ++passed;
      EXPECT_EQ(verified->time, whole->time) << at;
      EXPECT_EQ(verified->imprint, imprint) << at;
    }
  }
  EXPECT_LT(passed, token.size() / 20) << "of " << token.size();
}

}  // namespace
}  // namespace rujukan::certs
