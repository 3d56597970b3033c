#include "certs/column.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "base/check.h"
#include "certs/hmac.h"
#include "certs/openssl_ptr.h"
#include "certs/random.h"

namespace rujukan::certs {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kNonceSize = 12;
constexpr size_t kTagSize = 16;

int Size(std::string_view bytes) {
  return static_cast<int>(bytes.size());
}

}  // namespace

Result<ColumnKey> ColumnKey::FromBytes(std::string_view raw) {
  if (raw.size() != kKeySize) {
    return Fail(Errc::kInvalid, "a store key has 32 bytes");
  }
  ColumnKey key;
  key.key_ = raw;
  return key;
}

ColumnKey::~ColumnKey() {
  OPENSSL_cleanse(key_.data(), key_.size());
}

// A random 96-bit nonce: safe for 2^32 values under one key (NIST SP 800-38D s8.3), far above what
// one agency stores in its life.
std::string ColumnKey::Seal(std::string_view plaintext, std::string_view associated) const {
  std::string sealed = RandomBytes(kNonceSize);
  sealed.resize(kNonceSize + plaintext.size() + kTagSize);
  unsigned char* body = Raw(sealed) + kNonceSize;
  unsigned char* tag = body + plaintext.size();
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX* ctx = context.get();
  int size = 0;
  CHECK(ctx != nullptr);
  CHECK(EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), Raw(key_), Raw(sealed), nullptr) == 1);
  CHECK(EVP_EncryptUpdate(ctx, nullptr, &size, Raw(associated), Size(associated)) == 1);
  CHECK(EVP_EncryptUpdate(ctx, body, &size, Raw(plaintext), Size(plaintext)) == 1);
  CHECK(EVP_EncryptFinal_ex(ctx, tag, &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, kTagSize, tag) == 1);
  return sealed;
}

Result<std::string> ColumnKey::Open(std::string_view sealed, std::string_view associated) const {
  if (sealed.size() < kNonceSize + kTagSize) {
    return Fail(Errc::kCorrupt, "a sealed column is cut short");
  }
  const std::string_view body = sealed.substr(kNonceSize, sealed.size() - kNonceSize - kTagSize);
  std::string tag(sealed.substr(sealed.size() - kTagSize));
  std::string plaintext(body.size(), '\0');
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX* ctx = context.get();
  int size = 0;
  CHECK(ctx != nullptr);
  CHECK(EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), Raw(key_), Raw(sealed), nullptr) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, kTagSize, tag.data()) == 1);
  CHECK(EVP_DecryptUpdate(ctx, nullptr, &size, Raw(associated), Size(associated)) == 1);
  CHECK(EVP_DecryptUpdate(ctx, Raw(plaintext), &size, Raw(body), Size(body)) == 1);
  if (EVP_DecryptFinal_ex(ctx, Raw(tag), &size) != 1) {
    ERR_clear_error();
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return Fail(Errc::kCorrupt, "a sealed column was changed, moved, or sealed with another key");
  }
  return plaintext;
}

// Under a key of its own, derived from the store key, so that neither use tells of the other.
std::string ColumnKey::Mark(std::string_view text, std::string_view place) const {
  const Digest derived = HmacSha256(key_, "rujukan column mark v1");
  std::string message(place);
  message.push_back('\0');
  message.append(text);
  return HmacSha256(derived.view(), message).str();
}

}  // namespace rujukan::certs
