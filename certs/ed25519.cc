#include "certs/ed25519.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <algorithm>

#include "base/check.h"
#include "certs/openssl_ptr.h"
#include "certs/random.h"

namespace rujukan::certs {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kSignatureSize = 64;

std::string PublicBytes(const EVP_PKEY* key) {
  std::string bytes(kKeySize, '\0');
  size_t size = bytes.size();
  CHECK(EVP_PKEY_get_raw_public_key(key, Raw(bytes), &size) == 1 && size == kKeySize);
  return bytes;
}

EvpKey FromRawPrivate(int type, std::string_view raw) {
  EvpKey key = ShareKey(EVP_PKEY_new_raw_private_key(type, nullptr, Raw(raw), raw.size()));
  CHECK(key != nullptr);
  return key;
}

}  // namespace

Ed25519Key Ed25519Key::Generate() {
  std::string seed = RandomBytes(kKeySize);
  Result<Ed25519Key> key = FromSeed(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  CHECK(key.has_value());
  return *key;
}

Result<Ed25519Key> Ed25519Key::FromSeed(std::string_view seed) {
  if (seed.size() != kKeySize) {
    return Fail(Errc::kInvalid, "an Ed25519 seed has 32 bytes");
  }
  Ed25519Key key;
  std::copy(seed.begin(), seed.end(), key.seed_.begin());
  key.key_ = FromRawPrivate(EVP_PKEY_ED25519, seed);
  key.public_ = PublicBytes(key.key_.get());
  return key;
}

Ed25519Key::~Ed25519Key() {
  OPENSSL_cleanse(seed_.data(), seed_.size());
}

std::string_view Ed25519Key::seed() const {
  return {seed_.data(), seed_.size()};
}

std::string Ed25519Key::Sign(std::string_view message) const {
  const MdContextPtr context(EVP_MD_CTX_new());
  std::string signature(kSignatureSize, '\0');
  size_t size = signature.size();
  CHECK(context != nullptr);
  CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  CHECK(EVP_DigestSign(context.get(), Raw(signature), &size, Raw(message), message.size()) == 1);
  return signature;
}

bool Ed25519Verify(std::string_view public_key,
                   std::string_view message,
                   std::string_view signature) {
  if (public_key.size() != kKeySize || signature.size() != kSignatureSize) {
    return false;
  }
  const KeyPtr key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Raw(public_key), public_key.size()));
  const MdContextPtr context(EVP_MD_CTX_new());
  CHECK(context != nullptr);
  const bool good =
      key != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(
          context.get(), Raw(signature), signature.size(), Raw(message), message.size()) == 1;
  if (!good) {
    ERR_clear_error();
  }
  return good;
}

TransportKeyPair GenerateTransportKeyPair() {
  Result<TransportKeyPair> pair = TransportKeyPairFromSecret(RandomBytes(kKeySize));
  CHECK(pair.has_value());
  return std::move(*pair);
}

Result<TransportKeyPair> TransportKeyPairFromSecret(std::string_view secret_key) {
  if (secret_key.size() != kKeySize) {
    return Fail(Errc::kInvalid, "a transport secret key has 32 bytes");
  }
  const EvpKey key = FromRawPrivate(EVP_PKEY_X25519, secret_key);
  ASSIGN_OR_RETURN(const TransportKey public_key, TransportKey::FromBytes(PublicBytes(key.get())));
  return TransportKeyPair{public_key, std::string(secret_key)};
}

}  // namespace rujukan::certs
