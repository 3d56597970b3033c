// Goal: P-256 keys sign, verify, travel as SPKI and PEM, and nothing but P-256 gets in.
// Method: round trips, single bent bits, and keys of other kinds made by openssl(1).
#include "certs/key.h"

#include <gtest/gtest.h>

#include "tests/unit/certs/scratch.h"

namespace rujukan::certs {
namespace {

TEST(Key, OnlyTheRightKeyMessageAndSignatureVerify) {
  const PrivateKey key = PrivateKey::Generate();
  const std::string signature = key.Sign("message");
  EXPECT_TRUE(key.Public().Verify("message", signature));
  EXPECT_FALSE(key.Public().Verify("massage", signature));
  EXPECT_FALSE(PrivateKey::Generate().Public().Verify("message", signature));
  EXPECT_FALSE(key.Public().Verify("message", ""));
  EXPECT_FALSE(key.Public().Verify("message", signature + '\0'));
  for (size_t i = 0; i < signature.size(); ++i) {
    std::string bent = signature;
    bent[i] = static_cast<char>(bent[i] ^ 1);
    EXPECT_FALSE(key.Public().Verify("message", bent)) << i;
  }
}

TEST(Key, SpkiRoundTripsAndRefusesAnythingAround) {
  const PublicKey key = PrivateKey::Generate().Public();
  const std::string spki = key.Spki();
  EXPECT_EQ(PublicKey::FromSpki(spki).value().Spki(), spki);
  EXPECT_EQ(PublicKey::FromSpki(spki + "x").error().code, Errc::kInvalid);
  EXPECT_EQ(PublicKey::FromSpki(spki.substr(0, spki.size() - 1)).error().code, Errc::kInvalid);
  EXPECT_EQ(PublicKey::FromSpki("").error().code, Errc::kInvalid);
}

TEST(Key, OtherCurvesAndKindsAreInvalid) {
  const testing::Scratch scratch;
  const char* const kinds[] = {"-algorithm EC -pkeyopt ec_paramgen_curve:P-384",
                               "-algorithm ED25519",
                               "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"};
  for (const char* kind : kinds) {
    ASSERT_EQ(scratch.Shell(std::string("openssl genpkey -out k.pem ") + kind).status, 0);
    ASSERT_EQ(scratch.Shell("openssl pkey -in k.pem -pubout -outform DER -out k.der").status, 0);
    EXPECT_EQ(PrivateKey::FromPem(scratch.Read("k.pem"), "").error().code, Errc::kInvalid) << kind;
    EXPECT_EQ(PublicKey::FromSpki(scratch.Read("k.der")).error().code, Errc::kInvalid) << kind;
  }
}

TEST(Key, PemKeepsTheKeyWithAndWithoutPassphrase) {
  const PrivateKey key = PrivateKey::Generate();
  for (const std::string passphrase : {"", "kata sandi"}) {
    const std::string pem = key.ToPem(passphrase);
    const auto read = PrivateKey::FromPem(pem, passphrase);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->Public().Spki(), key.Public().Spki());
  }
}

TEST(Key, AWrongOrMissingPassphraseIsDenied) {
  const std::string pem = PrivateKey::Generate().ToPem("right");
  EXPECT_EQ(PrivateKey::FromPem(pem, "wrong").error().code, Errc::kDenied);
  EXPECT_EQ(PrivateKey::FromPem(pem, "").error().code, Errc::kDenied);
  EXPECT_EQ(PrivateKey::FromPem("nonsense", "right").error().code, Errc::kInvalid);
}

TEST(Key, StockOpensslReadsThePassphraseFormat) {
  const testing::Scratch scratch;
  scratch.Write("k.pem", PrivateKey::Generate().ToPem("kata sandi"));
  EXPECT_EQ(scratch.Shell("openssl pkey -in k.pem -passin 'pass:kata sandi' -noout").status, 0);
  EXPECT_NE(scratch.Shell("openssl pkey -in k.pem -passin pass:other -noout").status, 0);
}

TEST(Key, ThePublicHalfCarriesNoPrivatePart) {
  const PublicKey key = PrivateKey::Generate().Public();
  EXPECT_DEATH(PrivateKey(key.evp()).Sign("message"), "CHECK failed");
}

}  // namespace
}  // namespace rujukan::certs
