#include "certs/chunk.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "base/bytes.h"
#include "base/check.h"
#include "certs/openssl_ptr.h"
#include "certs/random.h"

namespace rujukan::certs {
namespace {

constexpr size_t kNonceZeros = 7;
constexpr std::string_view kContext = "rujukan/v1/attachment\n";

int Size(std::string_view bytes) {
  return static_cast<int>(bytes.size());
}

std::string NonceOf(const ChunkPlace& place) {
  std::string nonce(kNonceZeros, '\0');
  AppendBigEndian32(place.index, nonce);
  nonce.push_back(place.last() ? '\1' : '\0');
  return nonce;
}

std::string AssociatedOf(const ChunkPlace& place) {
  std::string data(kContext);
  AppendBigEndian32(place.index, data);
  AppendBigEndian32(place.count, data);
  data.push_back(place.last() ? '\1' : '\0');
  return data;
}

}  // namespace

ChunkKey ChunkKey::Generate() {
  ChunkKey key;
  key.key_ = RandomBytes(kSize);
  return key;
}

Result<ChunkKey> ChunkKey::FromBytes(std::string_view raw) {
  if (raw.size() != kSize) {
    return Fail(Errc::kInvalid, "the key of an attachment has 32 bytes");
  }
  ChunkKey key;
  key.key_ = raw;
  return key;
}

ChunkKey::~ChunkKey() {
  OPENSSL_cleanse(key_.data(), key_.size());
}

std::string ChunkKey::Seal(std::string_view plaintext, const ChunkPlace& place) const {
  CHECK(place.index < place.count);
  const std::string nonce = NonceOf(place);
  const std::string associated = AssociatedOf(place);
  std::string sealed(plaintext.size() + kChunkTagBytes, '\0');
  unsigned char* tag = Raw(sealed) + plaintext.size();
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX* ctx = context.get();
  int size = 0;
  CHECK(ctx != nullptr);
  CHECK(EVP_EncryptInit_ex2(ctx, EVP_aes_256_gcm(), Raw(key_), Raw(nonce), nullptr) == 1);
  CHECK(EVP_EncryptUpdate(ctx, nullptr, &size, Raw(associated), Size(associated)) == 1);
  CHECK(EVP_EncryptUpdate(ctx, Raw(sealed), &size, Raw(plaintext), Size(plaintext)) == 1);
  CHECK(EVP_EncryptFinal_ex(ctx, tag, &size) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, kChunkTagBytes, tag) == 1);
  return sealed;
}

Result<std::string> ChunkKey::Open(std::string_view sealed, const ChunkPlace& place) const {
  if (place.index >= place.count || sealed.size() < kChunkTagBytes) {
    return Fail(Errc::kInvalid, "a chunk is cut short, or has no such place in its attachment");
  }
  const std::string nonce = NonceOf(place);
  const std::string associated = AssociatedOf(place);
  const std::string_view body = sealed.substr(0, sealed.size() - kChunkTagBytes);
  std::string tag(sealed.substr(body.size()));
  std::string plaintext(body.size(), '\0');
  const CipherContextPtr context(EVP_CIPHER_CTX_new());
  EVP_CIPHER_CTX* ctx = context.get();
  int size = 0;
  CHECK(ctx != nullptr);
  CHECK(EVP_DecryptInit_ex2(ctx, EVP_aes_256_gcm(), Raw(key_), Raw(nonce), nullptr) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, kChunkTagBytes, tag.data()) == 1);
  CHECK(EVP_DecryptUpdate(ctx, nullptr, &size, Raw(associated), Size(associated)) == 1);
  CHECK(EVP_DecryptUpdate(ctx, Raw(plaintext), &size, Raw(body), Size(body)) == 1);
  if (EVP_DecryptFinal_ex(ctx, Raw(tag), &size) != 1) {
    ERR_clear_error();
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return Fail(Errc::kCorrupt, "a chunk was changed, moved, or sealed with another key");
  }
  return plaintext;
}

}  // namespace rujukan::certs
