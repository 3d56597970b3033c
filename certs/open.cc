// Open: the reader's side of certs/seal.h.
#include <openssl/crypto.h>
#include <openssl/err.h>

#include "base/check.h"
#include "base/limits.h"
#include "certs/hash.h"
#include "certs/openssl_ptr.h"
#include "certs/padme.h"
#include "certs/seal.h"

namespace rujukan::certs {
namespace {

tl::unexpected<Error> Refuse(Errc code, const std::string& what) {
  ERR_clear_error();
  return Fail(code, "sealed content: " + what);
}

Result<CmsPtr> ParseCms(std::string_view der) {
  if (der.size() > limits::kContentBytesMax) {
    return Refuse(Errc::kLimit, "over " + std::to_string(limits::kContentBytesMax) + " bytes");
  }
  const unsigned char* at = Raw(der);
  CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size())));
  if (cms == nullptr || at != Raw(der) + der.size() ||
      OBJ_obj2nid(CMS_get0_type(cms.get())) != NID_id_smime_ct_authEnvelopedData) {
    return Refuse(Errc::kInvalid, "not CMS AuthEnvelopedData");
  }
  return cms;
}

Result<void> UnlockKey(CMS_ContentInfo* cms,
                       const Certificate& certificate,
                       const PrivateKey& key) {
  const STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(cms);
  const int count = recipients == nullptr ? 0 : sk_CMS_RecipientInfo_num(recipients);
  // Each costs an elliptic-curve operation at most: bound them before trying any.
  if (count < 1 || static_cast<size_t>(count) > limits::kRecipientKeysMax) {
    return Refuse(Errc::kInvalid, "it has no recipients or too many");
  }
  if (CMS_decrypt_set1_pkey(cms, key.evp().get(), certificate.x509()) != 1) {
    return Refuse(Errc::kDenied, "this key opens nothing in it");
  }
  return {};
}

// Only AES-256-GCM: a sender must not be able to choose a weaker or unauthenticated cipher.
bool IsAes256Gcm(BIO* chain) {
  BIO* filter = BIO_find_type(chain, BIO_TYPE_CIPHER);
  EVP_CIPHER_CTX* context = nullptr;
  return filter != nullptr && BIO_get_cipher_ctx(filter, &context) == 1 &&
         EVP_CIPHER_CTX_get_nid(context) == NID_aes_256_gcm;
}

// The framed plaintext, or an error: what was decrypted before the tag was checked is wiped.
Result<std::string> Decrypt(CMS_ContentInfo* cms, size_t size_max) {
  const BioPtr chain(CMS_dataInit(cms, nullptr));
  if (chain == nullptr || !IsAes256Gcm(chain.get())) {
    return Refuse(Errc::kInvalid, "not AES-256-GCM");
  }
  std::string framed(size_max, '\0');
  size_t done = 0;
  size_t got = 0;
  while (done < framed.size() &&
         BIO_read_ex(chain.get(), framed.data() + done, framed.size() - done, &got) == 1) {
    done += got;
  }
  if (BIO_get_cipher_status(chain.get()) != 1) {
    OPENSSL_cleanse(framed.data(), framed.size());
    return Refuse(Errc::kCorrupt, "it was changed on the way");
  }
  framed.resize(done);
  return framed;
}

}  // namespace

Result<std::string> OpenFramed(std::string_view ciphertext,
                               const Certificate& certificate,
                               const PrivateKey& key) {
  ASSIGN_OR_RETURN(const CmsPtr cms, ParseCms(ciphertext));
  RETURN_IF_ERROR(UnlockKey(cms.get(), certificate, key));
  // A plaintext is shorter than the DER around its ciphertext: this buffer cannot be too small.
  return Decrypt(cms.get(), ciphertext.size());
}

Result<Opened> ReadOpening(std::string_view framed) {
  ASSIGN_OR_RETURN(const std::string_view content, UnframeContent(framed));
  return Opened{std::string(content), Sha256(framed)};
}

Result<Opened> Open(std::string_view ciphertext,
                    const Certificate& certificate,
                    const PrivateKey& key) {
  ASSIGN_OR_RETURN(std::string framed, OpenFramed(ciphertext, certificate, key));
  Result<Opened> opened = ReadOpening(framed);
  OPENSSL_cleanse(framed.data(), framed.size());
  return opened;
}

}  // namespace rujukan::certs
