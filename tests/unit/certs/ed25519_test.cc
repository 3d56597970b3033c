// Goal: Ed25519 is RFC 8032's, and transport keys are CURVE's.
// Method: published vectors; wrong lengths and bent bits.
#include "certs/ed25519.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace rujukan::certs {
namespace {

std::string Bytes(std::string_view hex) {
  return FromHex(hex).value();
}

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 s7.1, tests 1 and 2.
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
     "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
     "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"}};

TEST(Ed25519, MatchesRfc8032) {
  for (const Vector& vector : kVectors) {
    const auto key = Ed25519Key::FromSeed(Bytes(vector.seed));
    ASSERT_TRUE(key);
    EXPECT_EQ(ToHex(key->public_bytes()), vector.public_key);
    EXPECT_EQ(ToHex(key->seed()), vector.seed);
    const std::string signature = key->Sign(Bytes(vector.message));
    EXPECT_EQ(ToHex(signature), vector.signature);
    EXPECT_TRUE(Ed25519Verify(Bytes(vector.public_key), Bytes(vector.message), signature));
  }
}

TEST(Ed25519, AnythingElseDoesNotVerify) {
  const Ed25519Key key = Ed25519Key::Generate();
  const std::string signature = key.Sign("message");
  EXPECT_TRUE(Ed25519Verify(key.public_bytes(), "message", signature));
  EXPECT_FALSE(Ed25519Verify(key.public_bytes(), "massage", signature));
  EXPECT_FALSE(Ed25519Verify(Ed25519Key::Generate().public_bytes(), "message", signature));
  EXPECT_FALSE(Ed25519Verify(key.public_bytes(), "message", signature.substr(1)));
  EXPECT_FALSE(Ed25519Verify(key.public_bytes() + "x", "message", signature));
  EXPECT_FALSE(Ed25519Verify("", "message", signature));
}

TEST(Ed25519, ASeedHas32Bytes) {
  EXPECT_EQ(Ed25519Key::FromSeed(std::string(31, 'x')).error().code, Errc::kInvalid);
  EXPECT_EQ(Ed25519Key::FromSeed(std::string(33, 'x')).error().code, Errc::kInvalid);
}

// The client pair of ZeroMQ's zmq_curve(7) manual page, decoded from Z85.
TEST(TransportKey, PublicHalfIsTheOneZeroMqExpects) {
  const auto pair = TransportKeyPairFromSecret(
      Bytes("7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888"));
  ASSERT_TRUE(pair);
  EXPECT_EQ(ToHex(pair->public_key.view()),
            "bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518");
}

TEST(TransportKey, GeneratedPairsDifferAndAreWhole) {
  const TransportKeyPair pair = GenerateTransportKeyPair();
  EXPECT_NE(pair.secret_key, GenerateTransportKeyPair().secret_key);
  EXPECT_EQ(TransportKeyPairFromSecret(pair.secret_key).value().public_key, pair.public_key);
  EXPECT_EQ(TransportKeyPairFromSecret("short").error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace rujukan::certs
