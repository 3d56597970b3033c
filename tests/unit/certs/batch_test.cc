// Goal: every statement of a batch verifies alone, nothing else does, and a batch costs one ECDSA.
// Method: batches of many sizes; each field of a signature bent; the cache watched through a key
// that could not have verified.
#include "certs/batch.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"
#include "base/limits.h"
#include "certs/hash.h"

namespace rujukan::certs {
namespace {

struct Batch : ::testing::Test {
  PrivateKey key = PrivateKey::Generate();
  KeyId signer = KeyId::FromBytes(std::string(32, 'k')).value();
  VerifiedClaims cache{8};

  static std::vector<std::string> Statements(size_t count) {
    std::vector<std::string> statements;
    for (size_t i = 0; i < count; ++i) {
      statements.push_back("statement " + std::to_string(i));
    }
    return statements;
  }
  std::vector<v1::BatchSignature> Sign(const std::vector<std::string>& statements) const {
    return SignBatch(key, signer, kHeaderContext, statements);
  }
  bool Verifies(std::string_view statement,
                const v1::BatchSignature& signature,
                std::string_view context = kHeaderContext) {
    const auto claim = ClaimOf(context, statement, signature);
    VerifiedClaims fresh(0);
    return claim && VerifyClaim(key.Public(), *claim, signature.batch_size(), fresh);
  }
  static Errc Refusal(const v1::BatchSignature& signature) {
    return ClaimOf(kHeaderContext, "statement 2", signature).error().code;
  }
};

TEST_F(Batch, EveryStatementVerifiesAlone) {
  for (const size_t size : {1U, 2U, 3U, 7U, 8U, 9U, 64U}) {
    const auto statements = Statements(size);
    const auto signatures = Sign(statements);
    ASSERT_EQ(signatures.size(), size);
    for (size_t i = 0; i < size; ++i) {
      EXPECT_TRUE(Verifies(statements[i], signatures[i])) << i << " of " << size;
    }
  }
}

TEST_F(Batch, TheLargestBatchVerifiesAndOneMoreIsInvalid) {
  const auto statements = Statements(limits::kBatchStatementsMax);
  auto last = Sign(statements).back();
  EXPECT_EQ(static_cast<size_t>(last.path_size()), limits::kBatchPathHashesMax);
  EXPECT_TRUE(Verifies(statements.back(), last));
  last.set_batch_size(limits::kBatchStatementsMax + 1);
  EXPECT_EQ(Refusal(last), Errc::kInvalid);
}

TEST_F(Batch, AStatementCannotChangePlaceContextOrText) {
  const auto signatures = Sign(Statements(4));
  EXPECT_FALSE(Verifies("statement 1", signatures[2]));
  EXPECT_FALSE(Verifies("statement x", signatures[2]));
  EXPECT_FALSE(Verifies("statement 2", signatures[2], kDeliveryContext));
  v1::BatchSignature moved = signatures[2];
  moved.set_batch_index(1);
  EXPECT_FALSE(Verifies("statement 2", moved));
}

TEST_F(Batch, TheSizeIsSigned) {
  // Leaf 0 has the same two-hash path in trees of 3 and of 4: only the signed size tells them
  // apart.
  auto signature = Sign(Statements(4))[0];
  ASSERT_TRUE(Verifies("statement 0", signature));
  signature.set_batch_size(3);
  ASSERT_TRUE(ClaimOf(kHeaderContext, "statement 0", signature));
  EXPECT_FALSE(Verifies("statement 0", signature));
}

TEST_F(Batch, MalformedSignaturesAreInvalidBeforeAnyCurveArithmetic) {
  const auto good = Sign(Statements(4))[2];
  auto bad = good;
  bad.set_batch_size(0);
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
  bad = good;
  bad.set_batch_index(4);
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
  bad = good;
  bad.set_signer_key("short");
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
  bad = good;
  bad.mutable_path(0)->push_back('x');
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
  bad = good;
  bad.add_path(std::string(32, 'x'));
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
  bad = good;
  bad.clear_signature();
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
  bad = good;
  bad.set_signature(std::string(73, 'x'));
  EXPECT_EQ(Refusal(bad), Errc::kInvalid);
}

TEST_F(Batch, WhatIsSignedIsWhatTheFormatPageSays) {
  const auto signature = Sign({"hello"})[0];
  const Digest leaf = Sha256({std::string_view("\0", 1), kHeaderContext, "hello"});
  const std::string message =
      "rujukan/v1/batch\nrujukan/v1/header\n" + FromHex("00000001").value() + leaf.str();
  EXPECT_EQ(ClaimOf(kHeaderContext, "hello", signature).value().message, message);
  EXPECT_TRUE(key.Public().Verify(message, signature.signature()));
}

TEST_F(Batch, TheSecondStatementOfABatchCostsNoVerification) {
  const auto signatures = Sign(Statements(2));
  const BatchClaim first = ClaimOf(kHeaderContext, "statement 0", signatures[0]).value();
  const BatchClaim second = ClaimOf(kHeaderContext, "statement 1", signatures[1]).value();
  EXPECT_EQ(first.id(), second.id());
  ASSERT_TRUE(VerifyClaim(key.Public(), first, 2, cache));
  // A stranger's key would fail, so only memory can say yes.
  const PublicKey stranger = PrivateKey::Generate().Public();
  EXPECT_TRUE(VerifyClaim(stranger, second, 2, cache));
}

TEST_F(Batch, FailuresAndBatchesOfOneAreNotRemembered) {
  const PublicKey stranger = PrivateKey::Generate().Public();
  const BatchClaim pair = ClaimOf(kHeaderContext, "statement 0", Sign(Statements(2))[0]).value();
  EXPECT_FALSE(VerifyClaim(stranger, pair, 2, cache));
  EXPECT_FALSE(cache.Contains(pair.id()));
  const BatchClaim single = ClaimOf(kHeaderContext, "statement 0", Sign(Statements(1))[0]).value();
  EXPECT_TRUE(VerifyClaim(key.Public(), single, 1, cache));
  EXPECT_FALSE(cache.Contains(single.id()));
}

TEST(VerifiedClaims, ForgetsTheLeastRecentlyUsed) {
  VerifiedClaims cache(2);
  const Digest a = Sha256("a");
  const Digest b = Sha256("b");
  const Digest c = Sha256("c");
  cache.Remember(a);
  cache.Remember(b);
  EXPECT_TRUE(cache.Contains(a));  // now b is the older
  cache.Remember(c);
  EXPECT_TRUE(cache.Contains(a));
  EXPECT_FALSE(cache.Contains(b));
  EXPECT_TRUE(cache.Contains(c));
}

}  // namespace
}  // namespace rujukan::certs
