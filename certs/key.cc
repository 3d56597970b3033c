#include "certs/key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>

#include "base/check.h"
#include "certs/hash.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {
namespace {

// Hands the passphrase to OpenSSL; without one it answers "none" instead of asking the terminal.
int GivePassphrase(char* buffer, int size, int /*writing*/, void* context) {
  const auto& passphrase = *static_cast<const std::string_view*>(context);
  if (passphrase.empty() || passphrase.size() > static_cast<size_t>(size)) {
    return -1;
  }
  std::memcpy(buffer, passphrase.data(), passphrase.size());
  return static_cast<int>(passphrase.size());
}

bool IsEncrypted(std::string_view pem) {
  return pem.find("ENCRYPTED") != std::string_view::npos;
}

}  // namespace

Result<PublicKey> PublicKey::FromSpki(std::string_view der) {
  const unsigned char* at = Raw(der);
  EvpKey key = ShareKey(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  if (key == nullptr || !IsP256(key.get())) {
    ERR_clear_error();
    return Fail(Errc::kInvalid, "not a public key on the curve P-256");
  }
  PublicKey parsed(std::move(key));
  // One key has one spelling: no trailing bytes, no explicit curve parameters.
  if (parsed.Spki() != der) {
    return Fail(Errc::kInvalid, "a public key that is not in its DER form");
  }
  return parsed;
}

std::string PublicKey::Spki() const {
  return ToDer<i2d_PUBKEY>(key_.get());
}

// EVP_PKEY_verify on a ready digest: EVP_DigestVerifyInit looks three algorithms up for each
// message.
bool PublicKey::Verify(std::string_view message, std::string_view signature) const {
  const Digest digest = Sha256(message);
  const KeyContextPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  CHECK(context != nullptr);
  const bool good =
      EVP_PKEY_verify_init(context.get()) == 1 &&
      EVP_PKEY_verify(
          context.get(), Raw(signature), signature.size(), digest.data(), Digest::kSize) == 1;
  if (!good) {
    ERR_clear_error();
  }
  return good;
}

PrivateKey PrivateKey::Generate() {
  EvpKey key = ShareKey(EVP_EC_gen("P-256"));
  CHECK(key != nullptr);
  return PrivateKey(std::move(key));
}

Result<PrivateKey> PrivateKey::FromPem(std::string_view pem, std::string_view passphrase) {
  const BioPtr bio = ReadBio(pem);
  EvpKey key = ShareKey(PEM_read_bio_PrivateKey(bio.get(), nullptr, GivePassphrase, &passphrase));
  ERR_clear_error();
  if (key == nullptr && IsEncrypted(pem)) {
    return Fail(Errc::kDenied, "the passphrase does not open this key");
  }
  if (key == nullptr || !IsP256(key.get())) {
    return Fail(Errc::kInvalid, "not a private key on the curve P-256 in PEM form");
  }
  return PrivateKey(std::move(key));
}

std::string PrivateKey::ToPem(std::string_view passphrase) const {
  const BioPtr bio = WriteBio();
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  CHECK(PEM_write_bio_PKCS8PrivateKey(
            bio.get(), key_.get(), cipher, nullptr, 0, GivePassphrase, &passphrase) == 1);
  return TakeBio(bio.get());
}

std::string PrivateKey::Sign(std::string_view message) const {
  const Digest digest = Sha256(message);
  const KeyContextPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  CHECK(context != nullptr && EVP_PKEY_sign_init(context.get()) == 1);
  size_t size = static_cast<size_t>(EVP_PKEY_get_size(key_.get()));
  std::string signature(size, '\0');
  CHECK(EVP_PKEY_sign(context.get(), Raw(signature), &size, digest.data(), Digest::kSize) == 1);
  signature.resize(size);
  return signature;
}

PublicKey PrivateKey::Public() const {
  // A copy through SPKI, so that a public key never drags the private half along.
  const std::string spki = ToDer<i2d_PUBKEY>(key_.get());
  const unsigned char* at = Raw(spki);
  EvpKey key = ShareKey(d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size())));
  CHECK(key != nullptr);
  return PublicKey(std::move(key));
}

}  // namespace rujukan::certs
