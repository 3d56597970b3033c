#include "certs/seal.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>

#include "base/check.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/openssl_ptr.h"
#include "certs/padme.h"
#include "certs/random.h"

namespace rujukan::certs {
namespace {

Result<void> CheckRecipients(std::span<const Certificate> recipients) {
  if (recipients.empty()) {
    return Fail(Errc::kInvalid, "content is sealed to at least one certificate");
  }
  if (recipients.size() > limits::kRecipientKeysMax) {
    return Fail(Errc::kLimit,
                "content is sealed to at most " + std::to_string(limits::kRecipientKeysMax) +
                    " certificates");
  }
  for (const Certificate& recipient : recipients) {
    if (recipient.usage() != Usage::kEncryption) {
      return Fail(Errc::kInvalid, "a recipient's certificate is not for encryption");
    }
  }
  return {};
}

// OpenSSL's default for the ECDH KDF is still SHA-1: ask for the parameters and say SHA-256.
void AddRecipient(CMS_ContentInfo* cms, const Certificate& recipient) {
  CMS_RecipientInfo* info = CMS_add1_recipient_cert(cms, recipient.x509(), CMS_KEY_PARAM);
  CHECK(info != nullptr);
  EVP_PKEY_CTX* parameters = CMS_RecipientInfo_get0_pkey_ctx(info);
  CHECK(parameters != nullptr);
  CHECK(EVP_PKEY_CTX_set_ecdh_kdf_md(parameters, EVP_sha256()) > 0);
}

std::string Encrypt(std::string_view framed, std::span<const Certificate> recipients) {
  const CmsPtr cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
  CHECK(cms != nullptr);
  for (const Certificate& recipient : recipients) {
    AddRecipient(cms.get(), recipient);
  }
  // Without this the ciphertext is left out, and decryption finds "no content".
  CHECK(CMS_set_detached(cms.get(), 0) == 1);
  const BioPtr content = ReadBio(framed);
  CHECK(CMS_final(cms.get(), content.get(), nullptr, CMS_BINARY) == 1);
  return ToDer<i2d_CMS_ContentInfo>(cms.get());
}

tl::unexpected<Error> TooLarge() {
  return Fail(Errc::kLimit,
              "sealed content would be over " + std::to_string(limits::kContentBytesMax) +
                  " bytes: shorten it or split it over several messages");
}

}  // namespace

Result<Sealed> Seal(std::string_view content, std::span<const Certificate> recipients) {
  RETURN_IF_ERROR(CheckRecipients(recipients));
  if (content.size() > limits::kContentBytesMax) {
    return TooLarge();
  }
  std::string framed = FrameContent(RandomBytes(kSaltSize), content);
  Sealed sealed;
  sealed.commitment = Sha256(framed);
  sealed.ciphertext = Encrypt(framed, recipients);
  OPENSSL_cleanse(framed.data(), framed.size());
  if (sealed.ciphertext.size() > limits::kContentBytesMax) {
    return TooLarge();
  }
  sealed.digest = Sha256(sealed.ciphertext);
  return sealed;
}

}  // namespace rujukan::certs
