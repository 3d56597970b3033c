#include "certs/crl_signature.h"

#include <openssl/err.h>

namespace rujukan::certs {
namespace {

bool MatchesKeyIdentifier(const X509_CRL* crl, const X509* issuer) {
  const OpensslPtr<AUTHORITY_KEYID, AUTHORITY_KEYID_free> identifier(static_cast<AUTHORITY_KEYID*>(
      X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, nullptr, nullptr)));
  return identifier == nullptr || X509_check_akid(issuer, identifier.get()) == X509_V_OK;
}

}  // namespace

bool IsSignedWithStrongHash(const X509_CRL* crl) {
  switch (X509_CRL_get_signature_nid(crl)) {
    case NID_ecdsa_with_SHA256:
    case NID_ecdsa_with_SHA384:
    case NID_ecdsa_with_SHA512:
    case NID_sha256WithRSAEncryption:
    case NID_sha384WithRSAEncryption:
    case NID_sha512WithRSAEncryption:
      return true;
    default:
      return false;
  }
}

Result<void> CheckCrlSignature(X509_CRL* crl, X509* issuer) {
  if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0) {
    return Fail(Errc::kDenied, "the CRL names another issuer than this CA");
  }
  // Without a keyUsage every bit is set; with one, this bit must be.
  if (X509_check_ca(issuer) != 1 || (X509_get_key_usage(issuer) & KU_CRL_SIGN) == 0) {
    return Fail(Errc::kDenied, "this CA may not sign CRLs: its keyUsage lacks cRLSign");
  }
  if (!MatchesKeyIdentifier(crl, issuer)) {
    return Fail(Errc::kDenied, "the CRL is of another key of a CA of this name");
  }
  const int verified = X509_CRL_verify(crl, X509_get0_pubkey(issuer));
  ERR_clear_error();
  if (verified != 1) {
    return Fail(Errc::kDenied, "the CRL is not signed with this CA's key");
  }
  return {};
}

}  // namespace rujukan::certs
