#include "certs/key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <cstring>

#include "base/check.h"
#include "certs/hash.h"
#include "certs/openssl_ptr.h"
#include "certs/random.h"

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

// PKCS#5 with scrypt: the PEM writer's own default is 2,048 rounds of PBKDF2, a second's work to
// guess. Cost 2^14, 8, 5 is OWASP's advice at 16 MiB, and below OpenSSL's 32 MiB ceiling for
// readers.
void WriteEncrypted(BIO* bio, const EVP_PKEY* key, std::string_view passphrase) {
  std::string salt = RandomBytes(16);
  X509_ALGOR* scrypt = PKCS5_pbe2_set_scrypt(
      EVP_aes_256_cbc(), Raw(salt), static_cast<int>(salt.size()), nullptr, 1 << 14, 8, 5);
  const OpensslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> plain(EVP_PKEY2PKCS8(key));
  CHECK(scrypt != nullptr && plain != nullptr);
  const OpensslPtr<X509_SIG, X509_SIG_free> encrypted(
      PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(), scrypt));
  CHECK(encrypted != nullptr && PEM_write_bio_PKCS8(bio, encrypted.get()) == 1);
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

PrivateKey PrivateKey::InToken(EvpKey key) {
  PrivateKey made(std::move(key));
  made.exportable_ = false;
  return made;
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
  CHECK(exportable_);
  const BioPtr bio = WriteBio();
  if (passphrase.empty()) {
    CHECK(PEM_write_bio_PKCS8PrivateKey(
              bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  } else {
    WriteEncrypted(bio.get(), key_.get(), passphrase);
  }
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
