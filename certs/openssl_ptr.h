// OpenSSL objects with an owner, for the .cc files of this room only.
//
// Habit of the room: the return code alone decides; the error queue only gives words to a failure,
// and is drained so that an old reason is never told for a new failure (CCF's wrappers taught us
// that).
#pragma once

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>

#include "certs/key.h"

namespace rujukan::certs {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using OpensslPtr = std::unique_ptr<T, OpensslFree<Free>>;

using BioPtr = OpensslPtr<BIO, BIO_free_all>;
using CipherContextPtr = OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using CrlPtr = OpensslPtr<X509_CRL, X509_CRL_free>;
using ExtensionPtr = OpensslPtr<X509_EXTENSION, X509_EXTENSION_free>;
using GeneralNamesPtr = OpensslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using KeyContextPtr = OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using KeyPtr = OpensslPtr<EVP_PKEY, EVP_PKEY_free>;
using MdContextPtr = OpensslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using StoreContextPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using X509Ptr = OpensslPtr<X509, X509_free>;
using X509ReqPtr = OpensslPtr<X509_REQ, X509_REQ_free>;

// Stacks that borrow what they hold.
inline void FreeBorrowedX509s(STACK_OF(X509) * stack) {
  sk_X509_free(stack);
}
using BorrowedX509sPtr = OpensslPtr<STACK_OF(X509), FreeBorrowedX509s>;
inline void FreeBorrowedCrls(STACK_OF(X509_CRL) * stack) {
  sk_X509_CRL_free(stack);
}
using BorrowedCrlsPtr = OpensslPtr<STACK_OF(X509_CRL), FreeBorrowedCrls>;
inline void FreeExtensions(STACK_OF(X509_EXTENSION) * stack) {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}
using ExtensionsPtr = OpensslPtr<STACK_OF(X509_EXTENSION), FreeExtensions>;

// The newest reason in this thread's error queue, or "no reason given"; empties the queue.
std::string TakeOpensslReason();

inline EvpKey ShareKey(EVP_PKEY* owned) {
  return EvpKey(owned, EVP_PKEY_free);
}

// A named-curve key, not merely an EC key of the right size.
bool IsP256(const EVP_PKEY* key);
bool IsP384(const EVP_PKEY* key);

inline const unsigned char* Raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* Raw(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

BioPtr ReadBio(std::string_view bytes);  // reads from `bytes`, which must outlive it
BioPtr WriteBio();                       // grows in memory; wiped when freed
std::string TakeBio(BIO* bio);           // what was written

// i2d_*(object) as a string. An encoder can fail only for want of memory: CHECK.
template <auto Encode, class T>
std::string ToDer(const T* object);

}  // namespace rujukan::certs

#include "base/check.h"

template <auto Encode, class T>
std::string rujukan::certs::ToDer(const T* object) {
  const int size = Encode(object, nullptr);
  CHECK(size > 0);
  std::string der(static_cast<size_t>(size), '\0');
  unsigned char* end = Raw(der);
  CHECK(Encode(object, &end) == size);
  return der;
}
