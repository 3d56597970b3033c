// Who signed a CRL, whatever kind of CA it is (RFC 5280 s6.3.3 f, g). Internal to certs/.
#pragma once

#include "base/result.h"
#include "certs/openssl_ptr.h"

namespace rujukan::certs {

// ECDSA or RSA (PKCS#1 v1.5) over SHA-256, SHA-384 or SHA-512: OpenSSL's security level applies to
// certificates alone, so a CRL with SHA-1 would pass it.
bool IsSignedWithStrongHash(const X509_CRL* crl);

// kDenied with the reason unless `issuer` has the CRL's issuer name and key identifier, may sign
// CRLs, and its key made the signature.
Result<void> CheckCrlSignature(X509_CRL* crl, X509* issuer);

}  // namespace rujukan::certs
