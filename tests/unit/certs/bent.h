// Certificates and CRLs that no maker of ours would make: a sound one, changed and signed again.
#pragma once

#include <openssl/x509v3.h>

#include <functional>
#include <string>

#include "certs/crl.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs::testing {

// Re-encodes first: OpenSSL keeps the bytes of what it parsed.
inline std::string BentCertificate(const Certificate& sound,
                                   const PrivateKey& signer,
                                   const std::function<void(X509*)>& bend) {
  const X509Ptr copy(X509_dup(sound.x509()));
  bend(copy.get());
  CHECK(X509_sign(copy.get(), signer.evp().get(), EVP_sha256()) > 0);
  return ToDer<i2d_X509>(copy.get());
}

inline std::string BentCrl(const std::string& sound,
                           const PrivateKey& signer,
                           const std::function<void(X509_CRL*)>& bend,
                           const EVP_MD* hash = EVP_sha256()) {
  const unsigned char* at = Raw(sound);
  const CrlPtr crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(sound.size())));
  bend(crl.get());
  CHECK(X509_CRL_sign(crl.get(), signer.evp().get(), hash) > 0);
  return ToDer<i2d_X509_CRL>(crl.get());
}

// `value` in OpenSSL's extension syntax.
inline void Extend(X509_CRL* crl, int nid, const char* value) {
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  CHECK(extension != nullptr && X509_CRL_add_ext(crl, extension.get(), -1) == 1);
}
inline void Replace(X509* x509, int nid, const char* value) {
  const int place = X509_get_ext_by_NID(x509, nid, -1);
  const ExtensionPtr old(place < 0 ? nullptr : X509_delete_ext(x509, place));
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  CHECK(extension != nullptr && X509_add_ext(x509, extension.get(), place) == 1);
}

}  // namespace rujukan::certs::testing
